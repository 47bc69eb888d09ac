/** Time passes, jumps, or goes backwards; founders confirm it. Directory sources are mostly read again soon after. */
import { plusSeconds } from '../../../src/core/time.ts'
import type { Dice } from '../dice.ts'
import type { Planned } from '../moves.ts'
import { founders } from '../organisation.ts'
import { confirmClock, readDirectory, setTime, type World } from '../world.ts'

export function forward(world: World, dice: Dice): Planned {
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
