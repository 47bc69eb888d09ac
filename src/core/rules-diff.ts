/**
 * What a change to the rules changes, in which direction, and who comes to decide by it. Whatever is not plainly tighter
 * counts as looser: the author of a change must not profit from it, and doubt is no excuse. Ids may contain anything, so
 * a field is known by its place among the keys, never by the text of its path.
 */
import type { NodeId } from './directory.ts'
import { type HabitLimits, habitLimitsUsual, type Policy, type Pool, type PoolId } from './policy.ts'

export interface RuleDifference {
  /** For people, `tiers.high.windowSecondsMax`; ids may contain dots, so nothing is read out of it. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
  readonly direction: 'looser' | 'tighter'
  /** The id of what it belongs to; `independence`, `habits`, `beneficiaryRisk` and `changeDelaySeconds` stand for themselves. */
  readonly rule: string
  /** The function a duty rule names here: when the rule is gone, it is what is left to tell whom that helps. */
  readonly touches?: string
}

/** Names of fields and ids; a number is a place in a list whose order matters. */
type Keys = readonly (string | number)[]

interface Leaf {
  readonly keys: Keys
  readonly value: unknown
}

type Tightening = (before: unknown, after: unknown) => boolean

const lower: Tightening = (before, after) => typeof before === 'number' && typeof after === 'number' && after < before
const lowerOrGone: Tightening = (before, after) => after === undefined || lower(before, after)
const higher: Tightening = (before, after) => lower(after, before)
/** Of two instants; gone altogether is tighter, too. */
const sooner: Tightening = (before, after) =>
  after === undefined || (typeof before === 'string' && String(after) < before)
const added: Tightening = (before) => before === undefined
const removed: Tightening = (_, after) => after === undefined
/** What is not said is as usual. */
const orUsual =
  (limit: keyof HabitLimits, isTighter: Tightening): Tightening =>
  (before = habitLimitsUsual[limit], after = habitLimitsUsual[limit]) =>
    isTighter(before, after)
const becomes =
  (value: unknown): Tightening =>
  (_, after) =>
    after === value

/** Every way in which a change is plainly tighter; `*` is an id or an entry of a list. What is not here is looser. */
const tightenings: readonly (readonly [place: Keys, isTighter: Tightening])[] = Object.entries({
  'tiers.*.windowSecondsMax': lower,
  'tiers.*.decideWithinSeconds': lower,
  'tiers.*.activateWithinSeconds': lower,
  'tiers.*.reviewWithinSeconds': lower,
  'tiers.*.activityEverySeconds': lower,
  'tiers.*.extension.countMax': lower,
  'tiers.*.extension.cumulativeSecondsMax': lower,
  'tiers.*.extension.overSeconds': higher,
  'tiers.*.extension.distinctCountersigner': becomes(true),
  'tiers.*.countersignersMin': higher,
  'tiers.*.steps.*': added,
  'tiers.*.controlsRequired.*': added,
  'tiers.*.pools.*': removed,
  'tiers.*.endorsePools.*': removed,
  'tiers.*.missedControl': becomes('suspend'),
  'tiers.*.activation': becomes('manual'),
  'tiers.*.passkey': becomes(true),
  'tiers.*.offlineTokens': removed,
  'systems.*.entitlements.*.resources.*': removed,
  'systems.*.entitlements.*.actions.*': removed,
  'systems.*.entitlements.*.kinds.*': removed,
  'systems.*.enforcers.*': removed,
  'systems.*.boundTokens': added,
  'pools.*.members.*': removed,
  'pools.*.decides.*': removed,
  'dutyRules.*.conflictsFrom': lower,
  'controls.*.everySecondsMax': lower,
  'mitigations.*.until': sooner,
  'mitigations.*.everySeconds': lowerOrGone,
  'mitigations.*.holder': removed,
  'mitigations.*.rule': removed,
  'mitigations.*.control': removed,
  'mitigations.*.owner': removed,
  'mitigations.*.from': removed,
  'mitigations.*.id': removed,
  'guardrails.forbid.*': added,
  'guardrails.mentions.*': added,
  'independence.lingerDays': higher,
  'independence.poolTenureDays': higher,
  'independence.lastGoodSecondsMax': lower,
  'independence.reportingLine': becomes('conflict'),
  'independence.reciprocal.mode': becomes('second-countersigner'),
  'independence.reciprocal.overDays': higher,
  'independence.reciprocal.from': lower,
  'independence.reciprocal.ringMax': higher,
  'habits.repeatedFrom': orUsual('repeatedFrom', lower),
  'habits.repeatedOverDays': orUsual('repeatedOverDays', higher),
  'habits.unusedOverDays': orUsual('unusedOverDays', higher),
  changeDelaySeconds: higher,
} satisfies Record<string, Tightening>).map(([place, isTighter]) => [place.split('.'), isTighter])

const namedFunction: Keys = ['dutyRules', '*', 'functions', '*']

/** Settings of connectors, which the core cannot read: the order of their lists and what is empty may matter. */
const opaque: readonly Keys[] = [
  ['connectors', '*', 'settings'],
  ['systems', '*', 'entitlements', '*', 'target'],
]

/** Sections in which the second key is not the id of anything. */
const wholeSections: ReadonlySet<unknown> = new Set([
  'independence',
  'habits',
  'beneficiaryRisk',
  'guardrails',
  'changeDelaySeconds',
  'founders',
])

