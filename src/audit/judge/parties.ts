/**
 * Who was on which side of a recorded decision, as ids the engine can compare? Whoever the history does not name gets an
 * id that nobody has, so that the engine finds nobody behind it and can never call anyone independent of it.
 */
import type { NodeId } from '../../core/directory.ts'
import type { Matter } from '../../core/independence.ts'
import type { Act } from '../history.ts'
import { idFor, type Known, knownAs, systemKnownAs } from './names.ts'
import type { AuditDirectory, ThenDirectory } from './then.ts'
import type { Doubt } from './verdict.ts'

export interface Parties {
  readonly matter: Matter
  readonly approvers: readonly (Known & { readonly name: string })[]
  readonly askers: readonly NodeId[]
  /** What is missing about the request itself. */
  readonly doubts: readonly Doubt[]
}

/** Prefixes of no kind: never somebody, never anybody's. */
const unsaidRequester = 'unsaid_requester'
const unsaidBeneficiary = 'unsaid_beneficiary'

/** @param directory absent: names alone, compared with each other. */
export function partiesOf(act: Act, then: ThenDirectory, directory: AuditDirectory | undefined): Parties {
  const known = (name: string): Known & { readonly name: string } => {
    const isMachine = act.machines.includes(name)
    if (directory === undefined) return { name, id: idFor(name, isMachine) }
    return { name, ...knownAs(name, isMachine, then.compiled, directory.namesOn ?? [], act.at) }
  }
  const askers = (act.askedBy ?? []).map(known)
  const beneficiary = act.beneficiary === undefined ? undefined : known(act.beneficiary)
  const sponsors = typeof act.sponsor === 'string' && directory !== undefined ? [known(act.sponsor)] : []
  const system = act.system === undefined ? undefined : systemKnownAs(act.system, then.compiled, act.at)
  // A sponsor counts as one who asks: as long as nobody knows who it was, nobody is independent of them.
  const people = [...askers, ...(beneficiary === undefined ? [] : [beneficiary]), ...sponsors]
  return {
    matter: {
      requester: askers[0]?.id ?? unsaidRequester,
      chain: [...askers.slice(1), ...sponsors.filter(({ doubt }) => doubt === undefined)].map(({ id }) => id),
      beneficiary: beneficiary?.id ?? unsaidBeneficiary,
      ...(system === undefined ? {} : { system }),
      took: [],
      pools: [],
      rules: [],
    },
    approvers: (act.approvedBy ?? []).map(known),
    askers: askers.map(({ id }) => id),
    doubts: [
      ...silences(act, system !== undefined, directory),
      ...people.flatMap(({ name, doubt }) => (doubt === undefined ? [] : [{ code: doubt, about: name }])),
    ],
  }
}

function silences(act: Act, systemKnown: boolean, directory: AuditDirectory | undefined): Doubt[] {
  return [
    ...(act.approvedBy === undefined ? [{ code: 'who-approved' as const }] : []),
    ...(act.askedBy === undefined ? [{ code: 'who-asked' as const }] : []),
    ...(act.beneficiary === undefined ? [{ code: 'who-benefits' as const }] : []),
    ...(act.system === undefined ? [{ code: 'which-system' as const }] : []),
    ...(directory === undefined ? [{ code: 'no-directory' as const }] : []),
    ...(directory !== undefined && act.system !== undefined && !systemKnown
      ? [{ code: 'not-in-directory' as const, about: act.system }]
      : []),
  ]
}
