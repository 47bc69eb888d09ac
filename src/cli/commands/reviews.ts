/** Which looks back are due, the overdue ones first. */

import type { Command } from 'commander'
import { wholeNumber } from '../input/number.ts'
import { reviewsLines } from '../output/reviews-lines.ts'
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
