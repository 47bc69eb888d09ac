/**
 * What may happen next, how often, and who does it. A move looks at the world, decides with dice, and says in words what
 * it is about to do; it does not know what must hold.
 */
import type { Dice } from './dice.ts'
import { acting } from './moves/acting.ts'
import { asking } from './moves/asking.ts'
import { backward, confirming, forward } from './moves/clock.ts'
import { changingDirectory, openingSession, tampering, trouble } from './moves/happenings.ts'
import { loops } from './moves/loops.ts'
import { decidingRules, proposingRules } from './moves/rules.ts'
import { type Doom, fates } from './schedule.ts'
import type { Node, World } from './world.ts'

export interface Planned {
  readonly says: string
  /** Runs on one process. */
  readonly run: (node: Node) => Promise<void>
}

/** @returns undefined when there is nothing to do it with. */
export type Move = (world: World, dice: Dice, step: number) => Planned | undefined

/** Any two of these may happen at once. */
const commands: readonly (readonly [number, Move])[] = [
  [8, asking],
  [50, acting],
  [18, loops],
  [4, openingSession],
  [1.2, changingDirectory],
  [1.5, proposingRules],
  [2, decidingRules],
]

/** These change the world around all processes, and happen alone. */
const happenings: readonly (readonly [number, Move])[] = [
  [10, forward],
  [0.7, backward],
  [1.2, confirming],
  [4, trouble],
  [1.5, tampering],
]

export interface Chosen {
  /** What each process does, one after the other. */
  readonly planned: readonly (readonly Planned[])[]
  readonly doom?: Doom & { readonly process: number }
}

/** What happens in this step; nothing when the dice chose something there is no occasion for. */
export function choose(world: World, dice: Dice, step: number): Chosen {
  // Whoever finds the clock in doubt does not leave it so for long, or nothing would ever be given again.
  if (world.clock === 'went-backwards' && dice.chance(0.15)) return { planned: [one(confirming)] }
  if (dice.chance(0.18)) return { planned: [some(happenings, 1)] }
  const both = dice.chance(0.3)
  const planned = Array.from({ length: both ? 2 : 1 }, () => some(commands, both ? dice.one([1, 1, 2, 3]) : 1))
  if (!dice.chance(0.15)) return { planned }
  return { planned, doom: { process: dice.below(planned.length), effectsLeft: dice.below(5), fate: dice.one(fates) } }

  function one(move: Move): readonly Planned[] {
    const planned = move(world, dice, step)
    return planned === undefined ? [] : [planned]
  }

  function some(table: readonly (readonly [number, Move])[], count: number): readonly Planned[] {
    return Array.from({ length: count }, () => dice.weighted(table)(world, dice, step)).filter(
      (one) => one !== undefined,
    )
  }
}
