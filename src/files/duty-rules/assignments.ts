/**
 * Reads who holds what from the plainest file there is: one pair of a holder and an entitlement a line, apart by a tab
 * or by spaces. With a tab, names may contain spaces. It says nothing of what the entitlements contain.
 */
import type { Assignment, EntitlementContents } from '../../core/duties.ts'
import { inert } from '../validate.ts'
import { capped, type FileText, type Problem, type Read } from '../yaml.ts'

export interface AssignmentList {
  /** In the order of the file; a pair that is written twice stands here twice. */
  readonly assignments: readonly Assignment[]
  /** Every entitlement that occurs, with nothing in it. */
  readonly entitlements: readonly EntitlementContents[]
  readonly counts: { readonly holders: number; readonly entitlements: number; readonly pairs: number }
}

/** @returns the pairs, or every line that is none. Empty lines and lines that begin with `#` are passed over. */
export function readAssignments(file: FileText): Read<AssignmentList> {
  const problems: Problem[] = []
  const assignments: Assignment[] = []
  const [holders, entitlements] = [new Set<string>(), new Set<string>()]
  for (const [index, line] of file.text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [holder = '', entitlement = '', ...more] = line.trim().split(line.trim().includes('\t') ? /\t+/ : / +/)
    if (entitlement === '' || more.length > 0) {
      problems.push({ where: `${file.name}:${index + 1}:1`, message: problemOf(line) })
      continue
    }
    holders.add(holder)
    entitlements.add(entitlement)
    assignments.push({ holder, entitlement })
  }
  if (problems.length > 0) return { problems: capped(problems) }
  const counts = { holders: holders.size, entitlements: entitlements.size, pairs: assignments.length }
  return { value: { assignments, entitlements: [...entitlements].map((id) => ({ id, duties: [] })), counts } }
}

function problemOf(line: string): string {
  return `expected a holder and an entitlement, apart by a tab or by spaces, got \`${inert(line.trim())}\``
}
