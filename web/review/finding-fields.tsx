/** What was found, and what was looked at. */
import type { Finding } from '../decision/use-decision.ts'
import { Choice, Choices } from '../form/choices.tsx'
import { WordsField } from '../form/words-field.tsx'

export const findingWords: Readonly<Record<Finding, string>> = {
  justified: 'Justified',
  'not-justified': 'Not justified',
  'needs-follow-up': 'Needs a follow-up',
}

const findings = Object.keys(findingWords) as readonly Finding[]

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
      <Choices legend="What did you find?">
        {findings.map((value) => (
          <Choice key={value} chosen={finding === value} change={() => setFinding(value)}>
            {findingWords[value]}
          </Choice>
        ))}
      </Choices>
      <WordsField label="What you looked at" value={note} change={setNote} />
    </>
  )
}
