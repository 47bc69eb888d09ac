/** Coverage as it is shown: the hours ahead, who is on duty in them, and what would close those in which nobody is. */
import { z } from 'zod'
import { poolMember } from './pool-member.ts'
import { count, idOut, instant, instantOut, limit, listOut, names, nodeId, poolId, systemId, yesOrNo } from './text.ts'

export const coverageQuery = z
  .strictObject({
    group: nodeId.exactOptional().meta({
      description: 'A team, a rota or a workload: by system. Left out: all teams and rotas, or all workloads.',
    }),
    of: z
      .enum(['teams-and-rotas', 'workloads'])
      .default('teams-and-rotas')
      .meta({ description: 'Whom to look at when no `group` is named.' }),
    system: systemId.exactOptional().meta({ description: 'Only what can be asked for on this system.' }),
    from: instant
      .exactOptional()
      .meta({ description: 'When the first hour begins. Default: the hour that is running, UTC.' }),
    weeks: z
      .string()
      .regex(/^(?:[1-9]|1[0-2])$/, { error: 'expected a whole number from 1 to 12' })
      .default('4')
      .meta({ description: 'How many weeks; 1 to 12.', examples: ['4'] }),
    remedy: yesOrNo('Also look for the smallest change to a pool or a rota that closes the hours.').default('false'),
    limit: limit(100, 1_000).meta({ description: 'Rows at most, those with most uncovered hours first; 1 to 1000.' }),
  })
  .meta({ description: 'Which coverage.' })

const hourly = (description: string) => z.array(z.int().nullable()).readonly().meta({ description })
const hours = (description: string) => z.array(z.int()).readonly().meta({ description })

const span = z
  .object({ start: instantOut, end: instantOut })
  .meta({ id: 'Span', description: 'From the start up to, not including, the end.' })

const row = z
  .object({
    group: idOut('Team, rota or workload.', 'team_payments'),
    kind: z.enum(['team', 'rota', 'workload']).meta({ description: 'What it is.' }),
    system: idOut('Set when the row is about one system only.', 'sys_ledger-db').optional(),
    askers: count('How many of it could ask.'),
    counts: hourly(
      'By hour: independent people on duty, at the worst moment of it, for whoever would be left most alone. `null`: nobody would ask.',
    ),
    needed: hourly('By hour: how many are needed.'),
    callable: hourly('By hour: independent people of the pools who are neither on duty nor away.'),
    uncovered: hours('Numbers of the hours in which there are too few; the first hour is 0.'),
    unplanned: hours('Numbers of the hours for which no rota says anything yet.'),
  })
  .meta({ id: 'CoverageRow', description: 'Somebody who could ask, hour by hour.' })

const gap = z
  .object({
    group: idOut('Who could ask.', 'team_payments'),
    kind: z.enum(['team', 'rota', 'workload']).meta({ description: 'What it is.' }),
    alsoFor: listOut(z.string(), 'Others of whom the same is true.'),
    asker: idOut('Whoever of them would be left most alone.', 'per_maria'),
    system: idOut('What is asked for.', 'sys_ledger-db'),
    tier: idOut('In which tier.', 'high'),
    pools: listOut(z.string(), 'Who decides it.'),
    needed: count('How many are needed.'),
    count: count('How many independent people are on duty.'),
    planned: z.boolean().meta({ description: 'False: no rota says anything about these hours yet.' }),
    spans: listOut(span, 'When.'),
    hours: count('How many hours that is.'),
    people: listOut(poolMember, 'Everybody of the pools, those on duty first.'),
  })
  .meta({ id: 'CoverageGap', description: 'Hours in which somebody would ask and find nobody independent on duty.' })

const step = z
  .object({
    kind: z
      .enum(['turns', 'join'])
      .meta({ description: '`turns`: on duty at these times as well. `join`: comes into the pool first.' }),
    person: idOut('Who.', 'per_ines'),
    pool: idOut('For which pool.', 'security-approvers'),
    rota: idOut('On which rota; absent where the pool has none.', 'rota_security-duty').optional(),
    spans: listOut(span, 'When.'),
    hours: z.number().meta({ description: 'How many hours that is.' }),
    countsFrom: instantOut
      .optional()
      .meta({ description: 'Where the policy asks for time in the pool: from then on.' }),
  })
  .meta({ description: 'What one person would do.' })

const remedy = z
  .object({
    steps: listOut(step, 'The change; empty when none would close anything.'),
    search: z.enum(['exact', 'greedy']).meta({
      description:
        '`exact`: fewer people from elsewhere would not do, nor, beside these, fewer of the pools. `greedy`: fewer might.',
    }),
    couldShare: listOut(z.string(), 'Others of the pools who could take some of these turns.'),
    lookedAt: z
      .object({ people: count('Looked at for joining a pool.'), of: count('People there are.') })
      .optional()
      .meta({ description: 'Set when people from elsewhere were looked at.' }),
    before: count('Uncovered hours of all rows together.'),
    after: count('The same, computed again with the change made.'),
    unclosable: z.number().meta({ description: 'Hours that nobody who was looked at could close.' }),
  })
  .meta({ id: 'CoverageRemedy', description: 'The smallest change to a pool or a rota. Nothing of it is done.' })

export const coverage = z
  .object({
    from: instantOut,
    hours: count('How many hours are looked at.'),
    rows: listOut(row, 'Those with most uncovered hours first.'),
    rowsLeft: count('Rows beyond those shown.'),
    totals: z
      .object({
        rows: count('Rows there are.'),
        rowsUncovered: count('Those with an uncovered hour.'),
        uncovered: count('Uncovered hours, summed over all rows.'),
        unplanned: count('Hours not planned yet, summed over all rows.'),
        uncoveredHours: count('Different hours in which at least one row is uncovered.'),
      })
      .meta({ description: 'Of all rows, also those that are not shown.' }),
    gaps: listOut(gap, 'Of the rows shown, the most hours first.'),
    gapsLeft: count('Gaps beyond those shown.'),
    pools: listOut(
      z
        .object({
          pool: poolId,
          rotas: listOut(z.string(), 'Who says who is on duty; empty: everybody, always.'),
          plannedUntil: instantOut
            .nullable()
            .optional()
            .meta({ description: 'Until when the rotas say so; `null`: never; absent without a rota.' }),
        })
        .meta({ description: 'A pool that decides some of it.' }),
      'The pools that decide.',
    ),
    remedy: remedy.optional(),
    names,
  })
  .meta({ id: 'Coverage', description: 'Who could decide in the hours ahead.' })

export type CoverageQuery = z.input<typeof coverageQuery>
export type CoverageView = z.output<typeof coverage>
