/** Something on record about the directory: what it says, who said so and why, who confirmed it. */
import type { AssertionView } from '../../client/index.ts'
import { instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { visible, visibleLines } from './visible.ts'

export function assertionSentence({ from, relation, to }: AssertionView, names: Names): string {
  return `${named(from, names)} —${visible(relation.replaceAll('-', ' '))}→ ${named(to, names)}`
}

export function assertionState(page: Page, { status }: AssertionView): string {
  const open = status === 'suggested' || status === 'proposed'
  return open
    ? page.paint.warn(visible(status))
    : status === 'confirmed'
      ? page.paint.good(visible(status))
      : visible(status)
}

export function assertionLines(page: Page, assertion: AssertionView, names: Names): readonly string[] {
  const { id, author, at, evidence, confirmed, end } = assertion
  const when = (instant: string) => instantSeen(instant, page)
  return [
    `${page.paint.strong(assertionSentence(assertion, names))}  ${assertionState(page, assertion)}`,
    `  ${visible(id)}`,
    ...(author === undefined || at === undefined
      ? ['  their names look alike']
      : [`  said by ${named(author, names)}, ${when(at)}`]),
    ...(evidence === undefined ? [] : visibleLines(evidence).map((line) => `  │ ${line}`)),
    ...(confirmed === undefined
      ? []
      : [
          `  confirmed by ${named(confirmed.by, names)}, ${when(confirmed.at)}`,
          ...visibleLines(confirmed.note).map((line) => `  │ ${line}`),
        ]),
    ...(end === undefined
      ? []
      : [
          `  ${visible(assertion.status)} by ${named(end.by, names)}, ${when(end.at)}`,
          ...visibleLines(end.reason).map((line) => `  │ ${line}`),
        ]),
  ]
}
