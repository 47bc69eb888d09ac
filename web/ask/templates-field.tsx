/** Starting from what was asked for before, under a name of one's own. */
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Inert } from '../text/inert.tsx'
import style from './ask.module.css'
import type { Form } from './form.ts'
import { dropTemplate, keepTemplate, templatesOf } from './templates.ts'

export function Templates({
  me,
  form,
  use,
}: {
  readonly me: string
  readonly form: Form
  readonly use: (form: Form) => void
}) {
  const [kept, setKept] = useState(() => templatesOf(me))
  const [name, setName] = useState('')
  return (
    <details className={style.templates} open={kept.length > 0}>
      <summary>Templates</summary>
      {kept.length === 0 && (
        <p className="soft">
          What you ask for often can be kept under a name, in this browser: everything but its reason.
        </p>
      )}
      <ul>
        {kept.map((template) => (
          <li key={template.name}>
            <Button variant="default" size="compact-md" onClick={() => use(template.form)}>
              <Inert text={template.name} />
            </Button>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Forget the template ${template.name}`}
              onClick={() => setKept(dropTemplate(me, template.name))}
            >
              Forget
            </Button>
          </li>
        ))}
      </ul>
      {form.entitlement !== '' && (
        <div className={style.row}>
          <TextInput
            label="Keep this form as"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={60}
          />
          <Button
            variant="default"
            disabled={name.trim() === ''}
            onClick={() => {
              setKept(keepTemplate(me, name.trim(), form))
              setName('')
            }}
          >
            Keep
          </Button>
        </div>
      )}
    </details>
  )
}
