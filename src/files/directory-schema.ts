/**
 * The shape of a directory file: who is who, in words. The same schema validates, documents and becomes
 * `schemas/directory.schema.json`. Names that lead nowhere are found by whoever turns the content into facts.
 */
import { z } from 'zod'
import { isZone } from '../lib/zone.ts'
import { exactText, listOf, mapOf, moment, nameText, referenceText, someSeconds } from './values.ts'

const one = (description: string) => referenceText.meta({ description })
const many = (description: string) => listOf(referenceText).default([]).meta({ description })
const named = nameText.meta({ description: 'Shown to people.' })

const holdsList = z
  .array(
    exactText.regex(/^[^/]+\/.+$/u, {
      error: 'expected a system and an entitlement such as `erp/vendors-write`',
      abort: true,
    }),
  )
  .default([])
  .meta({
    description:
      'Standing access, as `system/entitlement`: what this one holds without any waiver. Rules about conflicting duties look at it.',
  })

const accountSchema = z
  .strictObject({
    on: referenceText.meta({ description: 'The issuer (see `issuers`) or the system (`sys_…`) the account lives on.' }),
    login: exactText.meta({ description: 'Its name there, compared byte by byte.' }),
    confirmedBy: one(
      'Who confirmed that the account belongs here; never the owner of the account. Default: see `accountsConfirmedBy`.',
    ).optional(),
  })
  .meta({
    description: 'An account. Until somebody else confirmed it, it counts against its owner and never in favour.',
  })

const membershipSchema = z.strictObject({
  team: one('The team.'),
  since: moment.meta({ description: 'Since when.' }),
})

const personSchema = z
  .strictObject({
    name: named,
    manager: one('Whom this person reports to.').optional(),
    since: moment.optional().meta({
      description:
        'Since when this person is here; memberships begin then unless they say otherwise. Only a membership whose beginning is known lets somebody decide.',
    }),
    teams: z
      .array(z.union([referenceText, membershipSchema]))
      .default([])
      .meta({ description: 'Teams this person is in: `payments`, or `{ team: payments, since: 2026-11-01 }`.' }),
    formerTeams: z
      .array(
        z.strictObject({
          team: one('The team that was left.'),
          until: moment.meta({ description: 'When. It goes on counting for the `lingerDays` of the policy.' }),
        }),
      )
      .default([])
      .meta({ description: 'Teams this person has left.' }),
    external: z
      .boolean()
      .default(false)
      .meta({ description: 'Not employed here: a vendor, an outside approver. Default false.' }),
    sponsor: one('For an outsider: who stands for this person, and counts as asking whenever they ask.').optional(),
    accounts: z.array(accountSchema).default([]).meta({ description: 'Accounts of this person.' }),
    actsFor: many('People in whose stead this person decides or acts.'),
    sameAs: many('Entries that are, or may be, the same human being.'),
    away: z
      .array(
        z.strictObject({
          from: moment.meta({ description: 'First moment of it; a date begins at midnight UTC.' }),
          until: moment.meta({ description: 'When this person is back.' }),
        }),
      )
      .default([])
      .meta({ description: 'Leave and other absences. Somebody who is away is on no duty.' }),
    holds: holdsList,
    left: moment.optional().meta({ description: 'When this person left. Somebody who left decides nothing.' }),
  })
  .meta({ description: 'A human being.' })

const teamSchema = z
  .strictObject({
    name: named,
    parent: one('The team this team is part of.').optional(),
    since: moment.optional().meta({ description: 'Since when it is part of its parent.' }),
    members: many('People in it; may also be written as `teams` of the person.'),
    maintainers: many('People who can change who is in it.'),
    owns: many('Systems and workloads this team owns.'),
    operates: many('Systems and workloads this team operates.'),
    administers: many('Systems this team administers: it gives access there.'),
    holds: holdsList,
  })
  .meta({ description: 'A team.' })

const controllers = {
  owners: many('People and teams who own it.'),
  operators: many('People and teams who operate it.'),
  credentialHolders: many('People and teams who can reach its credentials.'),
}

const workloadSchema = z
  .strictObject({
    name: named,
    kind: z
      .enum(['service-account', 'pipeline', 'agent', 'key'])
      .meta({ description: 'What it is. Agents carry more risk.' }),
    ...controllers,
    creator: one('Who created it.').optional(),
    canChange: many('People and teams who can change its code, prompt or pipeline.'),
    delegatedBy: many('People and workloads that hand tasks to it.'),
    accounts: z.array(accountSchema).default([]).meta({ description: 'Accounts it uses.' }),
    holds: holdsList,
    retired: moment.optional().meta({ description: 'When it was switched off.' }),
  })
  .meta({ description: 'Something that runs: a service account, a pipeline, an AI agent, a key.' })

const systemSchema = z
  .strictObject({
    name: named,
    ...controllers,
    administrators: many('People and teams who administer it: they give access there.'),
  })
  .meta({ description: 'A system on which access is granted. `countersign` is this installation itself.' })

