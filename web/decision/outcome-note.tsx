/** What became of the decision: what follows from it, or why it was refused and what to do. */
import type { WaiverDetail } from '../../src/client/index.ts'
import { conflictWords } from '../picture/conflict-words.ts'
import { sentence } from '../shell/problem.tsx'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Said } from '../text/said.tsx'
import style from './decision-panel.module.css'
import type { Decider, Decision } from './use-decision.ts'

const done: Readonly<Record<Decision['act'], string>> = {
  endorse: 'Endorsed. Somebody from outside decides next.',
  countersign: 'Countersigned.',
  deny: 'Denied.',
  review: 'The review is closed.',
  'review-event': 'This act is looked back at.',
}

export function OutcomeNote({
  decider: { outcome },
  detail,
}: {
  readonly decider: Decider
  readonly detail: WaiverDetail
}) {
  if (outcome.is === 'done')
    return (
      <div className={style.note} data-is="good" role="status">
        <h3>
          <Shape is="good" /> {done[outcome.act]}
        </h3>
        <p>{followsFrom(outcome.act, detail)}</p>
      </div>
    )
  if (outcome.is !== 'refused') return null
  const { code, detail: why, conflicts = [], at } = outcome.problem
  return (
    <div className={style.note} data-is="bad" role="alert">
      <h3>
        <Shape is="bad" /> {outcome.problem.status === 0 || outcome.problem.status >= 500 ? 'Not known' : 'Refused'}
      </h3>
      <p>
        <Said text={sentence(why)} />
      </p>
      {conflicts.length > 0 && (
        <ul className={style.why}>
          {conflicts.map((conflict) => (
            <li key={conflict.code}>
              <strong>{conflictWords(conflict.code)}.</strong> <Inert text={conflict.reads ?? conflict.because ?? ''} />
            </li>
          ))}
        </ul>
      )}
      <p className="soft fine">
        <code>{code}</code>
        {at === undefined ? '' : ` at ${at}`}
      </p>
      {outcome.problem.status === 0 && (
        <p>Press the same button again: it is one decision, however often it is sent.</p>
      )}
    </div>
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
