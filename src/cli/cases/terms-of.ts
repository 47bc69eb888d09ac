/** The terms a case asks for: what it says, and where it says nothing what is most usual. */
import type { CompiledDirectory } from '../../core/compile.ts'
import type { DirectoryFacts, PersonId } from '../../core/directory.ts'
import type { Obligations } from '../../core/obligations.ts'
import { entitlementOf, type Policy } from '../../core/policy.ts'
import { accountsHeld, isActive } from '../../core/standing.ts'
import { normalizeTerms, type Terms } from '../../core/terms.ts'
import { durationOf, plusSeconds } from '../../core/time.ts'
import type { PolicyCase } from '../../files/cases.ts'

/** Offline no target can be asked; whatever an entitlement contains, it is the same in every case. */
export const containsOffline = `sha256:${'0'.repeat(64)}`
const hourSeconds = 3_600

/** @param obligations of the tier; before it is known, terms without a tier's defaults are good enough to find it */
export function termsOf(
  one: PolicyCase,
  policy: Policy,
  facts: DirectoryFacts,
  directory: CompiledDirectory,
  obligations?: Obligations,
): Terms {
  const { kind, beneficiary, system, entitlement, at, exception } = one
  const offered = entitlementOf(policy, { system, entitlement })
  const seconds = one.windowSeconds ?? obligations?.windowSecondsMax ?? hourSeconds
  const controls = one.controls ?? obligations?.controlsRequired ?? []
  const envelope = kind === 'break-glass'
  const account = accountsHeld(directory, beneficiary, system, at)[0] ?? beneficiary
  return normalizeTerms({
    kind,
    beneficiary,
    access: {
      system,
      entitlement,
      ...(envelope ? {} : { account }),
      resources: one.resources ?? offered?.resources ?? [],
      actions: one.actions ?? offered?.actions ?? [],
    },
    window: { start: at, end: plusSeconds(at, envelope ? 7 * 24 * hourSeconds : seconds) },
    reason: one.name,
    controls: controls.map((control) => ({
      control,
      owner: ownerFor(one, facts, directory),
      every: durationOf(policy.controls[control]?.everySecondsMax ?? hourSeconds),
    })),
    conditions: {},
    contains: containsOffline,
    ...(exception === undefined
      ? {}
      : {
          exception: { rule: exception.rule, other: { system: exception.system, entitlement: exception.entitlement } },
        }),
    ...(envelope ? { openFor: durationOf(seconds) } : {}),
  })
}

/** Somebody who neither asks nor benefits; which one says nothing about the rules. */
function ownerFor(
  { asks, beneficiary, at }: PolicyCase,
  facts: DirectoryFacts,
  directory: CompiledDirectory,
): PersonId {
  const people = facts.nodes.filter(({ kind }) => kind === 'person').map(({ id }) => id)
  return people.sort().find((id) => id !== asks && id !== beneficiary && isActive(directory, id, at)) ?? asks
}
