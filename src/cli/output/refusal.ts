/**
 * A no, so that it can be understood and acted upon: its sentence, its code, where the limit is set, each conflict with its
 * path, who else was looked at, and what to do now. It never looks like success.
 */
import type { ProblemView } from '../../client/index.ts'
import { conflictLines } from './conflicts.ts'
import { exactly } from './moments.ts'
import { named } from './names.ts'
import { nextStep } from './next-steps.ts'
import type { Page } from './page.ts'
import { quoted, visible } from './visible.ts'

/** @param about the waiver or change it was about */
export function refusalLines(page: Page, problem: ProblemView, about?: string): readonly string[] {
  const { code, detail, at, limit, conflicts = [], excluded = [], nearest = [], errors = [], names = {} } = problem
  const next = nextStep(code, about)
  return [
    `${page.paint.bad('refused')}: ${visible(detail)}`,
    `  code: ${visible(code)}${at === undefined ? '' : `, at ${quoted(at)}`}`,
    ...(limit === undefined ? [] : [`  limit: ${amount(limit)}, set in ${visible(limit.setIn)}`]),
    ...errors.map((error) => `  ${quoted(error.at)}: ${visible(error.message)}`),
    ...(nearest.length === 0 ? [] : [`  there is: ${nearest.map(quoted).join(', ')}`]),
    ...conflictLines(page, conflicts, names),
    ...excluded.flatMap(({ person, pool, conflicts: out }) => [
      `  ${named(person, names)} of ${quoted(pool)} is out:`,
      ...conflictLines(page, out, names, 4),
    ]),
    ...(next === '' ? [] : [`  next: ${next}`]),
  ]
}

/** Limits that are no counts are lengths of time, in seconds. */
function amount({ value, setIn }: NonNullable<ProblemView['limit']>): string {
  if (typeof value === 'string') return visible(value)
  return /count/i.test(setIn) ? String(value) : exactly(value)
}
