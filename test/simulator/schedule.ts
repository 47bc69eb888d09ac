/**
 * Several processes on one thread, in an order that can be had again: every side effect waits at a gate, exactly one is
 * let through at a time, and dice say which. A process may be made to die before, during or after one of its effects;
 * from then on it does nothing more.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Dice } from './dice.ts'
import type { Gate } from './interpose.ts'

export class Killed extends Error {
  override readonly name = 'Killed'
}

export type Death = 'before' | 'during' | 'after'

export interface Doom {
  effectsLeft: number
  readonly death: Death
}

/** One process. `doom` counts down the effects it has left. */
export interface Process {
  readonly name: string
  dead: boolean
  doom: Doom | undefined
}

interface Waiting {
  readonly process: Process
  readonly release: () => void
}

export interface Schedule {
  gateOf(process: Process): Gate
  /** For what the simulation itself does to the outside: it takes no turn, but it is waited for. */
  aside<Value>(call: () => Promise<Value>): Promise<Value>
  /** Runs the tasks side by side until none of them has anything left to do. */
  run(dice: Dice, tasks: readonly (() => Promise<void>)[]): Promise<void>
}

export function newSchedule(): Schedule {
  const waiting: Waiting[] = []
  let inFlight = 0
  let landed: () => void = () => {}

  const through = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    inFlight++
    try {
      return await call()
    } finally {
      inFlight--
      if (inFlight === 0) landed()
    }
  }

  /** Nothing is under way outside, and every continuation has come to its next gate. */
  const quiet = async () => {
    do {
      if (inFlight > 0)
        await new Promise<void>((resolve) => {
          landed = resolve
        })
      await turn()
    } while (inFlight > 0)
  }

  return {
    gateOf: (process) => async (effect, call) => {
      if (effect.inside) return dying(process, call)
      if (effect.shared) return through(call)
      await new Promise<void>((release) => waiting.push({ process, release }))
      if (process.dead) throw new Killed(process.name)
      const { doom } = process
      const last = doom !== undefined && !effect.reads && doom.effectsLeft-- === 0
      if (last && doom.death === 'before') throw die(process)
      const value = await through(call)
      if (process.dead || (last && doom.death !== 'before')) throw die(process)
      return value
    },
    aside: through,
    async run(dice, tasks) {
      let running = tasks.length
      const ended = tasks.map((task) =>
        task().finally(() => {
          running--
        }),
      )
      const all = Promise.allSettled(ended)
      for (await quiet(); waiting.length > 0; await quiet()) {
        const [next] = waiting.splice(dice.below(waiting.length), 1)
        next?.release()
      }
      if (running > 0) throw new Error('bug: a task waits for something that is no side effect')
      const failed = (await all).find(
        (one): one is PromiseRejectedResult => one.status === 'rejected' && !(one.reason instanceof Killed),
      )
      if (failed !== undefined) throw failed.reason
    },
  }
}

/** The write of the last transaction happens, its commit does not. */
async function dying<Value>(process: Process, call: () => Promise<Value>): Promise<Value> {
  const value = await call()
  const { doom } = process
  if (doom !== undefined && doom.death === 'during' && doom.effectsLeft < 0) throw die(process)
  return value
}

function die(process: Process): Killed {
  process.dead = true
  return new Killed(process.name)
}
