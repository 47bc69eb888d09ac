/** Workloads as they are shown: who answers for each, how it signs in, and what became of its overrides. */
import { z } from 'zod'
import { assertion } from './assertion.ts'
import { count, idOut, instantOut, limit, listOut, names, said, seconds, yesOrNo } from './text.ts'

const workloadId = z
  .string()
  .regex(/^wl_[A-Za-z0-9][A-Za-z0-9._:@+-]{0,190}$/, { error: 'expected an id such as `wl_settlement-bot`' })
  .meta({ description: 'Id of a workload.', examples: ['wl_settlement-bot'] })

const holder = z
  .object({
    node: idOut('A person, team or workload.', 'team_payments'),
    since: instantOut.optional().meta({
      description: 'Since when, as a source states it, or else since Countersign first saw it: it may be older.',
    }),
  })
  .meta({ id: 'WorkloadHolder', description: 'Somebody who stands in this relation to it.' })
const holders = (description: string) => listOut(holder, description)

const summary = {
  id: idOut('The workload.', 'wl_settlement-bot'),
  name: said('Its name. Data, never markup.'),
  kind: z
    .enum(['service-account', 'pipeline', 'agent', 'key'])
    .optional()
    .meta({ description: 'What runs; absent where no source says.' }),
  active: z.boolean().meta({ description: 'Known, and deactivated by no source.' }),
  orphaned: z
    .boolean()
    .meta({ description: 'Nobody who is here owns it: it gets no override until somebody has taken ownership.' }),
  ownedBy: listOut(z.string(), 'People who own it, themselves or through a team.'),
  owners: holders('Owners as the directory states them.'),
  operators: holders('Who runs it.'),
  runsOn: listOut(z.string(), 'Systems and issuers on which it has an account.'),
}

const row = z.object(summary).meta({ id: 'Workload', description: 'A workload, and who answers for it.' })

export const workloadQuery = z
  .strictObject({
    orphaned: yesOrNo('`true`: only those that nobody owns.').exactOptional(),
    after: workloadId
      .meta({ description: 'Id of the last workload looked at before: `next` of the page before.' })
      .exactOptional(),
    limit: limit(100, 1_000),
  })
  .meta({ description: 'Which workloads.' })

export const workloadPage = z
  .object({
    workloads: listOut(row, 'In the order of their ids.'),
    next: said(
      'What to send as `after` for the next page; absent on the last one. A page may have few rows.',
    ).optional(),
    names,
  })
  .meta({ id: 'WorkloadPage', description: 'A page of workloads.' })

export const workloadPath = z.strictObject({ workload: workloadId }).meta({ description: 'Which workload.' })

const credential = z
  .object({
    account: idOut('The account.', 'acc_ledger-db:settlement'),
    on: said('The system or issuer it is on.').optional(),
    login: said('Its name there, byte by byte.').optional(),
    since: instantOut.optional().meta({
      description: 'Since when, as a source states it, or else since Countersign first saw it: it may be older.',
    }),
    ageSeconds: seconds('How old it is at least; absent where nobody knows.').optional(),
  })
  .meta({ id: 'WorkloadCredential', description: 'A way in which it signs in.' })

const usage = z
  .object({
    waivers: listOut(z.string(), 'Its newest waivers, at most 20.'),
    openCount: count('Of these, open ones.'),
    lastAskedAt: instantOut.optional().meta({ description: 'When the newest was asked for.' }),
    lastUsedAt: instantOut.optional().meta({
      description: 'When a use of an override was last seen; absent: none was, which is not the same as none.',
    }),
  })
  .meta({ description: 'What became of its overrides.' })

export const workloadDetail = z
  .object({
    workload: z
      .object({
        ...summary,
        creators: holders('Who made it.'),
        credentialHolders: holders('Who has its credential, and can act as it.'),
        changers: holders('Who can change its code, prompt or pipeline.'),
        delegatesTo: holders('Workloads it may hand its authority on to.'),
        delegatedBy: holders('Workloads and people that hand theirs on to it.'),
        credentialsCount: count('Accounts it signs in with.'),
        credentials: listOut(credential, 'Shown to those who control it, and to those who see all settings.'),
      })
      .meta({ id: 'WorkloadInFull', description: 'A workload with everything the directory knows of it.' }),
    usage: usage.optional(),
    claims: listOut(assertion, 'Claims of ownership on record, newest first.'),
    names,
  })
  .meta({ id: 'WorkloadDetail', description: 'One workload.' })

export type WorkloadQuery = z.input<typeof workloadQuery>
export type WorkloadPage = z.output<typeof workloadPage>
export type WorkloadView = z.output<typeof row>
export type WorkloadDetail = z.output<typeof workloadDetail>
