/**
 * What waits for whom? Sorts open waivers for one reader: theirs to act on, their pools' but not theirs, asked for by them.
 * It says why, promises nothing, and shows nothing that the reader may not read anyway.
 */
import { onDuty } from '../core/compile.ts'
import { poolsOf } from '../core/independence.ts'
import type { Relation } from '../core/permit.ts'
import { entryOf } from '../core/policy.ts'
import { beneficiariesOf, isControllerOf, isOwnerOf } from '../core/standing.ts'
import type { Waiver } from '../core/waiver.ts'
import type { WaitingReads } from '../store/contract.ts'
import { decidingVerdict, obstacle } from './may.ts'
import type { Parts } from './parts.ts'
import type { Inbox, InboxItem } from './schema/inbox.ts'
import type { Act } from './schema/waiver.ts'
import { relationsTo, type Sight, shownVerdict } from './sight.ts'

/** Of what waits for the reader's pools, pages are looked at until so many are theirs, or so many were looked at. */
const theirsEnough = 100
const lookedAtMax = 1_000
const pageSize = 100
/** Of what the reader asked for. */
const askedMax = 200
/** Of what they may not decide so many are shown with the reason, which is a verdict each; the others are counted. */
const notMineMax = 100

export async function inboxOf({ machinery }: Parts, sight: Sight): Promise<Omit<Inbox, 'names'>> {
  const { waivers } = machinery.store
  const own = await waivers.asked({ ...askingSideOf(sight), limit: askedMax })
  const asked = own.waivers.flatMap((waiver) => {
    const relations = relationsTo(sight, waiver)
    return isAsking(relations) ? [itemOf(sight, waiver, waitingActs(sight, waiver, relations))] : []
  })
  const known = new Set(asked.map(({ waiver }) => waiver))
  const { theirs, others, moreWaiting } = await waitingFor(waivers, sight, known)
  return {
    toMe: [...asked.filter(({ acts }) => acts.length > 0), ...theirs].sort(bySoonest),
    notMine: others.shown,
    moreNotMine: others.more,
    asked,
    moreWaiting,
    moreAsked: own.total - own.waivers.length,
    nowAt: sight.now,
  }
}

async function waitingFor(reads: WaitingReads, sight: Sight, known: ReadonlySet<string>) {
  const theirs: InboxItem[] = []
  const others: { readonly shown: InboxItem[]; more: number } = { shown: [], more: 0 }
  let moreWaiting = 0
  let lookedAt = 0
  for await (const page of pagesThatWait(reads, sight)) {
    for (const waiver of page.waivers) {
      const relations = relationsTo(sight, waiver)
      const acts = waitingActs(sight, waiver, relations)
      if (acts.length > 0) {
        if (!known.has(waiver.id)) theirs.push(itemOf(sight, waiver, acts))
      } else if (isOfMyPools(waiver, relations)) {
        if (others.shown.length >= notMineMax) others.more++
        else others.shown.push({ ...itemOf(sight, waiver, acts), ...reasonAgainst(sight, waiver, relations) })
      }
    }
    moreWaiting = page.total - page.waivers.length
    lookedAt += page.waivers.length
    if (theirs.length >= theirsEnough || lookedAt >= lookedAtMax) break
  }
  return { theirs, others, moreWaiting }
}

/** Everything that may wait for the reader, the one that can wait least first. Between two pages others get their turn. */
async function* pagesThatWait(reads: WaitingReads, { caller, directory, policy, now }: Sight) {
  const deciders = poolsOf(caller.id, Object.keys(policy.pools), directory, policy, now)
  const owned = Object.keys(policy.systems).filter((system) => isOwnerOf(directory, caller.id, system, now))
  if (deciders.length === 0 && owned.length === 0) return
  for (let after: { decideBy: string; id: string } | undefined; ; ) {
    const page = await reads.waiting({ deciders, owned, limit: pageSize, ...(after === undefined ? {} : { after }) })
    yield page
    const last = page.waivers.at(-1)
    if (last?.proposal === undefined || page.total === page.waivers.length) return
    after = { decideBy: last.proposal.decideBy, id: last.id }
  }
}

/** Whom the reader asks for: themselves and what they control. Who reports to them asks for themselves. */
function askingSideOf({ caller, directory, now }: Sight) {
  const controlled = beneficiariesOf(directory, caller.id, now).filter((id) =>
    isControllerOf(directory, caller.id, id, now),
  )
  return { person: caller.id, beneficiaries: controlled }
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
