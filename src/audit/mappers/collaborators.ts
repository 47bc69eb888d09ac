/**
 * Outside collaborators of repositories, as a history of their register: one line for each grant, removal and change of
 * a date, a permission or a text. Whoever merged a pull request approved it; where a change did not come by a merge,
 * nobody can say who wrote it and who approved it, and this mapper does not try.
 */
import { z } from 'zod'
import type { Mapper } from '../mapper.ts'
import type { ActKind, HistoryRecord } from '../record.ts'

const stateSchema = z.object({
  permission: z.string(),
  supplier: z.string().optional(),
  reason: z.string().optional(),
  sponsor: z.string().optional(),
  review_after: z.string().optional(),
})

const rowSchema = z.object({
  at: z.string(),
  type: z.enum(['grant', 'remove', 'review_after_change', 'permission_change', 'metadata_change']),
  change: z.string().optional(),
  by_merge: z.boolean(),
  repository: z.string(),
  subject: z.string(),
  merged_by: z.string(),
  authors: z.array(z.string()).optional(),
  new: stateSchema.optional(),
  old: stateSchema.optional(),
})

type Row = z.output<typeof rowSchema>
type State = z.output<typeof stateSchema>

const kinds: Readonly<Record<Row['type'], ActKind>> = {
  grant: 'granted',
  remove: 'removed',
  review_after_change: 'end-changed',
  permission_change: 'access-changed',
  metadata_change: 'noted',
}

export const collaborators: Mapper = {
  name: 'collaborators',
  about: 'outside collaborators of repositories: grants, removals and changes of `review_after`, one a line',
  open: () => (row) => [recordOf(rowSchema.parse(row))],
}

function recordOf(row: Row): HistoryRecord {
  const { old, new: now } = row
  const state = (now ?? old) as State
  return {
    at: row.at,
    act: kinds[row.type],
    beneficiary: row.subject,
    grant: `${row.repository}/${row.subject}`,
    system: row.repository,
    entitlement: state.permission,
    ...(now !== undefined && old !== undefined && old.permission !== now.permission
      ? { entitlementBefore: old.permission }
      : {}),
    ...(state.supplier === undefined ? {} : { team: state.supplier }),
    // Direct commits have no number; what was committed in the same second was one commit.
    change: row.change === undefined ? `commit of ${row.at}` : `#${row.change}`,
    ...peopleOf(row),
    ...(now === undefined ? {} : { until: now.review_after ?? null }),
    ...(old === undefined ? {} : { untilBefore: old.review_after ?? null }),
    ...(now === undefined ? {} : { reason: now.reason ?? null, sponsor: now.sponsor ?? null }),
  }
}

function peopleOf({ by_merge, authors, merged_by }: Row): Partial<HistoryRecord> {
  const machines = [...new Set([...(authors ?? []), merged_by])].filter((name) => name.startsWith('bot-'))
  return {
    enteredBy: merged_by,
    ...(by_merge ? { approvedBy: [merged_by] } : {}),
    ...(by_merge && authors !== undefined && authors.length > 0 ? { askedBy: authors } : {}),
    ...(machines.length === 0 ? {} : { machines }),
  }
}
