/**
 * What people say about the directory, decided and written down: the record, the facts that follow from it, and everything
 * that falls because of them, in one commit.
 */
import {
  type Assertion,
  type AssertionCommand,
  type AssertionEvent,
  type AssertionId,
  decideAssertion,
  evolveAssertion,
  type Said,
} from '../../core/assertion.ts'
import { type Refusal, refusal } from '../../core/refusal.ts'
import { type Actor, systemActor } from '../../core/waiver.ts'
import type { Transaction } from '../../store/contract.ts'
import { writeActs } from '../acts.ts'
import type { Machinery } from '../handle.ts'
import { type Moment, putInForce } from './enforce.ts'
import { checkFacts, lockDirectory } from './moment.ts'
import { assertionId, assertionsIn, suggestionsInForce } from './own-word.ts'

export type AssertionHandled =
  | { readonly outcome: 'accepted'; readonly assertion: Assertion }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

export function proposeAssertion(
  machinery: Machinery,
  said: Said,
  evidence: string,
  actor: Actor,
): Promise<AssertionHandled> {
  return decided(machinery, assertionId(said), { type: 'propose', said, evidence }, actor)
}

export function decideAboutAssertion(
  machinery: Machinery,
  id: AssertionId,
  command: Exclude<AssertionCommand, { type: 'propose' }>,
  actor: Actor,
): Promise<AssertionHandled> {
  return decided(machinery, id, command, actor)
}

async function decided(
  machinery: Machinery,
  id: AssertionId,
  command: AssertionCommand,
  actor: Actor,
): Promise<AssertionHandled> {
  const handled = await machinery.store.transact(async (tx): Promise<AssertionHandled> => {
    const moment = await lockDirectory(machinery, tx)
    const { version, state } = await tx.lockRecord(id)
    const others = (await assertionsIn(machinery.store.records)).filter((one) => one.id !== id)
    const { known, before } = knownOrSuggested(state as Assertion | undefined, id, moment, others)
    const facts = await checkFacts(machinery, tx, moment, actor, (directory) =>
      askingOf(known, command, actor).filter((node) => directory.nodes.numbers.get(node) !== undefined),
    )
    if (facts === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
    const decision = decideAssertion(known, command, facts)
    // An attempt on what nobody has said is nobody's record.
    if (decision.outcome === 'refused' && known === undefined) return decision
    const events = [...before, ...decision.events]
    const after = await written(tx, id, version, state as Assertion | undefined, events)
    if (decision.outcome === 'refused') return decision
    if (after === undefined) throw new Error(`bug: \`${id}\` was accepted and is not there`)
    await putInForce(machinery, tx, moment, moment.before, undefined, [...others, after])
    return { outcome: 'accepted', assertion: after }
  })
  machinery.committed()
  return handled
}

/** What only looks alike so far becomes a record of the system's own with the first decision about it. */
function knownOrSuggested(
  state: Assertion | undefined,
  id: AssertionId,
  { locked, before }: Moment,
  others: readonly Assertion[],
): { readonly known: Assertion | undefined; readonly before: readonly AssertionEvent[] } {
  if (state !== undefined) return { known: state, before: [] }
  const said = suggestionsInForce(before, others).find((one) => assertionId(one) === id)
  if (said === undefined) return { known: undefined, before: [] }
  const event = {
    at: locked.now,
    by: systemActor,
    type: 'AssertionProposed',
    said,
    evidence: 'their names look alike',
  } as const
  return { known: evolveAssertion(undefined, event, id), before: [event] }
}

function askingOf(known: Assertion | undefined, command: AssertionCommand, actor: Actor): readonly string[] {
  const said = command.type === 'propose' ? command.said : known?.said
  return [known?.author ?? actor.id, ...(said === undefined ? [] : [said.from, said.to])]
}

async function written(
  tx: Transaction,
  id: AssertionId,
  version: number,
  state: Assertion | undefined,
  events: readonly AssertionEvent[],
): Promise<Assertion | undefined> {
  const after = events.reduce<Assertion | undefined>((next, event) => evolveAssertion(next, event, id), state)
  if (after === undefined) return undefined
  await writeActs(tx, { id, kind: after.said.kind, version, status: after.status, state: after, events })
  return after
}
