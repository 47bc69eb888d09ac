/**
 * What may happen next, how often, and who does it. A move looks at the world, decides with dice, and says in words what
 * it is about to do; it does not know what must hold.
 */
import type { Dice } from './dice.ts'
import { acting } from './moves/acting.ts'
import { asking } from './moves/asking.ts'
import { backward, confirming, forward } from './moves/clock.ts'
import { crowding } from './moves/crowding.ts'
import { changingDirectory, openingSession, tampering, trouble } from './moves/happenings.ts'
import { loops, reconciling } from './moves/loops.ts'
import { askingAtOnce, isUnreached, turning } from './moves/pressing.ts'
import { decidingRules, proposingRules } from './moves/rules.ts'
import { accounts } from './organisation.ts'
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
const commands: Readonly<Record<string, readonly [number, Move]>> = {
  asking: [8, asking],
  acting: [50, acting],
  loops: [18, loops],
  sessions: [4, openingSession],
  directory: [3, changingDirectory],
  proposing: [1.5, proposingRules],
  deciding: [2, decidingRules],
}

/** These change the world around all processes, and happen alone. */
const happenings: Readonly<Record<string, readonly [number, Move]>> = {
  forward: [10, forward],
  backward: [0.7, backward],
  confirming: [1.2, confirming],
  trouble: [4, trouble],
  tampering: [1.5, tampering],
}

/**
 * What a world is given to. Worlds that have a little of everything all look alike; one in which hardly anybody asks sees
 * long lives, one in which targets fail all the time sees removals that stay open.
 */
export interface Mood {
  /** By the name of a move: so many times as often as usual. */
  readonly factors: Readonly<Record<string, number>>
  readonly crashes: number
  readonly sideBySide: number
  /** For whom it is asked; the fewer they are, the more one waiver has to do with another. */
  readonly beneficiaries: readonly string[]
}

export function moodFor(dice: Dice): Mood {
  const names = [...Object.keys(commands), ...Object.keys(happenings)]
  const factors = names.map((name) => [name, name === 'acting' ? 1 : dice.one([0.1, 1, 1, 3])] as const)
  return {
    factors: Object.fromEntries(factors),
    crashes: dice.one([0, 0.15, 0.15, 0.4]),
    sideBySide: dice.one([0.1, 0.3, 0.7]),
    beneficiaries: dice.chance(0.5) ? Object.keys(accounts) : [dice.one(Object.keys(accounts))],
  }
}

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
  const { mood } = world
  if (dice.chance(0.08)) return doomed([[crowding(world, dice, step)]])
  const pressed = pressing()
  if (pressed !== undefined) return { planned: [[pressed]] }
  const both = dice.chance(mood.sideBySide)
  const planned = Array.from({ length: both ? 2 : 1 }, () => some(commands, both ? dice.one([1, 1, 2, 3]) : 1))
  return doomed(planned)

  /** Now and then one of them does not survive it. */
  function doomed(planned: Chosen['planned']): Chosen {
    if (!dice.chance(mood.crashes)) return { planned }
    return { planned, doom: { process: dice.below(planned.length), effectsLeft: dice.below(5), fate: dice.one(fates) } }
  }

  /** Where chance alone hardly ever gets to. */
  function pressing(): Planned | undefined {
    if (isUnreached(world)) {
      if (world.clock === 'went-backwards' && dice.chance(0.4)) return reconciling
      if (world.clock === 'steady' && dice.chance(0.05)) return backward(world, dice)
    }
    if (dice.chance(0.08)) return turning(world, dice)
    return dice.chance(0.015) ? askingAtOnce(world, dice, step) : undefined
  }

  function one(move: Move): readonly Planned[] {
    const planned = move(world, dice, step)
    return planned === undefined ? [] : [planned]
  }

  function some(table: Readonly<Record<string, readonly [number, Move]>>, count: number): readonly Planned[] {
    const weighted = Object.entries(table).map(
      ([name, [weight, move]]) => [weight * (world.mood.factors[name] ?? 1), move] as const,
    )
    return Array.from({ length: count }, () => dice.weighted(weighted)(world, dice, step)).filter(
      (one) => one !== undefined,
    )
  }
}
