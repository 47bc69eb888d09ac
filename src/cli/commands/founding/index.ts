// The commands of the founders. They never grant access.
import type { Command } from 'commander'
import type { Registry } from '../../perform.ts'
import { addAccept } from './accept.ts'
import { addConfirmClock } from './confirm-clock.ts'
import { addShow } from './show.ts'

export function addFounding(program: Command, registry: Registry): void {
  const founding = program
    .command('founding')
    .summary('the beginning, and the founders')
    .description(
      'What the founders do: accept the first policy, and confirm the time after the clock went backwards. They never grant access.',
    )
  for (const add of [addShow, addAccept, addConfirmClock]) add(founding, registry)
}
