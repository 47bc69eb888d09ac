/** What one rule did in the last ninety days, in a few numbers, with the newest waiver under it. */
import { Link } from '@tanstack/react-router'
import type { PolicyActivity } from '../../src/client/index.ts'
import style from './policy.module.css'

type Rule = PolicyActivity['rules'][number]

export function Did({
  did,
  of,
  id,
}: {
  readonly did: PolicyActivity | undefined
  readonly of: Rule['of']
  readonly id: string
}) {
  if (did === undefined) return null
  const rule = did.rules.find((one) => one.of === of && one.id === id)
  // Of a hundred entitlements most rest; that each of them does need not be said.
  if (rule === undefined)
    return of === 'entitlement' ? null : <p className={style.did}>Nothing was asked under it in 90 days.</p>
  const { asked, given, denied, lapsed, live, refused, latest } = rule
  const undecided = asked - given - denied - lapsed
  return (
    <div className={style.did}>
      <Bar rule={rule} />
      <p>
        <strong className="numbers">{asked}</strong> asked in 90 days
        {did.complete ? '' : ' (the newest 20,000 counted)'}: {given} countersigned, {denied} denied
        {lapsed > 0 && `, ${lapsed} came to nothing`}
        {undecided > 0 && `, ${undecided} wait`}
        {live > 0 && `; ${live} live now`}
        {refused > 0 && `; ${refused} refused attempts`}.{' '}
        {latest !== undefined && (
          <Link to="/waivers/$waiver" params={{ waiver: latest }}>
            The newest
          </Link>
        )}
      </p>
    </div>
  )
}

/** The same numbers as lengths; whoever does not see it has them in words. */
function Bar({ rule: { asked, given, denied, lapsed } }: { readonly rule: Rule }) {
  const parts = [
    ['good', given],
    ['bad', denied],
    ['over', lapsed],
    ['wait', Math.max(0, asked - given - denied - lapsed)],
  ] as const
  let x = 0
  return (
    <svg className={style.bar} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(([is, count]) => {
        const width = asked === 0 ? 0 : (100 * count) / asked
        const from = x
        x += width
        return <rect key={is} data-is={is} x={from} y="0" width={width} height="6" />
      })}
    </svg>
  )
}
