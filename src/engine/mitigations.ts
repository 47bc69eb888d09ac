/** Takes down evidence that a control over a held conflict was kept, and hands out the mitigations with it. */

import type { Mitigation } from '../core/duties.ts'
import {
  decideEvidence,
  evolveMitigation,
  type MitigationEvent,
  type MitigationRecord,
  withEvidence,
} from '../core/mitigation.ts'
import { entryOf, type MitigationRule, type Policy } from '../core/policy.ts'
import { type Refusal, refusal } from '../core/refusal.ts'
import type { Digest } from '../core/terms.ts'
import type { Actor } from '../core/waiver.ts'
import { digestOf } from '../lib/digest.ts'
import type { Records, Transaction } from '../store/contract.ts'
import { writeActs } from './acts.ts'
import { knowledgeFor, type Machinery } from './handle.ts'

export type EvidenceHandled =
  | { readonly outcome: 'accepted'; readonly mitigation: Mitigation }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

const recordsMax = 10_000
const recordOf = (id: string) => `mitigation_${id}`

/** Those of the policy in force, each with the last evidence that is about it as it stands. */
export async function mitigationsOf(records: Pick<Records, 'list'>, policy: Policy): Promise<readonly Mitigation[]> {
  const rules = Object.values(policy.mitigations ?? {})
  if (rules.length === 0) return []
  const known = (await records.list('mitigation', recordsMax)) as readonly MitigationRecord[]
  const byId = new Map(known.map((record) => [record.id, record]))
  return rules.map((rule) => withEvidence(rule, digestOfRule(rule), byId.get(rule.id)))
}

/** @returns `undefined` when the policy in force has no such mitigation. */
export async function giveEvidence(
  machinery: Machinery,
  id: string,
  note: string,
  actor: Actor,
): Promise<EvidenceHandled | undefined> {
  const { store, knowledge } = machinery
  const handled = await store.transact(async (tx): Promise<EvidenceHandled | undefined> => {
    const { now, heads, version, state } = await tx.lockRecord(recordOf(id))
    const known = await knowledgeFor(knowledge, { heads })
    if (known === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
    const rule = entryOf(known.today.mitigations ?? {}, id)
    if (rule === undefined) return undefined
    const facts = {
      now,
      actor,
      directory: known.directory,
      clock: heads.clock,
      mitigation: rule,
      digest: digestOfRule(rule),
    }
    const decision = decideEvidence(note, facts)
    const record = await write(tx, id, version, state as MitigationRecord | undefined, decision.events)
    if (decision.outcome === 'refused') return decision
    return { outcome: 'accepted', mitigation: withEvidence(rule, facts.digest, record) }
  })
  machinery.committed()
  return handled
}

function digestOfRule(rule: MitigationRule): Digest {
  return digestOf({ mitigation: rule })
}

async function write(
  tx: Transaction,
  id: string,
  version: number,
  before: MitigationRecord | undefined,
  events: readonly MitigationEvent[],
): Promise<MitigationRecord> {
  const after = events.reduce<MitigationRecord | undefined>((next, event) => evolveMitigation(next, id, event), before)
  if (after === undefined) throw new Error('bug: an act on a mitigation left no event')
  await writeActs(tx, { id: recordOf(id), kind: 'mitigation', version, status: 'current', state: after, events })
  return after
}
