/**
 * What is live on a target beside what waivers say. Whatever is there without a live waiver, for somebody else, or for
 * longer, is drift, unless the directory states it as standing access of whoever holds the account beyond doubt. Pure.
 */
import { type CompiledDirectory, isStatedFor, resolveAccount } from '../compile.ts'
import type { NodeId, SystemId } from '../directory.ts'
import { hasHandsOn, isKeptByHandsOn } from '../standing.ts'
import { type Instant, plusSeconds } from '../time.ts'
import { isLive, type Waiver } from '../waiver.ts'
import type { Drift } from './finding.ts'

/** A way by which somebody can use something we govern, as the target showed it. */
export interface SeenHolding {
  readonly account: string
  /** Absent: everything on this target. */
  readonly entitlement?: string
  readonly holds: string
  readonly grant?: string
  /** `never`: the target keeps ends, and has none for this. Absent: it keeps none. */
  readonly until?: Instant | 'never'
}

/** One look at one target. */
export interface Look {
  readonly system: SystemId
  /** By our own clock, before the target was asked: what changed since says nothing about what was seen. */
  readonly startedAt: Instant
  readonly holdings: readonly SeenHolding[]
}

/** After this long what was suspended has been taken away, or the reconciler says loudly that it was not. */
const graceSeconds = 120

export function driftOn(
  look: Look,
  waiverOf: (grant: string) => Waiver | undefined,
  directory: CompiledDirectory,
  now: Instant,
): readonly Drift[] {
  const found: Drift[] = []
  const without = new Map<string, SeenHolding[]>()
  for (const holding of look.holdings) {
    const waiver = holding.grant === undefined ? undefined : waiverOf(holding.grant)
    if (waiver === undefined || !isLive(waiver)) {
      if (waiver === undefined || isBack(waiver, look)) add(without, keyOf(holding), holding)
      continue
    }
    if (waiver.suspension !== undefined) {
      if (plusSeconds(waiver.suspension.at, graceSeconds) < look.startedAt) add(without, keyOf(holding), holding)
      continue
    }
    found.push(...differing(look.system, holding, waiver, directory, now))
  }
  const isStated = statedAccess(look.system, directory, now)
  // Whoever can do everything can do each thing too: said once, and explained once.
  const everything = new Set(look.holdings.flatMap((one) => (one.entitlement === undefined ? [one.account] : [])))
  for (const holdings of without.values()) {
    const [first] = holdings
    if (first?.entitlement !== undefined && everything.has(first.account) && holdings.every(isOthers)) continue
    found.push(...withoutWaiver(look.system, holdings, isStated))
  }
  return oneEach(found)
}

function isOthers({ grant }: SeenHolding): boolean {
  return grant === undefined
}

/** Whether access is there although it was seen to be gone before this look began. What is being removed is no drift. */
function isBack({ removal }: Waiver, { startedAt }: Look): boolean {
  return removal.state === 'not-needed' || (removal.state === 'verified' && removal.at < startedAt)
}

function differing(
  system: SystemId,
  { account, holds, grant, until }: SeenHolding,
  waiver: Waiver,
  directory: CompiledDirectory,
  now: Instant,
): readonly Drift[] {
  const { activation, terms } = waiver
  if (activation === undefined || grant === undefined) return []
  const common = { system, entitlement: terms.access.entitlement, account, grant, waivers: [waiver.id] }
  if (account !== activation.account)
    return [{ kind: 'other-account', ...common, ...holderOf(directory, system, account, now), ways: [holds] }]
  // INVARIANT: an end only moves later by an extension, so an end that is later than the newest waiver was moved.
  if (until === undefined || (until !== 'never' && until <= activation.end)) return []
  const ends = { wantedUntil: activation.end, seenUntil: until }
  const holder = terms.kind === 'break-glass' ? activation.by : terms.beneficiary
  return [{ kind: 'expiry-moved', ...common, holder, ways: [], ...ends }]
}

type Stated = (
  account: string,
  entitlement: string | undefined,
) => { readonly holder?: NodeId; readonly stated: boolean }

function withoutWaiver(system: SystemId, holdings: readonly SeenHolding[], isStated: Stated): readonly Drift[] {
  const [{ account, entitlement } = { account: '' }] = holdings
  const grant = holdings.find((one) => one.grant !== undefined)?.grant
  const { holder, stated } = isStated(account, entitlement)
  // A role of ours that came back is nobody's standing access.
  if (stated && grant === undefined) return []
  const ways = [...new Set(holdings.map(({ holds }) => holds))].sort()
  return [
    {
      kind: 'access-without-waiver',
      system,
      ...(entitlement === undefined ? {} : { entitlement }),
      account,
      ...(holder === undefined ? {} : { holder }),
      ...(grant === undefined ? {} : { grant }),
      waivers: [],
      ways,
    },
  ]
}

/**
 * What the directory says somebody has for good. It is in their favour, so only an account that is theirs beyond doubt
 * counts, with the statement in force; whoever administers the target by the directory may well be able to do everything,
 * and so may the key that they alone keep.
 */
function statedAccess(system: SystemId, directory: CompiledDirectory, now: Instant): Stated {
  return (account, entitlement) => {
    const { holder } = holderOf(directory, system, account, now)
    if (holder === undefined) return { stated: false }
    if (entitlement === undefined) {
      const stated = hasHandsOn(directory, holder, system, now) || isKeptByHandsOn(directory, holder, system, now)
      return { holder, stated }
    }
    return { holder, stated: isStatedFor(directory, holder, { system, entitlement }, now) }
  }
}

/** Only a link that somebody independent confirmed, and nothing contradicts. */
function holderOf(
  directory: CompiledDirectory,
  system: SystemId,
  account: string,
  now: Instant,
): { readonly holder?: NodeId } {
  const { person, workload, confirmed } = resolveAccount(directory, system, account, now)
  const holder = person ?? workload
  return confirmed && holder !== undefined ? { holder } : {}
}

function keyOf({ account, entitlement = '' }: SeenHolding): string {
  return `${entitlement.length}:${entitlement}${account}`
}

function add(groups: Map<string, SeenHolding[]>, key: string, holding: SeenHolding): void {
  const known = groups.get(key)
  if (known === undefined) groups.set(key, [holding])
  else known.push(holding)
}

/** A grant may give several things; what is wrong with it is said once, with every way. */
function oneEach(found: readonly Drift[]): readonly Drift[] {
  const merged = new Map<string, Drift>()
  for (const drift of found) {
    const key = JSON.stringify([drift.kind, drift.entitlement, drift.account, drift.grant])
    const known = merged.get(key)
    const ways = known === undefined ? drift.ways : [...new Set([...known.ways, ...drift.ways])].sort()
    const seenUntil = latest(known?.seenUntil, drift.seenUntil)
    merged.set(key, { ...drift, ways, ...(seenUntil === undefined ? {} : { seenUntil }) })
  }
  return [...merged.values()]
}

function latest(one: Drift['seenUntil'], other: Drift['seenUntil']): Drift['seenUntil'] {
  if (one === undefined || other === undefined) return one ?? other
  return one === 'never' || (other !== 'never' && one > other) ? one : other
}
