/**
 * A register of groups with access to production, kept in version control behind code review: one line for each change,
 * with its author, its votes, who merged it, and the memberships and dates it changed. A date belongs to a person and
 * holds for every group they are in. The groups of those who left give nothing and are left out.
 */
import { z } from 'zod'
import type { Mapper } from '../mapper.ts'
import type { HistoryRecord } from '../record.ts'

const membership = z.tuple([z.string(), z.string()])

const rowSchema = z.object({
  at: z.string(),
  author: z.string(),
  merged_by: z.string(),
  tickets: z.number(),
  votes: z.array(z.tuple([z.string(), z.number(), z.string()])).default([]),
  added: z.array(membership).default([]),
  removed: z.array(membership).default([]),
  expiry_changed: z
    .array(z.object({ user: z.string(), old: z.string().nullable(), new: z.string().nullable() }))
    .default([]),
})

type Row = z.output<typeof rowSchema>

const leaverGroups = new Set(['absent', 'absent_ldap'])
/** In code review, +2 approves; +1 says that somebody else must. */
const approvingVote = 2

export const productionRoot: Mapper = {
  name: 'production-root',
  about: 'a register of production groups behind code review: author, votes, merger, memberships and expiry dates',
  open() {
    const ends = new Map<string, string | null>()
    return (row, line) => {
      const change = rowSchema.parse(row)
      for (const { user, new: end } of change.expiry_changed) ends.set(user, end)
      return recordsOf(change, line, ends)
    }
  },
}

/** A removal is held against the date that was there, and a new membership begins under the date of the same change. */
function recordsOf(row: Row, line: number, ends: ReadonlyMap<string, string | null>): HistoryRecord[] {
  const common = commonOf(row, line)
  const places = (pairs: Row['added']) => pairs.filter(([group]) => !leaverGroups.has(group))
  const access = (entitlement: string, beneficiary: string) => ({ ...common, beneficiary, entitlement, system })
  return [
    ...places(row.removed).map(([group, user]) => ({ ...access(group, user), act: 'removed' as const })),
    ...row.expiry_changed.map(({ user, old, new: end }) => ({
      ...common,
      act: 'end-changed' as const,
      beneficiary: user,
      untilBefore: old,
      until: end,
    })),
    ...places(row.added).map(([group, user]) => ({
      ...access(group, user),
      act: 'granted' as const,
      until: ends.get(user) ?? null,
    })),
  ]
}

/** All groups of the register are about one estate, which it does not name. */
const system = 'production'

function commonOf({ at, author, merged_by, tickets, votes }: Row, line: number) {
  const approvals = votes.filter(([label, vote]) => label === 'Code-Review' && vote >= approvingVote)
  const approvedBy = [...new Set([merged_by, ...approvals.map(([, , by]) => by)])]
  const machines = [...new Set([author, ...approvedBy])].filter((name) => name.startsWith('bot-'))
  return {
    at,
    change: `change ${line}`,
    askedBy: [author],
    approvedBy,
    enteredBy: merged_by,
    reference: tickets === 0 ? null : `${tickets} ${tickets === 1 ? 'ticket' : 'tickets'}`,
    ...(machines.length === 0 ? {} : { machines }),
  }
}
