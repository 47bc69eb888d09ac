/**
 * Does what was decided still follow from what was looked at? Decides once more, from the first event on, on the facts
 * recorded with each decision, by the same core. It believes neither a state nor a verdict nor a digest that was written
 * down: states follow from events, verdicts from facts, digests from terms. The one place that does this, for a server
 * and for somebody who has nothing but a bundle.
 */
import { type CompiledDirectory, compileDirectory } from '../core/compile.ts'
import { decide, proposedTerms } from '../core/decide.ts'
import { emptyDirectory, type PersonId } from '../core/directory.ts'
import { evolve } from '../core/evolve.ts'
import { noHistory } from '../core/independence.ts'
import type { Policy } from '../core/policy.ts'
import type { JudgeGuardrails } from '../core/runtime.ts'
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
import { type Circumstances, factsFrom, type Known } from './circumstances.ts'
import { guardrailDoubt } from './guardrails.ts'
import { withShown } from './shown.ts'
import { signatureDoubt } from './signature.ts'
import { termsDigest } from './terms-digest.ts'

/** An event as it was recorded. */
export interface RecordedAct {
  readonly id: string
  readonly type: string
  readonly at: string
  readonly by: string
  /** Absent once it was erased. */
  readonly body?: unknown
  /** The body is not the one that was hashed when it was written. */
  readonly altered?: true
}

/** Facts by the digest under which they were recorded. `undefined`: they are not here, and nothing follows from them. */
export interface RecordedFacts {
  directory(digest: Digest, freshness: Circumstances['freshness']): Promise<CompiledDirectory | undefined>
  policy(digest: Digest): Promise<Policy | undefined>
  circumstances(digest: Digest): Promise<Circumstances | undefined>
  /** The record of somebody's passkeys, from the first event on. */
  enrolments(person: PersonId): Promise<readonly RecordedAct[] | undefined>
  /** Rules that founders or a countersigned change put into force. */
  readonly inForce: ReadonlySet<Digest>
  /** Evaluates guardrails; absent: of uses that they judged it cannot be said that they follow. */
  readonly guardrails?: JudgeGuardrails
}

export interface Recomputed {
  readonly event: string
  readonly type: EventType
  readonly at: string
  readonly by: string
  /** `unknown` when a body was erased, or facts are not here, and there is nothing left to decide from. */
  readonly follows: 'yes' | 'no' | 'unknown'
  readonly detail: string
  readonly body?: WaiverEvent
}

export interface Why {
  readonly waiver: WaiverId
  readonly follows: boolean
  readonly acts: readonly Recomputed[]
  /** What the events lead to; undefined for a request that was refused. */
  readonly state?: Waiver
}

/** @param acts every event of the stream, in order */
export async function recompute(id: WaiverId, acts: readonly RecordedAct[], facts: RecordedFacts): Promise<Why> {
  const again: Recomputed[] = []
  let waiver: Waiver | undefined
  let known = true
  for (let index = 0; index < acts.length; ) {
    const event = (acts[index] as RecordedAct).body as WaiverEvent | undefined
    known &&= event !== undefined
    const answer = event !== undefined && known ? await decideAgain(facts, id, waiver, event) : afterErasure
    const count = Math.max(1, answer.events.length)
    for (const [offset, one] of acts.slice(index, index + count).entries()) {
      const act = await withSignature(facts, compare(one, answer, offset, facts.inForce))
      again.push(await withGuardrails(facts, act, waiver))
      known &&= one.body !== undefined
      if (known) waiver = next(waiver, one.body as WaiverEvent, id)
    }
    index += count
  }
  const follows = again.every((act) => act.follows === 'yes')
  return { waiver: id, follows, acts: again, ...(waiver !== undefined && known ? { state: waiver } : {}) }
}

/** What follows from the recorded facts; or why nothing can be said. */
interface Answer {
  readonly events: readonly WaiverEvent[]
  readonly missing?: string
  readonly wrong?: string
}

/** What an erased event changed nobody knows, so nothing that came after it can be decided again either. */
const afterErasure: Answer = { events: [], missing: 'what it followed was erased' }

async function decideAgain(
  facts: RecordedFacts,
  id: WaiverId,
  waiver: Waiver | undefined,
  event: WaiverEvent,
): Promise<Answer> {
  const { facts: reference } = event
  if (reference === undefined) return byTime(facts, waiver, event)
  const circumstances = await facts.circumstances(reference.circumstances)
  if (circumstances === undefined) return missing('circumstances', reference.circumstances)
  const wrong = misstated(id, waiver, circumstances)
  if (wrong !== undefined) return { events: [], wrong }
  const known = await knownAt(facts, waiver, reference, circumstances)
  if ('missing' in known) return { events: [], missing: known.missing }
  const gathered = factsFrom(circumstances, event.at, known, reference)
  const { command, signed } = circumstances
  return decide(waiver, command, signed === undefined ? gathered : withShown(gathered, waiver, command))
}

