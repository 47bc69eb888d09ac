/** Why somebody may not decide this, with what proves it. */
import type { WaiverDetail } from '../../src/client/index.ts'
import { conflictWords } from '../picture/conflict-words.ts'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { refusalWords } from '../words/refusal-words.ts'
import style from './decision-panel.module.css'

/** Of these nobody expects a decision. */
export function isAskingSide({ standing: { relations } }: WaiverDetail): boolean {
  return ['requester', 'beneficiary', 'controller'].some((relation) => relations.includes(relation))
}

export function NotYours({ detail }: { readonly detail: WaiverDetail }) {
  const { standing } = detail
  if (isAskingSide(detail))
    return <p>You are on the side that asks. Somebody from outside decides; who could, stands below.</p>
  const act = standing.acts.find((one) => one.act === 'countersign')
  const { conflicts } = standing.verdict
  const personal = act?.because === 'approver-not-independent' || act?.because === 'approver-is-requester'
  return (
    <div className={style.form}>
      <p className={style.verdict} data-is="bad">
        <Shape is="bad" />
        {refusalWords(act?.because ?? 'not-permitted')}.
      </p>
      {personal && (
        <ul className={style.why}>
          {conflicts.map(({ code, reads, because }) => (
            <li key={code}>
              <strong>{conflictWords(code)}.</strong> <Inert text={reads ?? because ?? ''} />
            </li>
          ))}
        </ul>
      )}
      <p className="soft">Others are asked. Who could decide now stands below.</p>
    </div>
  )
}
