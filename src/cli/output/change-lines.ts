/** A change to the rules, whole: who wants it, why, every difference with both values, and who comes into a pool by it. */
import type { ChangeView } from '../../client/index.ts'
import { fields, spokenText } from './fields.ts'
import { instantIn, instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { visible, visibleLines } from './visible.ts'

export function changeLines(page: Page, change: ChangeView, names: Names): readonly string[] {
  const { author, at, reason, base, proposed, countersignatures, effectiveAt, end } = change
  return [
    page.paint.strong(`${visible(change.id)}  ${visible(change.status.toUpperCase())}`),
    ...fields(page, [
      ['By', named(author, names)],
      ['Proposed', instantSeen(at, page)],
      ['Reason', spokenText(visibleLines(reason), page.width)],
      ['Made on', visible(base)],
      ['Proposes', visible(proposed)],
      ['Signed by', countersignatures.map((one) => `${named(one.by, names)}, ${instantIn(one.at, page.timeZone)}`)],
      ['In force', effectiveAt === undefined ? [] : instantSeen(effectiveAt, page)],
      [
        'Ended',
        end === undefined
          ? []
          : [
              `by ${named(end.by, names)}, ${instantSeen(end.at, page)}`,
              ...spokenText(visibleLines(end.reason), page.width),
            ],
      ],
      ['Admits', change.admits.map((id) => named(id, names))],
    ]),
  ]
}