function missing(what: string, digest: Digest): Answer & { readonly missing: string } {
  return { events: [], missing: `the ${what} it rested on are not here (\`${digest}\`)` }
}

/** Circumstances carry what the engine computed for the core; it is computed again rather than believed. */
function misstated(id: WaiverId, waiver: Waiver | undefined, { command, digest, sampled }: Circumstances) {
  const proposed = proposedTerms(waiver, command)
  const own = proposed === undefined ? undefined : termsDigest(proposed)
  if (own !== digest) return `the terms have the digest \`${own}\` and were recorded as \`${digest}\``
  return sampled === isSampled(digestOfText(id)) ? undefined : 'whether it is sampled was recorded wrongly'
}

async function knownAt(
  facts: RecordedFacts,
  waiver: Waiver | undefined,
  reference: FactsReference,
  { freshness, history }: Pick<Circumstances, 'freshness' | 'history'>,
): Promise<Known | (Answer & { readonly missing: string })> {
  const directory = await facts.directory(reference.directory, freshness)
  if (directory === undefined) return missing('facts of the directory', reference.directory)
  const today = await facts.policy(reference.policy)
  if (today === undefined) return missing('rules', reference.policy)
  const asked = waiver === undefined ? today : await facts.policy(waiver.policy)
  if (asked === undefined) return missing('rules', waiver?.policy ?? '')
  return {
    directory,
    today,
    asked,
    todayDigest: reference.policy,
    directoryDigest: reference.directory,
    rules: history,
  }
}

/** What the sweep did, and uses that were taken, rest on the waiver and the time alone; an empty directory will do. */
async function byTime(facts: RecordedFacts, waiver: Waiver | undefined, event: WaiverEvent): Promise<Answer> {
  if (waiver === undefined) return { events: [] }
  const asked = await facts.policy(waiver.policy)
  if (asked === undefined) return missing('rules', waiver.policy)
  const reference = { directory: '', policy: waiver.policy, circumstances: '' }
  const known: Known = {
    directory: compileDirectory(emptyDirectory),
    today: asked,
    asked,
    todayDigest: waiver.policy,
    directoryDigest: '',
    rules: noHistory,
  }
  const circumstances = {
    actor: { id: systemActor, chain: [] },
    history: noHistory,
    earlier: [],
    held: [],
    clock: 'steady' as const,
    sampled: isSampled(digestOfText(waiver.id)),
  }
  return decide(waiver, commandBehind(event), factsFrom(circumstances, event.at, known, reference))
}

/** What was used is its own evidence: there is nothing else it could be compared with. */
function commandBehind(event: WaiverEvent): Command {
  const recorded = event.type === 'AccessUsed' ? event.recorded : undefined
  return recorded === undefined ? { type: 'tick' } : { type: 'record-uses', ...recorded }
}

function compare(act: RecordedAct, answer: Answer, offset: number, inForce: ReadonlySet<Digest>): Recomputed {
  const { id, at, by, type } = act
  const common = { event: id, type: type as EventType, at, by }
  if (act.body === undefined) return { ...common, follows: 'unknown', detail: 'the body was erased' }
  if (act.altered) return { ...common, follows: 'no', detail: 'the body is not the one that was written' }
  const body = act.body as WaiverEvent
  if (body.facts !== undefined && !inForce.has(body.facts.policy)) {
    return { ...common, follows: 'no', detail: 'it rested on rules that were never put into force', body }
  }
  if (answer.missing !== undefined) return { ...common, follows: 'unknown', detail: answer.missing, body }
  if (answer.wrong !== undefined) return { ...common, follows: 'no', detail: answer.wrong, body }
  const again = answer.events[offset]
  if (again === undefined) return { ...common, follows: 'no', detail: 'the recorded facts lead to nothing here', body }
  const same = canonicalJson(again) === canonicalJson(body)
  return {
    ...common,
    follows: same ? 'yes' : 'no',
    detail: same ? '' : `the recorded facts lead to \`${again.type}\` with another content`,
    body,
  }
}

/** What follows from facts that somebody made up follows all the same; a signature is made up by nobody. */
async function withSignature(facts: RecordedFacts, act: Recomputed): Promise<Recomputed> {
  const { body, follows } = act
  if (follows !== 'yes' || body?.passkey === undefined) return act
  const doubt = await signatureDoubt(body.passkey, body, await facts.enrolments(body.by))
  return doubt === undefined ? act : { ...act, ...doubt }
}

async function withGuardrails(facts: RecordedFacts, act: Recomputed, waiver: Waiver | undefined): Promise<Recomputed> {
  if (act.follows !== 'yes' || act.body === undefined || waiver === undefined) return act
  return { ...act, ...(await guardrailDoubt(facts, waiver, act.body)) }
}

function next(waiver: Waiver | undefined, event: WaiverEvent, id: WaiverId): Waiver | undefined {
  return waiver === undefined && event.type === 'AttemptRefused' ? undefined : evolve(waiver, event, id)
}
