/** Which looks back are due, the overdue ones first. */

import type { Command } from 'commander'
import type { Reviews } from '../../client/index.ts'
import { wholeNumber } from '../input/number.ts'
import { instantSeen } from '../output/moments.ts'
import { named } from '../output/names.ts'
import type { Page } from '../output/page.ts'
import { table } from '../output/table.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'

export function addReviews(program: Command, registry: Registry): void {
  program
    .command('reviews')
    .summary('reviews that are open')
    .description('Lists open reviews of waivers you may read, overdue ones first.')
    .option('--limit <count>', 'how many at most, 1 to 500', '100')
    .action(
      performs<{ readonly limit: string }>(registry, async (call, { limit }) => {
        const { client } = await sessionOf(call)
        const reviews = answered(await client.reviews({ limit: wholeNumber(limit, '--limit', 1, 500) }))
        return { document: reviews, lines: reviewsLines(call.page, reviews) }
      }),
    )
}

type Row = Reviews['reviews'][number]

function reviewsLines(page: Page, { reviews, complete, names }: Reviews): readonly string[] {
  const columns = [
    { title: 'Waiver', cell: ({ waiver }: Row) => visible(waiver) },
    {
      title: 'Due',
      cell: ({ dueAt, overdue }: Row) => `${overdue ? 'OVERDUE ' : ''}${instantSeen(dueAt, page)}`,
      paint: (text: string, { overdue }: Row) => (overdue ? page.paint.bad(text) : text),
    },
    { title: 'Beneficiary', cell: ({ beneficiary }: Row) => named(beneficiary, names) },
    { title: 'System', cell: ({ system }: Row) => named(system, names) },
    { title: 'Ended', cell: ({ cause }: Row) => visible(cause) },
    { title: 'Removal', cell: ({ removal }: Row) => visible(removal) },
    { title: 'Residue', cell: ({ residue }: Row) => residue.map(quoted).join(', ') },
    { title: 'You may', cell: ({ mayReview }: Row) => (mayReview ? 'yes' : 'no') },
  ]
  return [
    ...(reviews.length === 0 ? ['no open reviews'] : table(page, columns, reviews)),
    ...(complete ? [] : ['there are more than could be looked at; close some and ask again']),
  ]
}
