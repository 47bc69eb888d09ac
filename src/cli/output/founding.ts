/** How far the beginning has come, and what still waits for the founders. */
import type { FoundingView } from '../../client/index.ts'
import { fields } from './fields.ts'
import { instantIn } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { visible } from './visible.ts'

export function foundingLines(page: Page, founding: FoundingView): readonly string[] {
  const { status, founders, needed, policy, accepted, clock, clockConfirmedBy, names } = founding
  const backwards = clock === 'went-backwards'
  return fields(page, [
    ['Founding', visible(status)],
    ['Founders', founders.map((id) => named(id, names))],
    ['Needed', `${needed} of them, one from outside the platform team`],
    ['First policy', policy === undefined ? [] : visible(policy)],
    ['Accepted by', accepted.map(({ by, at }) => `${named(by, names)}, ${instantIn(at, page.timeZone)}`)],
    [
      'Clock',
      backwards
        ? [
            {
              text: 'went backwards: nothing is given until the founders have confirmed the time',
              brush: page.paint.bad,
            },
          ]
        : 'steady',
    ],
    ['Confirmed by', clockConfirmedBy.map((id) => named(id, names))],
  ])
}
