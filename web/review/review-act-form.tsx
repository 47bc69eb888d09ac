/** Looking back at one act of a life: approval, activation, extension or revocation. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { OutcomeProblem } from '../decision/outcome-problem.tsx'
import { type Finding, useDecision } from '../decision/use-decision.ts'
import { FindingFields } from './finding-fields.tsx'
import style from './review.module.css'

export function ReviewActForm({
  waiver,
  event,
  done,
}: {
  readonly waiver: string
  readonly event: string
  readonly done: () => void
}) {
  const decider = useDecision(waiver)
  const [finding, setFinding] = useState<Finding>('justified')
  const [note, setNote] = useState('')
  const close = async () => {
    if ((await decider.decide({ act: 'review-event', event, finding, note })) === 'done') done()
  }
  return (
    <form
      className={style.form}
      onSubmit={(submitted) => {
        submitted.preventDefault()
        void close()
      }}
    >
      <FindingFields finding={finding} note={note} setFinding={setFinding} setNote={setNote} />
      <OutcomeProblem outcome={decider.outcome} />
      <div className={style.buttons}>
        <Button
          type="submit"
          size="compact-md"
          loading={decider.outcome.is === 'sending'}
          disabled={note.trim() === ''}
        >
          {decider.needsSignIn ? 'Sign in again to close' : 'Close'}
        </Button>
        <Button size="compact-md" variant="subtle" onClick={done}>
          Not now
        </Button>
      </div>
    </form>
  )
}
