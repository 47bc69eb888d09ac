/** What became of a decision: a headline, and what there is to know. */
import type { ReactNode } from 'react'
import type { ClientProblem } from '../../src/client/index.ts'
import { conflictWords } from '../picture/conflict-words.ts'
import { sentence } from '../shell/problem.tsx'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Said } from '../text/said.tsx'
import style from './decision-panel.module.css'

export function Outcome({
  is,
  title,
  children,
}: {
  readonly is: 'good' | 'bad'
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <div className={style.note} data-is={is} role={is === 'good' ? 'status' : 'alert'}>
      <h3>
        <Shape is={is} /> {title}
      </h3>
      {children}
    </div>
  )
}

/** A no: why, the paths that show it, and what has changed since it was shown. */
export function Refused({ problem, children }: { readonly problem: ClientProblem; readonly children?: ReactNode }) {
  const { code, detail, conflicts = [], changed = [], at, status } = problem
  return (
    <Outcome is="bad" title={status === 0 || status >= 500 ? 'Not known' : (titles[code] ?? 'Refused')}>
      <p>{changed.length > 0 ? 'Nothing was decided. Since it was shown to you:' : <Said text={sentence(detail)} />}</p>
      {changed.length > 0 && (
        <>
          <ul className={style.why} aria-label="What has changed">
            {changed.map(({ change }) => (
              <li key={change}>
                <Said text={sentence(change)} />
              </li>
            ))}
          </ul>
          <p>The page shows it as it is now. Look again, and decide on that.</p>
        </>
      )}
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
      {children}
    </Outcome>
  )
}

/** Where the plain word would say too little. */
const titles: Readonly<Record<string, string>> = {
  'context-changed': 'Something has changed',
  'terms-changed': 'Something has changed',
  'challenge-spent': 'Signed too late, or twice',
  'passkey-not-in-force': 'No passkey of yours signs',
  'passkey-needed': 'A passkey is needed',
}
