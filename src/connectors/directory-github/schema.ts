/**
 * The files of a GitHub organisation kept as configuration, as far as they say who is who. Fields that say nothing
 * about that are passed over; the ones read here are read strictly.
 */
import { z } from 'zod'

/** GitHub's own rule, with room for managed users (`name_company`). */
export const loginPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

const login = z.string().regex(loginPattern, { error: 'expected a GitHub login', abort: true })
const logins = z
  .array(login)
  .nullish()
  .transform((list) => list ?? [])
const repositoryName = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, { error: 'expected the name of a repository' })

const permission = z.enum(['none', 'read', 'triage', 'write', 'maintain', 'admin'])
export type Permission = z.output<typeof permission>

export interface TeamEntry {
  readonly description?: string | null | undefined
  readonly maintainers: readonly string[]
  readonly members: readonly string[]
  readonly repos: Readonly<Record<string, Permission>>
  readonly previously: readonly string[]
  readonly teams: Readonly<Record<string, TeamEntry>>
}

const teamName = z.string().min(1).max(100)
const teamEntry: z.ZodType<TeamEntry> = z.object({
  description: z.string().nullish(),
  maintainers: logins,
  members: logins,
  repos: z
    .record(repositoryName, permission)
    .nullish()
    .transform((repos) => repos ?? {}),
  previously: z
    .array(teamName)
    .nullish()
    .transform((names) => names ?? []),
  get teams() {
    return teamEntries
  },
})
const teamEntries: z.ZodType<Readonly<Record<string, TeamEntry>>> = z
  .record(
    teamName,
    z.lazy(() => teamEntry),
  )
  .nullish()
  .transform((teams) => teams ?? {})

/** `config/<organisation>/org.yaml` */
export const organisationSchema = z.object({
  name: z.string().nullish(),
  admins: logins,
  members: logins,
  teams: teamEntries,
})

/** `config/<organisation>/<group>/teams.yaml` */
export const teamsSchema = z.object({ teams: teamEntries })

/** `OWNERS`: names are logins or aliases. */
const ownerNames = z
  .array(z.string().min(1))
  .nullish()
  .transform((names) => names ?? [])
export const ownersSchema = z.object({
  approvers: ownerNames,
  filters: z
    .record(z.string(), z.object({ approvers: ownerNames }))
    .nullish()
    .transform((filters) => filters ?? {}),
  options: z.object({ no_parent_owners: z.boolean().nullish() }).nullish(),
})

/** `OWNERS_ALIASES` */
export const aliasesSchema = z.object({ aliases: z.record(z.string().min(1), logins) })

const leads = z
  .array(z.object({ github: login }))
  .nullish()
  .transform((list) => (list ?? []).map(({ github }) => github))
const groupSchema = z.object({
  dir: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'expected the folder of a group' }),
  name: z.string().min(1),
  leadership: z
    .object({ chairs: leads, tech_leads: leads })
    .nullish()
    .transform((leadership) => [...new Set([...(leadership?.chairs ?? []), ...(leadership?.tech_leads ?? [])])]),
  subprojects: z
    .array(z.object({ name: z.string().min(1), leads }))
    .nullish()
    .transform((list) => list ?? []),
})
export type GroupEntry = z.output<typeof groupSchema>
const groups = z
  .array(groupSchema)
  .nullish()
  .transform((list) => list ?? [])

/** `sigs.yaml`: special interest groups, working groups, user groups, committees. */
export const groupsSchema = z.object({ sigs: groups, workinggroups: groups, usergroups: groups, committees: groups })
