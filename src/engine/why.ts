/**
 * Does what was decided still follow from what was looked at? Reads the recorded facts of every decision back and decides
 * once more, from the first event on. It believes neither the read models nor the verdicts that stand in the events.
 */
import type { Change } from '../core/change.ts'
import { decide } from '../core/decide.ts'
import { evolve } from '../core/evolve.ts'
import type { Founding } from '../core/founding.ts'
import { noHistory } from '../core/independence.ts'
import { isSampled } from '../core/sampling.ts'
import type { Digest } from '../core/terms.ts'
import {
  type Command,
  type EventType,
  type FactsReference,
  systemActor,
  type Waiver,
  type WaiverEvent,
  type WaiverId,
} from '../core/waiver.ts'
import { canonicalJson, digestOfText } from '../lib/digest.ts'
import type { Store, StoredEvent } from '../store/contract.ts'
import { type Circumstances, factsFrom, type Known } from './circumstances.ts'
import type { Knowledge } from './knowledge.ts'

export interface Recomputed {
  readonly event: string
  readonly type: EventType
  readonly at: string
  readonly by: string
  /** `unknown` when a body was erased and there is nothing left to decide from. */
  readonly follows: 'yes' | 'no' | 'unknown'
  readonly detail: string
  readonly body?: WaiverEvent
}

export interface Why {
  readonly waiver: WaiverId
  readonly follows: boolean
  readonly acts: readonly Recomputed[]
}

export async function why(
  { store, knowledge }: { store: Store; knowledge: Knowledge },
  id: WaiverId,
): Promise<Why | undefined> {
  const stored = await store.waivers.events(id)
  if (stored.length === 0) return undefined
  const inForce = await rulesEverInForce(store)
  const acts: Recomputed[] = []
  let waiver: Waiver | undefined
  for (let index = 0; index < stored.length; ) {
    const first = stored[index] as StoredEvent
    const event = first.body as WaiverEvent | undefined
    const again = event === undefined ? undefined : await decideAgain(store, knowledge, waiver, event)
    const count = Math.max(1, again?.length ?? 1)
    for (const [offset, one] of stored.slice(index, index + count).entries()) {
      acts.push(compare(one, again?.[offset], inForce))
      if (one.body !== undefined) waiver = next(waiver, one.body as WaiverEvent, id)
    }
    index += count
  }
  return { waiver: id, follows: acts.every((act) => act.follows === 'yes'), acts }
}

async function decideAgain(
  store: Store,
  knowledge: Knowledge,
  waiver: Waiver | undefined,
  event: WaiverEvent,
): Promise<readonly WaiverEvent[]> {
  const { facts: reference } = event
  if (reference === undefined) return byTime(knowledge, store, waiver, event)
  const circumstances = (await store.revisions.circumstances(reference.circumstances)) as Circumstances | undefined
  if (circumstances === undefined) return []
  const known = await knownAt(knowledge, waiver, reference, circumstances)
  return decide(waiver, circumstances.command, factsFrom(circumstances, event.at, known, reference)).events
}

async function knownAt(
  knowledge: Knowledge,
  waiver: Waiver | undefined,
  reference: FactsReference,
  { freshness, history }: Pick<Circumstances, 'freshness' | 'history'>,
): Promise<Known> {
  const today = await knowledge.policy(reference.policy)
  return {
    directory: await knowledge.directory(reference.directory, freshness),
    today,
    asked: waiver === undefined || waiver.policy === reference.policy ? today : await knowledge.policy(waiver.policy),
    todayDigest: reference.policy,
    directoryDigest: reference.directory,
    rules: history,
  }
}

/** What the sweep did rests on the waiver and the time alone. */
async function byTime(
  knowledge: Knowledge,
  store: Store,
  waiver: Waiver | undefined,
  event: WaiverEvent,
): Promise<readonly WaiverEvent[]> {
  if (waiver === undefined) return []
  const heads = await store.heads()
  if (heads.directory === undefined) return []
  const reference = { directory: heads.directory, policy: waiver.policy, circumstances: '' }
  const known = await knownAt(knowledge, waiver, reference, { freshness: heads.freshness, history: noHistory })
  const actor = { id: systemActor, chain: [] }
  const circumstances = {
    actor,
    history: noHistory,
    earlier: [],
    held: [],
    clock: 'steady' as const,
    sampled: isSampled(digestOfText(waiver.id)),
  }
  return decide(waiver, commandBehind(event), factsFrom(circumstances, event.at, known, reference)).events
}

/** What was used is its own evidence: there is nothing else it could be compared with. */
function commandBehind(event: WaiverEvent): Command {
  const recorded = event.type === 'AccessUsed' ? event.recorded : undefined
  return recorded === undefined ? { type: 'tick' } : { type: 'record-uses', ...recorded }
}

function compare(stored: StoredEvent, again: WaiverEvent | undefined, inForce: ReadonlySet<Digest>): Recomputed {
  const { id, at, by, type } = stored
  const common = { event: id, type: type as EventType, at, by }
  if (stored.body === undefined) return { ...common, follows: 'unknown', detail: 'the body was erased' }
  if (stored.altered) return { ...common, follows: 'no', detail: 'the body is not the one that was written' }
  const body = stored.body as WaiverEvent
  if (body.facts !== undefined && !inForce.has(body.facts.policy)) {
    return { ...common, follows: 'no', detail: 'it rested on rules that were never put into force', body }
  }
  if (again === undefined) return { ...common, follows: 'no', detail: 'the recorded facts lead to nothing here', body }
  const same = canonicalJson(again) === canonicalJson(body)
  return {
    ...common,
    follows: same ? 'yes' : 'no',
    detail: same ? '' : `the recorded facts lead to \`${again.type}\` with another content`,
    body,
  }
}

function next(waiver: Waiver | undefined, event: WaiverEvent, id: WaiverId): Waiver | undefined {
  return waiver === undefined && event.type === 'AttemptRefused' ? undefined : evolve(waiver, event, id)
}

const changesMax = 10_000

/** Revisions of the rules that founders or a countersigned change put into force. */
async function rulesEverInForce({ records }: Store): Promise<ReadonlySet<Digest>> {
  const founding = (await records.find('founding')) as Founding | undefined
  const changes = (await records.list('change', changesMax)) as readonly (Change | null)[]
  const effective = changes.filter((change) => change?.status === 'effective').map((change) => change?.proposed ?? '')
  return new Set([...(founding?.status === 'founded' ? [founding.policy] : []), ...effective])
}
