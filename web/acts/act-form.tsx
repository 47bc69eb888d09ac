/** One act: closed it is a line, open it says what will happen, asks for the words it needs, and does it once. */
import { Button, Textarea } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../src/client/index.ts'
import { ActProblem } from '../waiver/act-problem.tsx'
import { useAct } from '../waiver/use-act.ts'
import style from './acts.module.css'

export function ActForm({
  waiver,
  title,
  label,
  says,
  open = false,
  danger = false,
  send,
}: {
  readonly waiver: string
  readonly title: string
  /** What the words are for; absent: it takes none. */
  readonly label?: string
  readonly says: ReactNode
  readonly open?: boolean
  readonly danger?: boolean
  readonly send: (text: string, key: string) => Promise<Answer<unknown>>
}) {
  const [text, setText] = useState('')
  const act = useAct(
    waiver,
    (key) => send(text, key),
    () => setText(''),
  )
  return (
    <details className={style.act} open={open} data-danger={danger}>
      <summary>{title}</summary>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault()
          act.run()
        }}
      >
        <p className="soft">{says}</p>
        {label !== undefined && (
          <Textarea
            label={label}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            autosize
            minRows={2}
            maxLength={4_000}
            required
          />
        )}
        <ActProblem problem={act.problem} />
        <Button
          type="submit"
          {...(danger ? { color: 'red', variant: 'outline' } : {})}
          loading={act.running}
          disabled={label !== undefined && text.trim() === ''}
        >
          {title}
        </Button>
      </form>
    </details>
  )
}
