/**
 * Which field of a directory file states which relation. `reversed`: what is named stands on the left, as in
 * `owners: [maria]` of a system, which is `per_maria —owns→ sys_…`.
 */
import type { RelationKind } from '../../core/directory.ts'
import type { PersonEntry, RotaEntry, SystemEntry, TeamEntry, WorkloadEntry } from '../../files/directory-schema.ts'
import type { Prefix } from '../../files/reference.ts'

export interface FieldRule {
  readonly relation: RelationKind
  /** What may be named here. */
  readonly names: readonly Prefix[]
  readonly reversed?: true
}

type Fields<Entry> = { readonly [Name in keyof Entry]?: FieldRule }

const personOrTeam = ['per', 'team'] as const

/** `teams` and `formerTeams` say more than a name and are read by `facts.ts`. */
export const personFields: Fields<PersonEntry> = {
  manager: { relation: 'reports-to', names: ['per'] },
  actsFor: { relation: 'delegate-of', names: ['per'] },
  sameAs: { relation: 'same-as', names: ['per'] },
  sponsor: { relation: 'sponsors', names: ['per'], reversed: true },
}

export const teamFields: Fields<TeamEntry> = {
  parent: { relation: 'part-of', names: ['team'] },
  members: { relation: 'member-of', names: ['per'], reversed: true },
  maintainers: { relation: 'maintains', names: ['per'], reversed: true },
  owns: { relation: 'owns', names: ['sys', 'wl'] },
  operates: { relation: 'operates', names: ['sys', 'wl'] },
  administers: { relation: 'administers', names: ['sys'] },
}

const controllerFields: Fields<SystemEntry & WorkloadEntry> = {
  owners: { relation: 'owns', names: personOrTeam, reversed: true },
  operators: { relation: 'operates', names: personOrTeam, reversed: true },
  credentialHolders: { relation: 'holds-credential-of', names: personOrTeam, reversed: true },
}

export const workloadFields: Fields<WorkloadEntry> = {
  ...controllerFields,
  creator: { relation: 'created', names: ['per'], reversed: true },
  canChange: { relation: 'can-change', names: personOrTeam, reversed: true },
  delegatedBy: { relation: 'delegates-to', names: ['per', 'wl'], reversed: true },
}

export const systemFields: Fields<SystemEntry> = {
  ...controllerFields,
  administrators: { relation: 'administers', names: personOrTeam, reversed: true },
}

/** People in `rotations` and `shifts` are on the rota too; `facts.ts` reads them. */
export const rotaFields: Fields<RotaEntry> = {
  members: { relation: 'on-rota', names: ['per'], reversed: true },
}