const clock = z
  .string()
  .regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/, { error: 'expected a time of day such as `08:00`', abort: true })

const zone = z.string().refine(isZone, { error: 'expected a time zone such as `Europe/London`' })

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** A turn of less than an hour is nobody's duty, and a year of them nobody's memory. */
const turnSecondsMin = 3_600

const rotationSchema = z
  .strictObject({
    members: listOf(referenceText).min(1).meta({ description: 'People who take turns, in this order.' }),
    start: moment.meta({ description: 'When the first of them took or takes over.' }),
    until: moment.optional().meta({ description: 'When the rotation ends, if it does.' }),
    every: someSeconds
      .refine((length) => length >= turnSecondsMin, { error: 'expected at least `PT1H`' })
      .prefault('P7D')
      .meta({ description: 'How long a turn is, by the clock on the wall. Default P7D.' }),
    timeZone: zone.default('UTC').meta({
      description:
        'Whose wall clock `every`, `daily` and `days` go by: handing over at nine is at nine all year. Default UTC.',
    }),
    daily: z
      .strictObject({
        from: clock.meta({ description: 'Start of duty each day.' }),
        to: clock.meta({ description: 'End of duty; at or before `from`, it is on the next day.' }),
      })
      .optional()
      .meta({ description: 'Hours of the day covered. Default: all of them.' }),
    days: listOf(z.enum(weekdays)).min(1).optional().meta({
      description: 'Days of the week on which duty begins. Default: all of them.',
    }),
  })
  .meta({ description: 'People who take turns.' })

const spanOf = {
  start: moment.meta({ description: 'From here.' }),
  end: moment.meta({ description: 'Up to here.' }),
}

const rotaSchema = z
  .strictObject({
    name: named,
    members: many('People on it beyond those in `rotations`, `layers`, `overrides` and `shifts`.'),
    rotations: z
      .array(rotationSchema)
      .default([])
      .meta({ description: 'Turns that repeat. Several run side by side.' }),
    layers: z.array(rotationSchema).default([]).meta({
      description:
        'The same over each other: where a later one has a turn, the earlier ones have none. Where somebody is `away`, the one below stands in.',
    }),
    overrides: z
      .array(
        z.strictObject({
          person: one('Who is on duty.'),
          instead: one('Whose turns are taken over. Default: those of everybody.').optional(),
          ...spanOf,
        }),
      )
      .default([])
      .meta({ description: 'Single times in which somebody else stands in.' }),
    shifts: z
      .array(z.strictObject({ person: one('Who is on duty.'), ...spanOf }))
      .default([])
      .meta({ description: 'Single turns, besides all of these.' }),
  })
  .meta({ description: 'Who is on duty when.' })

export const directorySchema = z
  .strictObject({
    people: mapOf(personSchema).default({}).meta({ description: 'People, by id: `maria` becomes `per_maria`.' }),
    teams: mapOf(teamSchema).default({}).meta({ description: 'Teams, by id: `payments` becomes `team_payments`.' }),
    workloads: mapOf(workloadSchema).default({}).meta({ description: 'Workloads, by id: `ci` becomes `wl_ci`.' }),
    systems: mapOf(systemSchema)
      .default({})
      .meta({ description: 'Systems, by id: `ledger-db` becomes `sys_ledger-db`.' }),
    rotas: mapOf(rotaSchema)
      .default({})
      .meta({ description: 'Rotas, by id: `security-duty` becomes `rota_security-duty`.' }),
    issuers: mapOf(z.strictObject({ name: named }))
      .default({})
      .meta({ description: 'Where people sign in; accounts refer to it with `on`.' }),
    accountsConfirmedBy: listOf(referenceText).min(2).optional().meta({
      description:
        'At least two people who confirmed the links between accounts and people in these files; each for everybody but themselves.',
    }),
    elsewhere: listOf(referenceText)
      .default([])
      .meta({ description: 'Ids with prefix that another directory source defines and these files refer to.' }),
    staleAfter: someSeconds
      .optional()
      .meta({ description: 'How old these facts may be before they no longer count as known. Default P1D.' }),
  })
  .meta({
    title: 'Countersign directory',
    description: 'Who is who. One file, or several whose sections are put together.',
  })

export type DirectoryFile = z.output<typeof directorySchema>
type Entry<Name extends keyof DirectoryFile> =
  NonNullable<DirectoryFile[Name]> extends Record<string, infer Item> ? Item : never
export type PersonEntry = Entry<'people'>
export type TeamEntry = Entry<'teams'>
export type WorkloadEntry = Entry<'workloads'>
export type SystemEntry = Entry<'systems'>
export type RotaEntry = Entry<'rotas'>
export type IssuerEntry = Entry<'issuers'>
export type AccountEntry = PersonEntry['accounts'][number]
