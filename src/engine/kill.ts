/**
 * The kill switch: one act ends everything of a workload, an owner or a system, or one waiver. Each waiver is ended by
 * the same core with the rights of whoever acts, and has a record of its own; all of it commits together. It answers when
 * no process anywhere says yes any more.
 */

import { describe, personsControlling } from '../core/compile.ts'
import { decide } from '../core/decide.ts'
import type { Facts } from '../core/facts.ts'
import { entryOf } from '../core/policy.ts'
import type { RefusalCode } from '../core/refusal.ts'
import { isSampled } from '../core/sampling.ts'
import type { Actor, Command, Waiver, WaiverId } from '../core/waiver.ts'
import { digestOfText } from '../lib/digest.ts'
import type { Known } from '../proof/circumstances.ts'
import type { Revision, Transaction, WaiverWrite } from '../store/contract.ts'
import { plainFacts } from './circumstances.ts'
import { knowledgeFor, type Machinery, waiverWrite } from './handle.ts'
import { staleMillisMax } from './runtime/runtime.ts'

export interface KillScope {
  readonly of: 'waiver' | 'workload' | 'owner' | 'system'
  readonly id: string
}

export interface Killed {
  readonly waiver: WaiverId
  readonly outcome: 'ended' | 'refused'
  readonly code?: RefusalCode
  readonly detail?: string
}

export interface Kill {
  readonly results: readonly Killed[]
  /** Milliseconds from the commit until no process says yes any more. */
  readonly everywhereAfterMillis: number
  /** False when nothing was open and nobody and nothing is known by this id: then it may be misspelled. */
  readonly known: boolean
}

const batchMax = 500
const pauseMillis = 10

export async function kill(machinery: Machinery, actor: Actor, scope: KillScope, reason: string): Promise<Kill> {
  const command: Command = { type: 'revoke', cause: 'killed', reason }
  const ids = await inScope(machinery, scope)
  const results: Killed[] = []
  if (ids.length > 0) {
    await machinery.store.transact(async (tx) => {
      results.length = 0
      for (let start = 0; start < ids.length; start += batchMax)
        results.push(...(await killBatch(machinery, tx, actor, command, ids.slice(start, start + batchMax))))
    })
    machinery.committed()
  }
  const known = ids.length > 0 || (await isKnown(machinery, scope))
  return { results, everywhereAfterMillis: await everywhere(machinery), known }
}

/** In an emergency a misspelled id must not look like a success. */
async function isKnown({ store, knowledge }: Machinery, { of, id }: KillScope): Promise<boolean> {
  if (of === 'waiver') return (await store.waivers.find(id)) !== undefined
  const heads = await store.heads()
  const known = await knowledgeFor(knowledge, { heads })
  if (known === undefined) return false
  if (of === 'system' && entryOf(known.today.systems, id) !== undefined) return true
  return describe(known.directory, id, heads.now) !== undefined
}

/** What is open and in scope right now. What is asked for later is a new request, with a new decision. */
async function inScope({ store, knowledge }: Machinery, { of, id }: KillScope): Promise<readonly WaiverId[]> {
  switch (of) {
    case 'waiver':
      return [id]
    case 'workload':
      return store.waivers.openOf({ users: [id] })
    case 'system':
      return store.waivers.openOf({ system: id })
    case 'owner': {
      const heads = await store.heads()
      const known = await knowledgeFor(knowledge, { heads })
      if (known === undefined) return []
      const { directory, today } = known
      const owned = (await store.waivers.openBeneficiaries()).filter(
        (user) => user === id || personsControlling(directory, user, heads.now, today).includes(id),
      )
      return store.waivers.openOf({ users: owned })
    }
    default:
      return of satisfies never
  }
}

async function killBatch(
  { knowledge }: Machinery,
  tx: Transaction,
  actor: Actor,
  command: Command,
  ids: readonly WaiverId[],
): Promise<readonly Killed[]> {
  const waivers = await tx.lockWaivers(ids)
  const { now, heads } = await tx.moment()
  const known = await knowledgeFor(knowledge, { heads })
  if (known === undefined) return []
  const facts = factsByKind(command, heads, known, now, actor)
  const decided = waivers.map((waiver) => decidedOn(waiver, command, facts(waiver).facts))
  const revisions = waivers.map((waiver) => facts(waiver).revision)
  await tx.write({ waivers: decided.map(({ write }) => write), revisions })
  return decided.map(({ killed }) => killed)
}

interface Plain {
  readonly facts: Facts
  readonly revision: Revision
}

/** What is looked at is the same for all of them, but for whether the waiver is one of the sample. */
function factsByKind(
  command: Command,
  heads: Parameters<typeof plainFacts>[2],
  known: Known,
  now: string,
  actor: Actor,
): (waiver: Waiver) => Plain {
  const [sampled, plain] = [true, false].map((kind) => plainFacts(command, kind, heads, known, now, actor)) as [
    Plain,
    Plain,
  ]
  return ({ id }) => (isSampled(digestOfText(id)) ? sampled : plain)
}

function decidedOn(
  waiver: Waiver,
  command: Command,
  facts: Facts,
): { readonly write: WaiverWrite; readonly killed: Killed } {
  const decision = decide(waiver, command, facts)
  const write = waiverWrite(waiver.id, waiver, decision.events, [])
  if (decision.outcome === 'accepted') return { write, killed: { waiver: waiver.id, outcome: 'ended' } }
  const { code, message } = decision.refusal
  return { write, killed: { waiver: waiver.id, outcome: 'refused', code, detail: message } }
}

/**
 * Waits until every process that answers checks has read past the commit. One that is silent is not waited for longer
 * than it may answer by what it knew: by then it says no to everything.
 */
async function everywhere({ store }: Machinery): Promise<number> {
  const began = performance.now()
  const { last, waiting } = await store.newest()
  let position = last
  if (waiting !== undefined) {
    while (!(await store.feed.isPlaced(waiting))) {
      if ((await store.feed.sequence(1_000)) === 0) await pause()
    }
    position = await store.feed.last()
  }
  while ((await store.processes.behind(position, staleMillisMax)) > 0 && performance.now() - began < staleMillisMax)
    await pause()
  return performance.now() - began
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMillis))
}
