/** The directory as it is shown: how fresh it is, who is in it, and how one of them stands to others. No free-form writes. */
import { z } from 'zod'
import { count, idOut, instantOut, limit, listOut, names, nodeId, none, said } from './text.ts'

const kind = z.enum(['person', 'account', 'team', 'workload', 'system', 'rota']).meta({ description: 'What it is.' })

export const directory = z
  .object({
    revision: said('Digest of the facts in force; absent before the first import.').optional(),
    ageSeconds: z
      .number()
      .nullable()
      .meta({ description: 'Age of its oldest source, in seconds; null when that is unknown.' }),
    fresh: z
      .boolean()
      .meta({ description: 'False when a source is too old: then nobody counts as independent by it.' }),
    sources: listOut(
      z
        .object({
          id: idOut('The source.', 'hr'),
          revision: said("The source's own revision."),
          observedAt: instantOut.nullable().meta({ description: 'When it was last read; null when that is unknown.' }),
          ageSeconds: z.number().nullable().meta({ description: 'How long ago, in seconds.' }),
          staleAt: instantOut.nullable().meta({ description: 'From then on its facts no longer count as known.' }),
          stale: z.boolean().meta({ description: 'That has come.' }),
        })
        .meta({ description: 'One source.' }),
      'Where the facts come from.',
    ),
    counts: z
      .object({
        nodes: count('People, accounts, teams, workloads, systems, rotas.'),
        relations: count('Relations between them.'),
        shifts: count('Turns of duty.'),
      })
      .meta({ description: 'How much there is.' }),
  })
  .meta({ id: 'Directory', description: 'Which directory is in force and how old it is.' })

export const importBody = none.meta({
  id: 'Import',
  description: 'Reads the configured sources now. Nothing is taken from the caller.',
})

export const imported = z
  .object({
    reports: listOut(
      z
        .object({
          kind: said('Which kind of source.'),
          source: said('Its id, when it could be read.').optional(),
          outcome: z.enum(['changed', 'unchanged', 'unreadable', 'held']).meta({
            description:
              '`unreadable`, and `held` because it suddenly says much less: its last good facts stay in force until they are too old.',
          }),
          problems: listOut(z.string(), 'What was wrong, with its place.'),
          at: instantOut,
        })
        .meta({ description: 'What became of one source.' }),
      'One row a source.',
    ),
    complete: z.boolean().meta({ description: 'True when every source could be read and is believed.' }),
    replayed: z.boolean().meta({ description: 'True when this was answered before under the same Idempotency-Key.' }),
  })
  .meta({ id: 'Imported', description: 'What reading the sources led to.' })

export const node = z
  .object({
    id: idOut('Id in the directory.', 'per_maria'),
    kind,
    name: said('Its name. Data, never markup.'),
    external: z.boolean().optional().meta({ description: 'People: not employed here.' }),
    workloadKind: said('Workloads: what runs.').optional(),
    on: said('Accounts: the system or issuer it lives on.').optional(),
    login: said('Accounts: its name there.').optional(),
    until: said('When it was deactivated or no longer reported. Instant in UTC.').optional(),
  })
  .meta({ id: 'Node', description: 'Somebody or something in the directory.' })

export const nodeQuery = z
  .strictObject({
    search: z
      .string()
      .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,100}$/u, { error: 'expected 1 to 100 visible characters' })
      .meta({ description: 'Part of a name, an id or a login; letter case does not count.', examples: ['maria'] }),
    kind: kind.exactOptional(),
    limit: limit(20, 100),
  })
  .meta({ description: 'What to look for.' })

export const nodes = z
  .object({
    nodes: listOut(node, 'Best matches first.'),
    more: z.boolean().meta({ description: 'There are more; search more exactly.' }),
  })
  .meta({ id: 'Nodes', description: 'What was found.' })

export const nodePath = z.strictObject({ node: nodeId }).meta({ description: 'Which node.' })

export const nodeDetail = z
  .object({
    node,
    accounts: listOut(
      node,
      'Accounts that are theirs beyond doubt; only for them, whoever answers for them, and those who decide or review.',
    ),
    relations: listOut(
      z
        .object({
          from: idOut('From.', 'per_maria'),
          relation: said('The relation, read from left to right.'),
          to: idOut('To.', 'team_payments'),
          source: said('Which source said so.'),
          since: said('Since when. Instant in UTC.').optional(),
          until: said('Until when. It goes on counting for a while. Instant in UTC.').optional(),
          confirmed: z
            .boolean()
            .optional()
            .meta({ description: 'Links between accounts and people: confirmed by somebody independent.' }),
        })
        .meta({ description: 'One relation.' }),
      'Only for those who decide or review, and for the person it is about.',
    ).optional(),
    turns: listOut(
      z
        .object({
          rota: idOut('Which rota.', 'rota_payments-primary'),
          person: idOut('Who is on duty.', 'per_maria'),
          start: instantOut,
          end: instantOut,
          source: said('Which source said so.'),
        })
        .meta({ description: 'One turn of duty.' }),
      'Rotas and people: the next 30 turns of duty. For whoever sees the relations.',
    ).optional(),
    names,
  })
  .meta({ id: 'NodeDetail', description: 'A node of the directory.' })

export type DirectoryView = z.output<typeof directory>
export type Imported = z.output<typeof imported>
export type NodeView = z.output<typeof node>
export type Nodes = z.output<typeof nodes>
export type NodeDetail = z.output<typeof nodeDetail>
export interface NodeQuery {
  readonly search: string
  readonly kind?: z.output<typeof kind>
  readonly limit?: number
}
