/** How independence is judged where a choice is left, and how long a change of the rules waits. */
import { habitLimitsOf, type Policy } from '../../src/core/policy.ts'
import { NodeLink } from '../directory/node-link.tsx'
import type { Names } from '../people/name.tsx'
import { lengthWords } from '../time/words.ts'
import { Card, Fact, Facts } from '../waiver/card.tsx'
import style from './policy.module.css'

export function Independence({ policy, names }: { readonly policy: Policy; readonly names: Names }) {
  const { independence, changeDelaySeconds } = policy
  const { reciprocal } = independence
  const limits = habitLimitsOf(policy)
  const teams = Object.entries(independence.teams)
  return (
    <div id="independence" className={style.part}>
      <Card title="Independence" says="The floor cannot be configured. This is where a choice is left.">
        <Facts>
          <Fact name="what has ended">goes on counting for {independence.lingerDays} days</Fact>
          <Fact name="reporting line">
            {independence.reportingLine === 'conflict' ? 'managers and reports are out' : 'does not count'}
          </Fact>
          <Fact name="approving each other">
            {reciprocal.mode === 'ignore'
              ? 'does not count'
              : `from ${reciprocal.from} times in ${reciprocal.overDays} days, in rings of up to ${reciprocal.ringMax}: one more countersigner`}
          </Fact>
          <Fact name="new in a pool">
            {independence.poolTenureDays === 0
              ? 'decides at once'
              : `decides after ${independence.poolTenureDays} days`}
          </Fact>
          <Fact name="in an emergency">
            a directory up to {lengthWords(independence.lastGoodSecondsMax)} old suffices for an envelope
          </Fact>
          <Fact name="teams that reach less">
            {teams.length === 0 ? (
              <span className="soft">none</span>
            ) : (
              <ul>
                {teams.map(([id, reach]) => (
                  <li key={id}>
                    <NodeLink id={id} names={names} />{' '}
                    <span className="soft">
                      {reach === 'all-staff'
                        ? 'being in it together means nothing'
                        : reach === 'boundary'
                          ? '"same team" ends here'
                          : 'counts'}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          <Fact name="a habit">
            the same access {limits.repeatedFrom} times in {limits.repeatedOverDays} days, or never used in{' '}
            {limits.unusedOverDays} days
          </Fact>
          <Fact name="a change of these rules">
            waits {changeDelaySeconds === 0 ? 'no time' : lengthWords(changeDelaySeconds)} after its countersignature
          </Fact>
        </Facts>
      </Card>
    </div>
  )
}
