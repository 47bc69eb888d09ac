/** What somebody can use already, by other waivers and by other means, and which duty rules break if they get something besides. */
import { accessOf, accessWithPaths } from '../core/compile.ts'
import type { NodeId } from '../core/directory.ts'
import { dutiesOf, isConflict, newlyBroken } from '../core/duties.ts'
import { type DutyRule, entitlementOf } from '../core/policy.ts'
import { plusSeconds } from '../core/time.ts'
import { isOpen, type Waiver } from '../core/waiver.ts'
import { requestingPersons } from '../engine/circumstances.ts'
import type { Parts } from './parts.ts'
import type { Context } from './schema/routing.ts'
import type { Sight } from './sight.ts'

const lookedBackSeconds = 90 * 86_400

export interface Beside {
  /** Other waivers of the same people, open or ended lately. */
  readonly earlier: readonly Waiver[]
  /** Of these, what gives access now. */
  readonly live: readonly Waiver[]
  readonly breaks: readonly DutyRule[]
  /** What can be used now, by name, whoever of them holds it. */
  readonly names: readonly { readonly system: string; readonly entitlement: string }[]
}

/** @param asking everybody on the asking side @param except the waiver that is looked at */
export async function heldBeside(
  { machinery }: Parts,
  { directory, policy, now }: Sight,
  asking: readonly NodeId[],
  { beneficiary, access }: Waiver['terms'],
  except: string,
): Promise<Beside> {
  const persons = requestingPersons(directory, [...asking, beneficiary], now, policy)
  const since = plusSeconds(now, -lookedBackSeconds)
  const earlier = await machinery.store.transact((tx) => tx.earlier(persons, except, since))
  const live = earlier.filter((other) => isOpen(other) && other.activation !== undefined)
  const standing = accessOf(directory, [beneficiary, ...persons], now)
  const names = [...live.map((other) => other.terms.access), ...standing]
  const breaks = newlyBroken(dutiesOf(names, policy), entitlementOf(policy, access)?.duties ?? [], policy)
  return { earlier, live, breaks, names }
}

/** What the beneficiary can use today: what other waivers give, then standing access. */
export function heldToday(
  { directory, now }: Sight,
  beneficiary: string,
  live: readonly Waiver[],
): Context['held'][number][] {
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

/** Of what is held, what makes the rule a conflict with this access: the other sides an exception can name. */
export function otherSides({ policy }: Sight, rule: DutyRule, access: Waiver['terms']['access'], { names }: Beside) {
  const own = entitlementOf(policy, access)?.duties ?? []
  return names.filter((name) => isConflict(rule, own, entitlementOf(policy, name)?.duties ?? [], policy))
}
