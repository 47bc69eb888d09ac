/**
 * What whoever decides should have in front of them: the entitlement as its target describes it now, what the same people
 * had and have on this system, and which duty rules break if they get this as well.
 */
import { accessOf, accessWithPaths } from '../core/compile.ts'
import { dutiesOf, newlyBroken } from '../core/duties.ts'
import { entitlementOf } from '../core/policy.ts'
import { plusSeconds } from '../core/time.ts'
import { isOpen, type Waiver } from '../core/waiver.ts'
import { asEarlier, requestingPersons } from '../engine/circumstances.ts'
import { type Contents, TargetFault } from '../engine/targets.ts'
import type { Parts } from './parts.ts'
import type { Context } from './schema/routing.ts'
import { mayRead, namesIn, relationsTo, type Sight, seesPathsIn } from './sight.ts'

const lookedBackSeconds = 90 * 86_400

export async function decisionContext(parts: Parts, sight: Sight, waiver: Waiver): Promise<Context> {
  const { directory, index, policy, now } = sight
  const { access, beneficiary, contains } = waiver.proposal?.terms ?? waiver.terms
  const persons = requestingPersons(directory, [waiver.requester, ...waiver.chain, beneficiary], now, policy)
  const [contents, others] = await Promise.all([
    contentsNow(parts, sight, access),
    parts.machinery.store.transact((tx) => tx.earlier(persons, waiver.id, plusSeconds(now, -lookedBackSeconds))),
  ])
  const decides = seesPathsIn(relationsTo(sight, waiver))
  const earlier = others.filter((other) => decides || mayRead(sight, other)).map(row)
  const live = others.filter((other) => isOpen(other) && other.activation !== undefined)
  const standing = accessOf(directory, [beneficiary, ...persons], now)
  const has = dutiesOf([...live.map((other) => other.terms.access), ...standing], policy)
  const broken = newlyBroken(has, entitlementOf(policy, access)?.duties ?? [], policy)
  const held = decides || sight.caller.id === beneficiary ? heldToday(sight, beneficiary, live) : []
  return {
    contains: {
      state: contents === undefined ? 'unknown' : contents.digest === contains ? 'same' : 'changed',
      summary: contents?.summary ?? [],
    },
    earlier,
    held,
    breaks: broken.map(({ id, name, severity }) => ({ rule: id, name, severity })),
    nowAt: now,
    names: namesIn(index, waiver.terms, earlier, held),
  }
}

/** What the beneficiary can use already, by other means and by other waivers. */
function heldToday(
  { directory, now }: Sight,
  beneficiary: string,
  live: readonly Waiver[],
): NonNullable<Context['held']>[number][] {
  const standing = accessWithPaths(directory, [beneficiary], now).map(({ system, entitlement, holder, source }) => ({
    system,
    entitlement,
    source,
    ...(holder === beneficiary ? {} : { through: holder }),
  }))
  const byWaiver = live
    .filter(({ terms }) => terms.beneficiary === beneficiary)
    .map(({ id, terms: { access }, activation }) => ({
      system: access.system,
      entitlement: access.entitlement,
      waiver: id,
      ...(activation === undefined ? {} : { until: activation.end }),
    }))
  return [...byWaiver, ...standing]
}

/** @returns what the target says; nothing when it says nothing or no connector reaches it. */
export function contentsNow(
  { machinery }: Parts,
  { policy }: Sight,
  access: Waiver['terms']['access'],
): Promise<Contents | undefined> {
  return machinery.targets
    .contents(access, policy)
    .then((contents) => ('silence' in contents ? undefined : contents))
    .catch((error: unknown) => {
      if (error instanceof TargetFault) return undefined
      throw error
    })
}

function row(other: Waiver): Context['earlier'][number] {
  const { window, granted } = asEarlier(other)
  return {
    waiver: other.id,
    status: other.status,
    entitlement: other.terms.access.entitlement,
    start: window.start,
    end: window.end,
    granted,
    ...(other.end === undefined ? {} : { cause: other.end.cause }),
  }
}
