/**
 * Whose passkeys signed the acts of a bundle? Every signature is verified again, and its key looked up in the record of its
 * owner's enrolments, as far as it stands in the log before the act.
 */
import type { PersonId } from '../../core/directory.ts'
import type { PasskeyEvidence } from '../../core/signed.ts'
import { signatureDoubt } from '../signature.ts'
import type { Bundle, BundledEvent } from './form.ts'
import { assertComplete, enrolmentsPrefix } from './rests-on.ts'
import { type BundleStep, Disproof, incomplete, proven } from './steps.ts'

/** The record of somebody's passkeys is one stream of events. */
export function enrolmentsStream(person: PersonId): string {
  return enrolmentsPrefix + person
}

/** Acts that were signed by passkey. */
export function signedActs(events: readonly BundledEvent[]): readonly BundledEvent[] {
  return events.filter(({ body }) => typeof body?.passkey === 'object' && body.passkey !== null)
}

/** @throws Disproof for enrolments that are cut, or that no act of the bundle rests on */
export function enrolmentsIn({ support, events }: Bundle): ReadonlyMap<string, readonly BundledEvent[]> {
  const acts = signedActs(events)
  const streams = Map.groupBy(
    support.filter(({ stream }) => stream.startsWith(enrolmentsPrefix)),
    ({ stream }) => stream,
  )
  for (const [stream, own] of streams) {
    assertComplete(own)
    const last = own.at(-1) as BundledEvent
    const rests = acts.some((act) => enrolmentsStream(act.by) === stream && BigInt(last.index) < BigInt(act.index))
    if (!rests) throw new Disproof('an event is in the bundle that supports nothing', last.index)
  }
  return streams
}

/** @throws Disproof for a signature that does not hold */
export async function signaturesStep(
  { events }: Bundle,
  enrolments: ReadonlyMap<string, readonly BundledEvent[]>,
): Promise<BundleStep> {
  const acts = signedActs(events)
  const unknown: string[] = []
  for (const act of acts) {
    const record = enrolments.get(enrolmentsStream(act.by))
    const before = record?.filter(({ index }) => BigInt(index) < BigInt(act.index))
    const doubt = await signatureDoubt(act.body?.passkey as PasskeyEvidence, act, before)
    if (doubt?.follows === 'no') throw new Disproof(`\`${act.id}\`: ${doubt.detail}`, act.index)
    if (doubt !== undefined) unknown.push(`\`${act.id}\`: ${doubt.detail}`)
  }
  if (unknown.length > 0) return incomplete('signatures', unknown.join('; '))
  return proven('signatures', `${acts.length} acts are signed, each by a passkey that was confirmed for whoever acted`)
}
