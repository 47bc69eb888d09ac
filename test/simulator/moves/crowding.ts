/**
 * Several decide at the same moment in one process, and share a transaction: some are refused, some ask for the same
 * waiver, one is sent twice under one key, and one falls over half way. Each must hear of its own, and of nothing else.
 */
import type { Order } from '../../../src/engine/handle.ts'
import type { Dice } from '../dice.ts'
import { Broken } from '../invariants.ts'
import type { Planned } from '../moves.ts'
import { isFate } from '../schedule.ts'
import { type Node, order, type World } from '../world.ts'
import { anAct } from './acting.ts'
import { asking } from './asking.ts'

export function crowding(world: World, dice: Dice, step: number): Planned {
  const all = Array.from({ length: 2 + dice.below(4) }, (_, n) => someone(world, dice, step, n)).flat()
  const strands = dice.chance(0.3) ? all.toSpliced(dice.below(all.length + 1), 0, stumbling(world, dice)) : all
  return {
    says: `at the same moment: ${strands.map(({ says }) => says).join('; ')}`,
    run: (node) => sideBySide(strands, node),
  }
}

/** @returns two, when it is sent twice. */
function someone(world: World, dice: Dice, step: number, n: number): readonly Planned[] {
  const act = dice.chance(0.2) ? undefined : anAct(world, dice)
  if (act === undefined) return [asking(world, dice, step)]
  const once = (sent: Order): Planned => ({
    says: act.says,
    run: async (node) => void (await order(world, node, sent)),
  })
  if (!dice.chance(0.25)) return [once(act.order)]
  const keyed = once({ ...act.order, idempotencyKey: `k-${step}-${n}` })
  return [keyed, { ...keyed, says: 'the same under the same key' }]
}

class Stumbled extends Error {
  override readonly name = 'Stumbled'
}

/** Before it has done anything, or when something of it stands in the transaction already. */
function stumbling(world: World, dice: Dice): Planned {
  const ids = [...world.record.lives.keys()].filter((id) => id.startsWith('wvr_'))
  const id = ids.length === 0 ? 'wvr_none' : dice.one(ids)
  const torn = dice.chance(0.5)
  return {
    says: `somebody falls over with ${world.record.nameOf(id)} in hand${torn ? ', half done' : ''}`,
    async run({ store }) {
      const told = await store
        .transact(async (tx) => {
          await tx.lockWaiver(id)
          if (torn) await tx.takeChallenge('chl_none', 'per_sam')
          throw new Stumbled('on purpose')
        }, 'together')
        .catch((error: unknown) => error)
      if (isFate(told)) throw told
      if (!(told instanceof Stumbled))
        throw new Broken('whoever is answered hears of their own', `whoever fell over was told: ${told}`)
    },
  }
}

/** Until all have ended; what is no fate is thrown before what is. */
async function sideBySide(strands: readonly Planned[], node: Node): Promise<void> {
  const told = await Promise.allSettled(strands.map(({ run }) => run(node)))
  const failed = told.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown)
  if (failed.length > 0) throw failed.find((reason) => !isFate(reason)) ?? failed[0]
}
