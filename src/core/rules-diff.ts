/**
 * What a change to the rules changes, and in which direction. Whatever is not plainly tighter counts as looser: the
 * author of a change must not profit from it, and doubt is no excuse.
 */
import type { NodeId } from './directory.ts'
import type { Policy } from './policy.ts'

export interface RuleDifference {
  /** `tiers.high.windowSecondsMax` */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
  readonly direction: 'looser' | 'tighter'
  /** The tier, system, entitlement, pool, team or rule it belongs to. */
  readonly rule: string
}

/** Fields where less is stricter; a lower number is tighter. */
const lowerIsTighter =
  /\.(windowSecondsMax|decideWithinSeconds|activateWithinSeconds|countMax|cumulativeSecondsMax|reviewWithinSeconds|everySecondsMax|activityEverySeconds|lastGoodSecondsMax|conflictsFrom)$/
/** Fields where more is stricter; a higher number is tighter. */
const higherIsTighter =
  /\.(countersignersMin|overSeconds|lingerDays|poolTenureDays|rank|overDays|ringMax)$|^changeDelaySeconds$/
/** Lists of demands: an added entry is tighter. */
const demands = /\.(steps|controlsRequired)\./
/** Lists of what is possible: a removed entry is tighter. */
const possibilities = /\.(members|pools|endorsePools|resources|actions|kinds|decides)\./

/** @returns every difference, in order of the paths. */
export function compareRules(before: Policy, after: Policy): readonly RuleDifference[] {
  const [old, fresh] = [leavesOf(before), leavesOf(after)]
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].sort()
  return paths
    .filter((path) => old.get(path) !== fresh.get(path))
    .map((path) => differenceAt(path, old.get(path), fresh.get(path)))
}

/** @returns ids of the rules that became looser; what `loosened-the-rules` is judged by. */
export function loosenedBy(differences: readonly RuleDifference[]): readonly string[] {
  return [...new Set(differences.filter(({ direction }) => direction === 'looser').map(({ rule }) => rule))].sort()
}

/** @returns people and teams that come into a pool by the change: they profit from it. */
export function admittedBy(before: Policy, after: Policy): readonly NodeId[] {
  const members = (policy: Policy) =>
    new Set(Object.values(policy.pools).flatMap((pool) => pool.members.map((member) => `${pool.id} ${member}`)))
  const old = members(before)
  return [...members(after)].filter((entry) => !old.has(entry)).map((entry) => entry.slice(entry.indexOf(' ') + 1))
}

function differenceAt(path: string, before: unknown, after: unknown): RuleDifference {
  return {
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    direction: isTighter(path, before, after) ? 'tighter' : 'looser',
    rule: ruleOf(path),
  }
}

function isTighter(path: string, before: unknown, after: unknown): boolean {
  if (typeof before === 'number' && typeof after === 'number') {
    return (lowerIsTighter.test(path) && after < before) || (higherIsTighter.test(path) && after > before)
  }
  if (demands.test(path)) return before === undefined
  if (possibilities.test(path)) return after === undefined
  if (typeof after === 'boolean') return after && /\.(passkey|distinctCountersigner)$/.test(path)
  return after === 'suspend' || after === 'conflict' || after === 'second-countersigner'
}

/** `systems.sys_x.entitlements.write.tier` belongs to `write`, `tiers.high.…` to `high`, `independence.teams.t` to `t`. */
function ruleOf(path: string): string {
  const parts = path.split('.')
  if (parts[0] === 'systems' && parts[2] === 'entitlements') return parts[3] ?? path
  if (parts[0] === 'independence') return parts[1] === 'teams' ? (parts[2] ?? path) : 'independence'
  return parts[1] ?? path
}

/** Leaves by path; members of lists of names stand by name, so that order does not matter. */
function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      const named = typeof entry === 'string'
      leavesOf(named ? true : entry, `${path}.${named ? entry : index}`, leaves)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) leavesOf(entry, path === '' ? key : `${path}.${key}`, leaves)
  } else {
    leaves.set(path, value)
  }
  return leaves
}
