/** Who says what about somebody, and what reading the sources now would change. Shown, never written. */
import { z } from 'zod'
import { count, idOut, instantOut, listOut, names, none, said } from './text.ts'

const saying = z
  .object({
    source: said('Which source says so.'),
    since: said('Since when, by that source. Instant in UTC.').optional(),
    until: said('Until when, by that source. Instant in UTC.').optional(),
    confirmed: z
      .boolean()
      .optional()
      .meta({ description: 'Links between accounts and people: confirmed by somebody independent.' }),
  })
  .meta({ description: 'What one source says of a fact.' })

const node = z
  .object({
    id: idOut('Id in the directory.', 'per_maria'),
    source: said('Which source describes it so.'),
    kind: said('What it is.'),
    name: said('Its name. Data, never markup.'),
    external: z.boolean().optional().meta({ description: 'People: not employed here.' }),
    workloadKind: said('Workloads: what runs.').optional(),
    on: said('Accounts: the system or issuer it lives on.').optional(),
    login: said('Accounts: its name there.').optional(),
    until: said('When it was deactivated or no longer reported. Instant in UTC.').optional(),
  })
  .meta({ description: 'Somebody or something as one source describes it.' })

const step = z
  .object({
    from: idOut('From.', 'per_maria'),
    relation: said('The relation.'),
    to: idOut('To.', 'team_payments'),
    source: said('Which source said so.'),
  })
  .meta({ description: 'One step of a path.' })

export const provenance = z
  .object({
    id: idOut('Of whom or what.', 'per_maria'),
    sources: listOut(
      z
        .object({
          id: idOut('The source.', 'hr'),
          revision: said("The source's own revision."),
          observedAt: instantOut.nullable().meta({ description: 'When it was last read; null when that is unknown.' }),
          stale: z.boolean().meta({ description: 'Too old: its facts no longer count as known.' }),
        })
        .meta({ description: 'A source that says something about it.' }),
      'Sources that say something about it.',
    ),
    descriptions: listOut(node, "As each source describes it; the first one's name is shown everywhere."),
    relations: listOut(
      z
        .object({
          from: idOut('From.', 'per_maria'),
          relation: said('The relation, read from left to right.'),
          to: idOut('To.', 'team_payments'),
          said: listOut(saying, 'Every source that states it.'),
          silent: listOut(z.string(), 'Sources that know both ends and state such relations there, and not this one.'),
        })
        .meta({ description: 'One relation with everybody who states it.' }),
      'What it is related to.',
    ),
    access: listOut(
      z
        .object({
          holder: idOut('Whom it is stated for.', 'team_payments'),
          system: idOut('On which system.', 'sys_ledger-db'),
          entitlement: said('Which entitlement.'),
          said: listOut(saying, 'Every source that states it.'),
        })
        .meta({ description: 'Standing access, as it is stated.' }),
      'Standing access stated for it, or on it.',
    ),
    uses: listOut(
      z
        .object({
          system: idOut('On which system.', 'sys_ledger-db'),
          entitlement: said('Which entitlement.'),
          holder: idOut('Whom it is stated for.', 'team_payments'),
          source: said('Which source said so.'),
          path: listOut(step, 'How one comes from here to the holder.'),
        })
        .meta({ description: 'Access that can be used.' }),
      'What can be used by other means than waivers, through teams and workloads too.',
    ),
    absences: listOut(
      z
        .object({ start: instantOut, end: instantOut, source: said('Which source said so.') })
        .meta({ description: 'Away.' }),
      'Leave.',
    ),
    disagreements: listOut(
      z
        .object({ about: said('What it is about.'), sentence: said('Who says what, and what is made of it.') })
        .meta({ description: 'Sources that do not say the same.' }),
      'Where sources disagree. The stricter reading counts.',
    ),
    names,
  })
  .meta({ id: 'Provenance', description: 'Who says what about somebody or something.' })

const relation = z
  .object({
    from: idOut('From.', 'per_maria'),
    relation: said('The relation.'),
    to: idOut('To.', 'team_payments'),
    source: said('Which source.'),
  })
  .meta({ description: 'A relation of one source.' })

const access = z
  .object({
    holder: idOut('Whom it is stated for.', 'team_payments'),
    system: idOut('On which system.', 'sys_ledger-db'),
    entitlement: said('Which entitlement.'),
    source: said('Which source.'),
  })
  .meta({ description: 'Standing access of one source.' })

const facts = (description: string) =>
  z
    .object({
      nodes: listOut(node, 'People, accounts, teams, workloads, systems, rotas.'),
      relations: listOut(relation, 'Relations between them.'),
      access: listOut(access, 'Standing access.'),
    })
    .meta({ description })

export const diffBody = none.meta({
  id: 'DirectoryDiffAsked',
  description: 'Reads the configured sources. Nothing is taken from the caller.',
})

export const directoryDiff = z
  .object({
    sources: listOut(
      z
        .object({
          kind: said('Which kind of source.'),
          source: said('Its id.').optional(),
          outcome: z.enum(['change', 'none', 'unreadable', 'hold']).meta({
            description:
              '`hold`: it says so much less that its word would be held until somebody confirms it; what it would change is not counted here.',
          }),
          problems: listOut(z.string(), 'What was wrong, with its place.'),
        })
        .meta({ description: 'What became of reading one source.' }),
      'One row a source.',
    ),
    added: facts('What would come.'),
    removed: facts('What would end.'),
    changed: listOut(
      z.object({ before: node, after: node }).meta({ description: 'The same, described otherwise.' }),
      'What would be described otherwise.',
    ),
    counts: z
      .object({
        added: count('Facts that would come.'),
        removed: count('Facts that would end.'),
        changed: count('Described otherwise.'),
        turnsAdded: count('Turns of duty that would come.'),
        turnsRemoved: count('Turns of duty that would be called off.'),
      })
      .meta({ description: 'How much there is in all; the lists show the first thousand of each.' }),
    complete: z.boolean().meta({ description: 'True when every source could be read.' }),
    names,
  })
  .meta({ id: 'DirectoryDiff', description: 'What reading the sources now would change.' })

export type ProvenanceView = z.output<typeof provenance>
export type DirectoryDiffView = z.output<typeof directoryDiff>
