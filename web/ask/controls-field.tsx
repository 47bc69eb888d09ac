/** What holds meanwhile: each control with somebody who sees to it and does not benefit. What the tier asks for cannot be left out. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { entry, type Rules } from '../catalogue/catalogue.ts'
import { PersonField } from '../people/person-field.tsx'
import { lengthWords } from '../time/words.ts'
import style from './ask.module.css'
import type { ChosenControl } from './form.ts'

export function ControlsField({
  rules,
  required,
  chosen,
  names,
  change,
}: {
  readonly rules: Rules
  readonly required: readonly string[]
  readonly chosen: readonly ChosenControl[]
  readonly names: Readonly<Record<string, string>>
  readonly change: (next: readonly ChosenControl[]) => void
}) {
  const [known, setKnown] = useState(names)
  const others = Object.keys(rules.controls).filter((id) => !chosen.some(({ control }) => control === id))
  const put = (control: string, part: Partial<ChosenControl>) =>
    change(chosen.map((one) => (one.control === control ? { ...one, ...part } : one)))
  const add = (control: string) =>
    change([...chosen, { control, owner: '', everySeconds: entry(rules.controls, control)?.everySecondsMax ?? 3_600 }])
  return (
    <fieldset className={style.part}>
      <legend>What holds meanwhile?</legend>
      {chosen.length === 0 && <p className="soft">This tier asks for nothing. More can be added.</p>}
      {chosen.map(({ control, owner, everySeconds }) => (
        <div key={control} className={style.control}>
          <p>
            <strong>{entry(rules.controls, control)?.name ?? control}</strong>
            <span className="soft">, evidence every {lengthWords(everySeconds)}</span>
          </p>
          <PersonField
            label="Who sees to it"
            value={owner}
            name={known[owner] ?? names[owner] ?? owner}
            change={(id, name) => {
              setKnown({ ...known, [id]: name })
              put(control, { owner: id })
            }}
          />
          {!required.includes(control) && (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => change(chosen.filter((one) => one.control !== control))}
            >
              Leave out
            </Button>
          )}
        </div>
      ))}
      {others.length > 0 && (
        <div className={style.more}>
          {others.map((id) => (
            <Button key={id} variant="default" size="compact-sm" onClick={() => add(id)}>
              + {entry(rules.controls, id)?.name ?? id}
            </Button>
          ))}
        </div>
      )}
    </fieldset>
  )
}

/** @returns the controls with everything the tier asks for among them. */
export function withRequired(
  chosen: readonly ChosenControl[],
  required: readonly string[],
  rules: Rules,
): readonly ChosenControl[] {
  const absent = required.filter((id) => !chosen.some(({ control }) => control === id))
  if (absent.length === 0) return chosen
  return [
    ...chosen,
    ...absent.map((control) => ({
      control,
      owner: '',
      everySeconds: entry(rules.controls, control)?.everySecondsMax ?? 3_600,
    })),
  ]
}
