// The commands about drift and habit.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addList } from './list.ts'
import { addRead } from './read.ts'
import { addReview } from './review.ts'
import { addShow } from './show.ts'
import { addStanding } from './standing.ts'

export function addDrift(program: Command, registry: Registry): void {
  const drift = program
    .command('drift')
    .summary('what is live and should not be, and what waivers come to')
    .description(
      'Live access read back from targets beside live waivers: access without a waiver, ends that were moved, accounts a waiver does not name, workloads nobody owns; and habits: the same asked for again and again, and access nobody used. By itself it lists what is open, and how much is known of each target.',
    )
  for (const add of [addList, addShow, addReview, addRead, addStanding]) add(drift, registry)
}
