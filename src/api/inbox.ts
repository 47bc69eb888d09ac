/**
 * What waits for whom? Sorts open waivers for one reader: theirs to act on, their pools' but not theirs, asked for by them.
 * It says why, promises nothing, and shows nothing that the reader may not read anyway.
 */
import { onDuty } from '../core/compile.ts'
import { poolsOf } from '../core/independence.ts'
import type { Relation } from '../core/permit.ts'
import { entryOf } from '../core/policy.ts'
import type { Waiver } from '../core/waiver.ts'
import { decidingVerdict, obstacle } from './may.ts'
import type { Parts } from './parts.ts'
import type { Inbox, InboxItem } from './schema/inbox.ts'
import type { Act } from './schema/waiver.ts'
import { mayRead, relationsTo, type Sight, shownVerdict } from './sight.ts'

/** Open waivers looked at for one answer. */
const scannedMax = 2_000
const batchSize = 200

export async function inboxOf({ machinery }: Parts, sight: Sight): Promise<Omit<Inbox, 'names'>> {
  const toMe: InboxItem[] = []
  const notMine: InboxItem[] = []
  const asked: InboxItem[] = []
  const { waivers, complete } = await openWaivers(machinery.store.waivers)
  for (const waiver of waivers) {
    if (!mayRead(sight, waiver)) continue
    const relations = relationsTo(sight, waiver)
    const acts = waitingActs(sight, waiver, relations)
    const item = itemOf(sight, waiver, acts)
    if (acts.length > 0) toMe.push(item)
    else if (isOfMyPools(waiver, relations)) notMine.push({ ...item, ...reasonAgainst(sight, waiver, relations) })
    if (isAsking(relations)) asked.push(item)
  }
  return { toMe: toMe.sort(bySoonest), notMine: notMine.sort(bySoonest), asked, complete, nowAt: sight.now }
}

async function openWaivers(reads: Parts['machinery']['store']['waivers']) {
  const waivers: Waiver[] = []
  for (let after: string | undefined; waivers.length < scannedMax; after = waivers.at(-1)?.id) {
    const batch = await reads.list({ open: true, limit: batchSize, ...(after === undefined ? {} : { after }) })
    waivers.push(...batch)
    if (batch.length < batchSize) return { waivers, complete: true }
  }
  return { waivers, complete: false }
}

/** Deciding comes before starting. Sealed envelopes wait for nobody. */
function waitingActs(sight: Sight, waiver: Waiver, relations: ReadonlySet<Relation>): Act[] {
  const startsByHand = waiver.terms.kind !== 'break-glass' && waiver.obligations.activation === 'manual'
  const acts: readonly Act[] = ['endorse', 'countersign', 'answer', ...(startsByHand ? (['activate'] as const) : [])]
  return acts.filter((act) => obstacle(sight, waiver, act, relations) === undefined)
}

function isOfMyPools({ proposal }: Waiver, relations: ReadonlySet<Relation>): boolean {
  return proposal !== undefined && (relations.has('countersign-pool') || relations.has('endorse-pool'))
}

function isAsking(relations: ReadonlySet<Relation>): boolean {
  return relations.has('requester') || relations.has('beneficiary') || relations.has('controller')
}

function reasonAgainst(sight: Sight, waiver: Waiver, relations: ReadonlySet<Relation>) {
  const act = relations.has('countersign-pool') ? 'countersign' : 'endorse'
  const because = obstacle(sight, waiver, act, relations)
  // One's own conflicts are one's own to see.
  const { conflicts } = shownVerdict(sight, decidingVerdict(sight, waiver), true)
  return { ...(because === undefined ? {} : { because }), ...(conflicts.length === 0 ? {} : { conflicts }) }
}

function itemOf(sight: Sight, waiver: Waiver, acts: readonly Act[]): InboxItem {
  const { id, status, requester, proposal, activateBy, obligations, requestedAt } = waiver
  const { kind, beneficiary, access, window, reference } = (proposal ?? waiver).terms
  const until = proposal?.decideBy ?? (status === 'countersigned' ? activateBy : undefined)
  const pools = poolsOf(sight.caller.id, obligations.pools, sight.directory, sight.policy, sight.now)
  return {
    waiver: id,
    kind,
    status,
    ...(proposal === undefined ? {} : { of: proposal.of }),
    requester: proposal?.askedBy ?? requester,
    beneficiary,
    system: access.system,
    entitlement: access.entitlement,
    tier: obligations.tier,
    window: { start: window.start, end: window.end },
    ...(reference === undefined ? {} : { reference: reference.id }),
    askedAt: proposal?.askedAt ?? requestedAt,
    ...(until === undefined ? {} : { until }),
    countersigned: proposal?.countersignatures.length ?? 0,
    countersignersNeeded: proposal?.countersignersNeeded ?? 0,
    questionsOpen: proposal?.questions.filter(({ answer }) => answer === undefined).length ?? 0,
    acts,
    pools,
    onDuty: pools.some((pool) => isOnDuty(sight, pool)),
  }
}

/** A pool without rotas is always on duty. */
function isOnDuty({ caller, directory, policy, now }: Sight, id: string): boolean {
  const rotas = entryOf(policy.pools, id)?.rotas ?? []
  return rotas.length === 0 || rotas.some((rota) => onDuty(directory, rota, now).includes(caller.id))
}

function bySoonest(a: InboxItem, b: InboxItem): number {
  const [one, other] = [a.until ?? '9999', b.until ?? '9999']
  return one < other ? -1 : one > other ? 1 : 0
}
