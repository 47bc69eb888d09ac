/**
 * Why somebody is not independent, as it is shown: the code to everybody it concerns, the path that proves it to those
 * who decide or review, and to the person it is about.
 */
import { z } from 'zod'
import { type ConflictCode, floorConflicts, policyConflicts } from '../../core/conflict.ts'
import { idOut, listOut, said } from './text.ts'

const conflictCodes: readonly ConflictCode[] = [...floorConflicts, ...policyConflicts]

export const pathStep = z
  .object({
    from: idOut('Where the step starts.', 'per_maria'),
    relation: said('The relation as the directory names it, or `in-pool`, `requested`, … for our own records.'),
    to: idOut('Where it leads.', 'team_payments'),
    against: z.boolean().optional().meta({ description: 'True when the relation is walked against its direction.' }),
    source: said('Which source said so.'),
    revision: said('At which revision of that source; for our own records the id of the event.'),
    until: said('Set when the relation has ended and still counts. Instant in UTC.').optional(),
  })
  .meta({ id: 'PathStep', description: 'One step through the directory: `from —relation→ to`.' })

export const conflict = z
  .object({
    code: z.enum(conflictCodes).meta({ description: 'Which kind of conflict.' }),
    path: listOut(
      pathStep,
      'The steps that prove it. Only for those who decide or review, and for the person it is about.',
    ).optional(),
    because: said('The path in one sentence, with ids. Shown to the same people as the path.').optional(),
    reads: said('The path read aloud, with names. Shown to the same people as the path.').optional(),
  })
  .meta({ id: 'Conflict', description: 'A reason why somebody is not independent.' })

export const verdict = z
  .object({
    person: idOut('Whom it is about.', 'per_maria'),
    independent: z.boolean().meta({ description: 'Outside both the requesting and the granting path.' }),
    conflicts: listOut(conflict, 'Every conflict found, each once.'),
    additionalCountersigners: z
      .int()
      .meta({ description: '1 when reciprocal approvals ask for one more countersigner, otherwise 0.' }),
  })
  .meta({ id: 'Verdict', description: 'Whether somebody is independent, and why not.' })

export const excluded = z
  .object({
    person: idOut('Whom it is about.', 'per_tom'),
    pool: idOut('The pool they are in.', 'security-approvers'),
    conflicts: listOut(conflict, 'Why they may not decide this.'),
  })
  .meta({ id: 'Excluded', description: 'A member of a deciding pool who may not decide this, and why.' })

export type ConflictView = z.output<typeof conflict>
export type VerdictView = z.output<typeof verdict>
export type ExcludedView = z.output<typeof excluded>
