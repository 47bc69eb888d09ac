/**
 * Does it hold? In the terminal what the page Oversight shows, by the same questions: what is overdue, what keeps happening,
 * how fast and by whom it is decided. Whoever does not look over everything gets the part that is theirs to read.
 */
import type { Command } from 'commander'
import { instantOf } from '../../core/time.ts'
import { wholeNumber } from '../input/number.ts'
import { type Oversight, oversightLines } from '../output/oversight-lines.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, type Session, sessionOf } from '../session.ts'

interface Options {
  readonly days: string
}

const dayMillis = 86_400_000
/** The server counts no longer periods, and a day of them may have begun already. */
const daysMax = 799

export function addOversight(program: Command, registry: Registry): void {
  program
    .command('oversight')
    .summary('does it hold: what is overdue, how fast it is decided, and by whom for whom')
    .description(
      'Open removals, reviews that are due, how much drift is open; and for those who look over everything the figures of the last days: what was asked and what came of it, how fast it was decided, how long access lasted, what was refused for what, and who approved for whom.',
    )
    .option('--days <number>', `how many days back, 1 to ${daysMax}`, '90')
    .action(
      performs<Options>(registry, async (call, { days }) => {
        const from = startOf(wholeNumber(days, '--days', 1, daysMax), call.context.nowMillis())
        const seen = await everythingSeen(await sessionOf(call), from)
        return { document: seen, lines: oversightLines(call.page, seen) } satisfies Shown
      }),
    )
}

/** Midnight, so many days ago, as on the page: the server has counted for it already when several ask on one day. */
function startOf(days: number, nowMillis: number): string {
  return instantOf((Math.floor(nowMillis / dayMillis) - days) * dayMillis)
}

async function everythingSeen({ client }: Session, from: string): Promise<Oversight> {
  const { oversees } = answered(await client.me())
  const [removals, reviews, drift] = await Promise.all([
    client.removals({ limit: 100 }),
    client.reviews({ limit: 100 }),
    client.drift({ limit: '100' }),
  ])
  const everybody = { removals: answered(removals), reviews: answered(reviews), drift: answered(drift) }
  if (!oversees) return everybody
  const [figures, approvals] = await Promise.all([client.figures({ from }), client.approvals({ from, limit: 20 })])
  return { ...everybody, figures: answered(figures), approvals: answered(approvals) }
}
