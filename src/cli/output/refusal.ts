/**
 * A no, so that it can be understood and acted upon: its sentence, its code, where the limit is set, each conflict with its
 * path, who else was looked at, and what to do now. It never looks like success.
 */
import type { Refusal } from '../../core/refusal.ts'
import { conflictLines } from './conflicts.ts'
import { exactly } from './moments.ts'
import { named } from './names.ts'
import { nextStep } from './next-steps.ts'
import type { Names, Page } from './page.ts'
import { quoted, visible } from './visible.ts'

export function refusalLines(page: Page, refusal: Refusal, names: Names, id?: string): readonly string[] {
  const { code, message, at, limit, conflicts = [], excluded = [], nearest = [] } = refusal
  const next = nextStep(code, id)
  return [
    `${page.paint.bad('refused')}: ${visible(message)}`,
    `  code: ${visible(code)}${at === undefined ? '' : `, at ${quoted(at)}`}`,
    ...(limit === undefined ? [] : [`  limit: ${amount(limit)}, set in ${visible(limit.setIn)}`]),
    ...(nearest.length === 0 ? [] : [`  there is: ${nearest.map(quoted).join(', ')}`]),
    ...conflictLines(page, conflicts, names),
    ...excluded.flatMap(({ person, pool, conflicts: out }) => [
      `  ${named(person, names)} of ${quoted(pool)} is out:`,
      ...conflictLines(page, out, names, 4),
    ]),
    ...(next === '' ? [] : [`  next: ${next}`]),
  ]
}

function amount({ value, setIn }: NonNullable<Refusal['limit']>): string {
  if (typeof value === 'string') return visible(value)
  return /Seconds|Max$|Within$|max$/.test(setIn) && !/count/i.test(setIn) ? exactly(value) : String(value)
}