/** @returns every difference, in order of the paths. */
export function compareRules(before: Policy, after: Policy): readonly RuleDifference[] {
  const [old, fresh] = [leavesOf(before), leavesOf(after)]
  return [...new Map([...old, ...fresh])]
    .filter(([address]) => !isSame(old.get(address)?.value, fresh.get(address)?.value))
    .map(([address, { keys }]) => differenceAt(keys, old.get(address)?.value, fresh.get(address)?.value))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** @returns ids of the rules that became looser; what `loosened-the-rules` is judged by. */
export function loosenedBy(differences: readonly RuleDifference[]): readonly string[] {
  const looser = differences.filter(({ direction }) => direction === 'looser')
  return [...new Set(looser.flatMap(({ rule, touches }) => (touches === undefined ? [rule] : [rule, touches])))].sort()
}

/**
 * @returns people and teams that come to decide something by the change: they profit from it. Those are new members of a
 * pool, and all members of a pool that decides more than before, that a tier did not refer to before, or to whose tier
 * something was moved. Whoever holds a conflict that comes to be mitigated, or otherwise than before, profits as well.
 */
export function admittedBy(before: Policy, after: Policy): readonly NodeId[] {
  const tolerated = Object.values(after.mitigations ?? {})
    .filter((one) => JSON.stringify(one) !== JSON.stringify(ownEntry(before.mitigations ?? {}, one.id)))
    .map(({ holder }) => holder)
  const called = new Set([
    ...Object.keys(after.tiers).flatMap((tier) => newPoolsOf(tier, tier, before, after)),
    ...movesBetween(before, after).flatMap(([from, to]) => newPoolsOf(from, to, before, after)),
  ])
  const admitted = Object.entries(after.pools).flatMap(([id, pool]) => {
    const old = ownEntry(before.pools, id)
    return called.has(id) || decidesMore(old, pool) ? pool.members : missingIn(old?.members, pool.members)
  })
  return [...new Set([...admitted, ...tolerated])].sort()
}

/** From one tier to another: what was offered before, and those of more risk. */
function movesBetween(before: Policy, after: Policy): readonly (readonly [from: string, to: string])[] {
  const offered = Object.values(after.systems).flatMap(({ id, entitlements }) =>
    Object.values(entitlements).map(
      (one) => [ownEntry(ownEntry(before.systems, id)?.entitlements ?? {}, one.id)?.tier, one.tier] as const,
    ),
  )
  const risks = (['agent', 'external', 'workload'] as const).map(
    (kind) => [before.beneficiaryRisk[kind], after.beneficiaryRisk[kind]] as const,
  )
  return [...offered, ...risks].flatMap(([from, to]) =>
    from === undefined || to === undefined || from === to ? [] : [[from, to] as const],
  )
}

function newPoolsOf(from: string, to: string, before: Policy, after: Policy): readonly PoolId[] {
  const [old, fresh] = [ownEntry(before.tiers, from), ownEntry(after.tiers, to)]
  return [...missingIn(old?.pools, fresh?.pools ?? []), ...missingIn(old?.endorsePools, fresh?.endorsePools ?? [])]
}

function decidesMore(old: Pool | undefined, fresh: Pool): boolean {
  return missingIn(old?.decides, fresh.decides).length > 0
}

function missingIn<Entry>(old: readonly Entry[] = [], fresh: readonly Entry[]): readonly Entry[] {
  return fresh.filter((entry) => !old.includes(entry))
}

function ownEntry<Entry>(entries: Readonly<Record<string, Entry>>, id: string): Entry | undefined {
  return Object.hasOwn(entries, id) ? entries[id] : undefined
}

function differenceAt(keys: Keys, before: unknown, after: unknown): RuleDifference {
  const isTighter = tightenings.find(([place]) => isAt(place, keys))?.[1]
  return {
    path: keys.join('.'),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    direction: isTighter?.(before, after) ? 'tighter' : 'looser',
    rule: ruleOf(keys),
    ...(isAt(namedFunction, keys) ? { touches: String(keys[3]) } : {}),
  }
}

function isAt(place: Keys, keys: Keys): boolean {
  return place.length === keys.length && place.every((key, index) => key === '*' || key === keys[index])
}

/** `write` for anything of the entitlement `write`, the system's id for the rest of a system. */
function ruleOf([section, id, part, inner]: Keys): string {
  if (wholeSections.has(section) || id === undefined) return String(section)
  return String(section === 'systems' && part === 'entitlements' && inner !== undefined ? inner : id)
}

/** By an address that no choice of ids can make ambiguous. Entries of lists of names stand by name, in any order. */
function leavesOf(value: unknown, keys: Keys = [], leaves = new Map<string, Leaf>()): Map<string, Leaf> {
  const isOpaque = opaque.some((place) => isAt(place, keys.slice(0, place.length)))
  const children = childrenOf(value, isOpaque)
  if (children === undefined || (isOpaque && children.length === 0)) leaves.set(JSON.stringify(keys), { keys, value })
  for (const [key, child] of children ?? []) leavesOf(child, [...keys, key], leaves)
  return leaves
}

function childrenOf(value: unknown, isOpaque: boolean): readonly (readonly [string | number, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return Object.entries(value)
  return value.map((entry, index) => (typeof entry === 'string' && !isOpaque ? [entry, true] : [index, entry]))
}

/** Leaves are plain values or, in settings, something empty. */
function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}
