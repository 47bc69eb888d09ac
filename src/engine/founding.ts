/** The beginning, and the founders' word about the clock: what `core/founding.ts` decides, written down and put into force. */
import { compileDirectory } from '../core/compile.ts'
import { emptyDirectory } from '../core/directory.ts'
import { decideFounding, evolveFounding, type Founding, type FoundingCommand } from '../core/founding.ts'
import type { Policy } from '../core/policy.ts'
import { type Refusal, refusal } from '../core/refusal.ts'
import type { Actor } from '../core/waiver.ts'
import { systemActor } from '../core/waiver.ts'
import type { Transaction } from '../store/contract.ts'
import type { Machinery } from './handle.ts'
import { keyFor, transactOnce } from './once.ts'
import { newEvents, policyRevision, writeTenures } from './rules.ts'

const recordId = 'founding'

export type FoundingHandled = (
  | { readonly outcome: 'accepted'; readonly founding: Founding }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
) & {
  /** It was done, or refused, before, under the same idempotency key. */
  readonly replayed?: true
}

/** The operator's proposal: whoever runs the installation names the founders and the first rules; it grants nothing. */
export function proposeFounding(
  machinery: Machinery,
  founders: readonly string[],
  needed: number,
  rules: Policy,
): Promise<FoundingHandled> {
  const policy = { ...rules, founders }
  const command: FoundingCommand = { type: 'propose', founders, needed, policy: policyRevision(policy).digest }
  return handleFounding(machinery, command, { id: systemActor, chain: [] }, { proposed: policy })
}

export interface FoundingParts {
  /** The first rules, when they are proposed. */
  readonly proposed?: Policy
  readonly idempotencyKey?: string | undefined
}

export async function handleFounding(
  { store, knowledge, committed }: Machinery,
  command: FoundingCommand,
  actor: Actor,
  { proposed, idempotencyKey }: FoundingParts = {},
): Promise<FoundingHandled> {
  const key = keyFor(actor, idempotencyKey, { founding: command })
  const lock = (tx: Transaction) => tx.lockRecord(recordId)
  const once = await transactOnce(store, key, lock, async (tx, locked): Promise<FoundingHandled> => {
    const { now, heads, state, version } = locked
    const founding = state as Founding | undefined
    const directory =
      heads.directory === undefined
        ? compileDirectory(emptyDirectory)
        : await knowledge.directory(heads.directory, heads.freshness)
    const digest = heads.policy ?? founding?.policy
    const policy = proposed ?? (digest === undefined ? undefined : await knowledge.policy(digest))
    if (policy === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
    const decision = decideFounding(founding, command, {
      now,
      actor,
      directory,
      policy,
      clock: heads.clock,
      clockJumps: heads.clockJumps,
    })
    // Before anything was proposed there is nothing an attempt could be a record of.
    if (decision.outcome === 'refused' && founding === undefined) return decision
    const after = decision.events.reduce<Founding | undefined>((next, event) => evolveFounding(next, event), founding)
    if (after === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
    const founded = decision.events.some((event) => event.type === 'Founded')
    await tx.writeRecord({
      id: recordId,
      kind: 'founding',
      version: version + decision.events.length,
      status: after.status,
      state: after,
      dueAt: undefined,
      events: newEvents(recordId, version, decision.events),
      revisions: proposed === undefined || decision.outcome === 'refused' ? [] : [policyRevision(proposed)],
      heads: founded ? { policy: after.policy } : {},
      thaw: decision.events.some((event) => event.type === 'ClockConfirmed' && event.complete),
    })
    if (founded) await writeTenures(tx, undefined, await knowledge.policy(after.policy), now, [])
    return decision.outcome === 'refused' ? decision : { outcome: 'accepted', founding: after }
  })
  committed()
  switch (once.state) {
    case 'done':
      return once.value
    case 'done-before':
      return { ...once.value, replayed: true }
    case 'key-reused':
      return { outcome: 'refused', refusal: refusal('idempotency-key-reused'), replayed: true }
    default:
      return once satisfies never
  }
}
