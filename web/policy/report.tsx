/** What the checker says: what is wrong and where, and what would go wrong with these rules and the people there are. */
import type { PolicyReport } from '../../src/client/index.ts'
import { Shape, Sign, type Standing } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Said } from '../text/said.tsx'
import { Card } from '../waiver/card.tsx'
import style from './policy.module.css'
import { type Check, placeOf } from './use-check.ts'

export function Problems({
  check: { report, current },
  goTo,
}: {
  readonly check: Check
  readonly goTo: (where: string) => void
}) {
  const problems = report?.problems ?? []
  return (
    <div className={style.problems} role="status" aria-live="polite" data-current={current}>
      {report === undefined || (problems.length === 0 && !current) ? (
        <p className="soft">Being checked…</p>
      ) : problems.length === 0 ? (
        <p className={style.fine}>
          <Shape is="good" /> The files make a policy.
        </p>
      ) : (
        <>
          <p className={style.wrong}>
            <Shape is="bad" /> {problems.length === 1 ? 'One thing is' : `${problems.length} things are`} wrong.
          </p>
          <ol className={style.list}>
            {problems.map(({ where, message }) => (
              <li key={`${where} ${message}`}>
                <button type="button" className={style.where} onClick={() => goTo(where)}>
                  <Inert text={placeOf(where).file} />, line {placeOf(where).line}
                </button>{' '}
                <Said text={message} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}

const severities: Readonly<Record<PolicyReport['findings'][number]['severity'], Standing>> = {
  high: 'bad',
  medium: 'wait',
  low: 'over',
}

export function Report({ report: { findings, tiers } }: { readonly report: PolicyReport }) {
  return (
    <Card
      title="With the people there are"
      says="What would go wrong, the worst first, and how many people each tier takes."
    >
      {findings.length === 0 && <p>Nothing would go wrong.</p>}
      <ul className={style.findings}>
        {findings.map(({ code, severity, about, message, advice }) => (
          <li key={`${code} ${about} ${message}`}>
            <Sign is={severities[severity]}>{severity}</Sign> <Said text={message} />{' '}
            <span className="soft">
              <Said text={advice} />
            </span>
          </li>
        ))}
      </ul>
      <div className={style.scrolls}>
        <table className={style.table}>
          <thead>
            <tr>
              <th scope="col">tier</th>
              <th scope="col">countersigners</th>
              <th scope="col">for more time</th>
              <th scope="col">reviewers</th>
              <th scope="col">people for one waiver</th>
            </tr>
          </thead>
          <tbody>
            {tiers.map(({ tier, countersigners, extenders, reviewers, together }) => (
              <tr key={tier}>
                <th scope="row">
                  <Inert text={tier} />
                </th>
                {[countersigners, extenders, reviewers].map(({ needed, has }, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change places
                  <td key={place} data-short={has < needed}>
                    {has} of {needed} needed
                  </td>
                ))}
                <td>{together}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
