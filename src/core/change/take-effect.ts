/** Does a countersigned change take effect? After its delay, unless whoever countersigned it could not do so any more. */
import { independence, poolsOf } from '../independence.ts'
import { changeMatter, codesIn } from './standing.ts'
import type { Change, ChangeCountersignature, ChangeEvent, ChangeFacts } from './state.ts'

/** What the passing of time does: nothing before the delay is over, or while the clock or the directory is in doubt. */
export function ticked(change: Change, facts: ChangeFacts): readonly ChangeEvent[] {
  const isDue = change.status === 'countersigned' && change.effectiveAt !== undefined && facts.now >= change.effectiveAt
  if (!isDue || facts.clock !== 'steady') return []
  const stamp = { at: facts.now, by: facts.actor.id }
  if (change.base !== facts.current) return [{ ...stamp, type: 'ChangeSuperseded' }]
  const doubts = change.countersignatures.map((signed) => doubtAbout(signed, change, facts))
  const reason = doubts.find((doubt) => doubt !== undefined && doubt !== 'unknown')
  if (reason !== undefined) return [{ ...stamp, type: 'ChangeSuperseded', reason }]
  return doubts.includes('unknown') ? [] : [{ ...stamp, type: 'ChangeTookEffect' }]
}

/** Why a countersignature no longer carries the change; `unknown` while the directory is too old to tell. */
function doubtAbout(signed: ChangeCountersignature, change: Change, facts: ChangeFacts): string | undefined {
  const { directory, history, policy, now } = facts
  const others = change.countersignatures.filter((one) => one !== signed)
  const matter = changeMatter({ ...change, countersignatures: others }, facts)
  const verdict = independence(matter, signed.by, directory, history, policy, now)
  if (verdict.conflicts.some(({ code }) => code === 'directory-too-old')) return 'unknown'
  if (!verdict.independent) return `${signed.by} countersigned it and is no longer independent: ${codesIn(verdict)}`
  const mayStill = signed.asFounder
    ? policy.founders.includes(signed.by)
    : poolsOf(signed.by, matter.pools, directory, policy, now).length > 0
  return mayStill ? undefined : `${signed.by} countersigned it and no longer decides about rules`
}
