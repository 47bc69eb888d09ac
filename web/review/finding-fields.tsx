/** What was found, and what was looked at. */
import { Textarea } from '@mantine/core'
import type { Finding } from '../decision/use-decision.ts'
import style from './review.module.css'

const findings: readonly (readonly [Finding, string])[] = [
  ['justified', 'Justified'],
  ['not-justified', 'Not justified'],
  ['needs-follow-up', 'Needs a follow-up'],
]

export function FindingFields({
  finding,
  note,
  setFinding,
  setNote,
}: {
  readonly finding: Finding
  readonly note: string
  readonly setFinding: (finding: Finding) => void
  readonly setNote: (note: string) => void
}) {
  return (
    <>
      <fieldset className={style.findings}>
        <legend>What did you find?</legend>
        {findings.map(([value, words]) => (
          <label key={value}>
            <input type="radio" checked={finding === value} onChange={() => setFinding(value)} />
            {words}
          </label>
        ))}
      </fieldset>
      <Textarea
        label="What you looked at"
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
        autosize
        minRows={2}
        maxLength={4_000}
        required
      />
    </>
  )
}
