/** What became of the decision: what follows from it, or why it was refused and what to do. */
import { Link } from '@tanstack/react-router'
import type { WaiverDetail } from '../../src/client/index.ts'
import { doneWords } from '../passkeys/words.ts'
import { Outcome, Refused } from './outcome.tsx'
import type { Decider, Decision } from './use-decision.ts'

export function OutcomeNote({
  decider: { outcome },
  detail,
}: {
  readonly decider: Decider
  readonly detail: WaiverDetail
}) {
  if (outcome.is === 'done')
    return (
      <Outcome is="good" title={doneWords[outcome.act] ?? 'Done.'}>
        <p>{followsFrom(outcome.act, detail)}</p>
      </Outcome>
    )
  if (outcome.is !== 'refused') return null
  const { problem } = outcome
  return (
    <Refused problem={problem}>
      {problem.status === 0 && <p>Press the same button again: it is one decision, however often it is sent.</p>}
      {problem.code.startsWith('passkey-') && (
        <p>
          <Link to="/passkeys">Your passkeys</Link>
        </p>
      )}
    </Refused>
  )
}

function followsFrom(act: Decision['act'], { waiver }: WaiverDetail): string {
  if (act !== 'countersign') return 'It is on the record.'
  if (waiver.proposal !== undefined) return 'It takes one more countersignature, from somebody else.'
  if (waiver.status === 'countersigned' && waiver.activation === undefined)
    return waiver.obligations.activation === 'manual'
      ? 'Nothing is given yet: whoever asked starts it.'
      : 'It begins by itself when its time comes.'
  return 'It is on the record.'
}
