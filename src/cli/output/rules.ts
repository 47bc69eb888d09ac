/** Rules for people: what changes between two policies, and a policy as a whole. */
import { stringify } from 'yaml'
import type { RuleDifference } from '../../core/rules-diff.ts'
import type { Page } from './page.ts'
import { visible } from './visible.ts'
import { wrap } from './wrap.ts'

type Difference = Omit<RuleDifference, 'before' | 'after'> & { readonly before?: unknown; readonly after?: unknown }

/** Every difference, with both values in full. Looser ones stand out: whoever made them must not profit from them. */
export function differenceLines(page: Page, differences: readonly Difference[]): readonly string[] {
  const { paint } = page
  return differences.flatMap((one) => {
    const brush = one.direction === 'looser' ? paint.warn : paint.good
    return [
      `${brush(one.direction)}  ${visible(one.path)}`,
      ...valueLines(page, '-', one.before, paint.bad),
      ...valueLines(page, '+', one.after, paint.good),
    ]
  })
}

function valueLines({ width }: Page, mark: string, value: unknown, brush: (text: string) => string): readonly string[] {
  if (value === undefined) return []
  // A text of several lines, such as a guardrail, is read as it was written.
  const texts = typeof value === 'string' && value.includes('\n') ? value.split('\n') : [JSON.stringify(value)]
  return texts
    .flatMap((text) => wrap(visible(text), Math.max(20, width - 10)))
    .map((line, index) => brush(`        ${index === 0 ? mark : ' '} ${line}`))
}

/** The whole policy, in the form of its files' data; nothing is left out. */
export function wholePolicyLines(policy: unknown, width: number): readonly string[] {
  return stringify(policy, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrap(visible(line), width))
}
