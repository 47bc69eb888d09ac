/** What a process does without anybody asking, one thing at a time, in any order. */
import { reconcile } from '../../../src/engine/reconcile.ts'
import { sweepChanges } from '../../../src/engine/rules.ts'
import { sweep } from '../../../src/engine/sweep.ts'
import type { Dice } from '../dice.ts'
import { Broken } from '../invariants.ts'
import type { Planned } from '../moves.ts'
import { loopsOnce, type Node, type World } from '../world.ts'

const chores: Readonly<Record<string, (node: Node) => Promise<unknown>>> = {
  sweep: ({ app }) => sweep(app.machinery),
  reconcile: ({ app }) => reconcile(app.machinery),
  'everything that is due': untilNothingIsDue,
  'put changed rules into force': ({ app }) => sweepChanges(app.machinery),
  sequence: ({ store }) => store.feed.sequence(3),
  'watch the clock': ({ store }) => store.watchClock(),
}

export const reconciling: Planned = { says: 'reconcile', run: async ({ app }) => void (await reconcile(app.machinery)) }

const roundsMax = 12

/** A loop that has nothing to do must come to rest, or it would turn on the spot until time moves on. */
async function untilNothingIsDue(node: Node): Promise<void> {
  for (let rounds = 0; rounds < roundsMax; rounds++) if (!(await loopsOnce(node))) return
  throw new Broken('loops come to rest', `after ${roundsMax} rounds at one moment there is still something to do`)
}

export function loops(_: World, dice: Dice): Planned {
  const name = dice.weighted([
    [3, 'sweep'],
    [6, 'reconcile'],
    [5, 'everything that is due'],
    [1, 'put changed rules into force'],
    [1, 'sequence'],
    [1, 'watch the clock'],
  ])
  return { says: name, run: async (node) => void (await chores[name]?.(node)) }
}
