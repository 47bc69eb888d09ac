/** Time passes, jumps, or goes backwards; founders confirm it. Directory sources are mostly read again soon after. */
import { plusSeconds } from '../../../src/core/time.ts'
import type { Waiver } from '../../../src/core/waiver.ts'
import type { Dice } from '../dice.ts'
import type { Planned } from '../moves.ts'
import { founders } from '../organisation.ts'
import { confirmClock, readDirectory, setTime, type World } from '../world.ts'

export function forward(world: World, dice: Dice): Planned {
  const moment = dice.chance(0.6) ? momentAhead(world, dice) : undefined
  if (moment !== undefined) return clockTo(world, moment, dice.chance(0.9), dice.chance(0.85))
  const seconds = dice.weighted([
    [4, 1],
    [6, 60],
    [6, 600],
    [5, 1_800],
    [4, 3_600],
    [2, 4 * 3_600],
    [1, 30 * 3_600],
  ])
  return clockTo(world, plusSeconds(world.now, seconds), dice.chance(0.85), dice.chance(0.85))
}

/** Just before, at, or just after the next moment at which something begins or is over: there the rules differ. */
function momentAhead({ record, now }: World, dice: Dice): string | undefined {
  const moments = [...record.lives.values()].flatMap(({ waiver }) => (waiver === undefined ? [] : momentsOf(waiver)))
  const ahead = [...new Set(moments)].filter((moment) => moment > now).sort()
  if (ahead.length === 0) return undefined
  const near = plusSeconds(dice.one(ahead.slice(0, 3)), dice.one([-1, 0, 0, 1, 61]))
  return near > now ? near : undefined
}

function momentsOf({ status, terms, proposal, activation, activateBy, controls, review }: Waiver): readonly string[] {
  if (status === 'reviewed') return []
  if (status === 'ended') return review === undefined ? [] : [review.dueAt]
  const begins = activation === undefined ? [terms.window.start, activateBy] : [activation.end]
  return [...begins, proposal?.decideBy, ...controls.map(({ dueAt }) => dueAt)].filter((one) => one !== undefined)
}

export function backward(world: World, dice: Dice): Planned {
  const seconds = dice.one([2, 600, 7_200, 86_400])
  return clockTo(world, plusSeconds(world.now, -seconds), true, dice.chance(0.7))
}

function clockTo(world: World, now: string, read: boolean, watch: boolean): Planned {
  return {
    says: `the clock goes to ${now.slice(5, 19)}${read ? ', directory read' : ''}${watch ? '' : ', unwatched'}`,
    async run(node) {
      await setTime(world, now)
      if (watch) await node.store.watchClock()
      if (read) await readDirectory(world, node)
    },
  }
}

export function confirming(world: World, dice: Dice): Planned {
  const who = dice.some([...founders])
  return {
    says: `${who.join(' and ')} confirm the time`,
    async run(node) {
      for (const founder of who) await confirmClock(world, node, founder)
    },
  }
}
