/**
 * Several processes on one thread, in an order that can be had again: every side effect waits at a gate, exactly one is
 * let through at a time, and dice say which. A process may be made to die around one of its effects, and from then on it
 * does nothing more; or to lose its connection around one, and then it goes on.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { unknown } from '../../src/connectors/access.ts'
import { StoreFault } from '../../src/store/fault.ts'
import type { Dice } from './dice.ts'
import type { Effect, Gate } from './interpose.ts'

export class Killed extends Error {
  override readonly name = 'Killed'
}

export class LostConnection extends StoreFault {
  constructor() {
    super('database-unavailable', 'the connection to the database is lost', true)
  }
}

/** `dies during`: the write has happened, its commit has not. `fails after`: it happened, and an error came back. */
export type Fate = 'dies before' | 'dies during' | 'dies after' | 'fails before' | 'fails after'

export const fates: readonly Fate[] = ['dies before', 'dies during', 'dies after', 'fails before', 'fails after']

export interface Doom {
  /** Effects until then; reading counts only where it can fail. */
  effectsLeft: number
  readonly fate: Fate
}

/** One process. */
export interface Process {
  readonly name: string
  dead: boolean
  doom: Doom | undefined
}

interface Waiting {
  readonly release: () => void
}

export interface Schedule {
  gateOf(process: Process): Gate
  /** For what the simulation itself does to the outside: it takes no turn, but it is waited for. */
  aside<Value>(call: () => Promise<Value>): Promise<Value>
  /** Runs the tasks side by side until none of them has anything left to do. What dies or loses its connection just ends. */
  run(dice: Dice, tasks: readonly (() => Promise<void>)[]): Promise<void>
}

/** Long work lets others go first between its steps; compiling this organisation has far fewer. */
const turnsQuiet = 100

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

  /** Nothing is under way outside, and every continuation has come to its next gate, also what works in turns. */
  const quiet = async () => {
    for (let turns = 0; turns < turnsQuiet; turns++) {
      if (inFlight > 0) {
        turns = 0
        await new Promise<void>((resolve) => {
          landed = resolve
        })
      }
      await turn()
    }
  }

  return {
    gateOf: (process) => async (effect, call) => {
      if (effect.inside) return tornOpen(process, call)
      if (!effect.shared) await new Promise<void>((release) => waiting.push({ release }))
      return meetingFate(process, effect, () => through(call))
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
        (one): one is PromiseRejectedResult => one.status === 'rejected' && !isFate(one.reason),
      )
      if (failed !== undefined) throw failed.reason
    },
  }
}

export function isFate(error: unknown): boolean {
  return error instanceof Killed || error instanceof LostConnection
}

async function meetingFate<Value>(process: Process, effect: Effect, call: () => Promise<Value>): Promise<Value> {
  if (process.dead) throw new Killed(process.name)
  const { doom } = process
  const counts = doom !== undefined && (!effect.reads || doom.fate.startsWith('fails'))
  const met = counts && doom.effectsLeft-- === 0 ? doom.fate : undefined
  if (met === 'dies before') throw die(process)
  if (met === 'fails before') return lost(effect)
  const value = await call()
  if (process.dead || met?.startsWith('dies')) throw die(process)
  return met === 'fails after' ? lost(effect) : value
}

/** Inside the transaction that meets its fate: what was written is rolled back. */
async function tornOpen<Value>(process: Process, call: () => Promise<Value>): Promise<Value> {
  const value = await call()
  const { doom } = process
  if (doom !== undefined && doom.fate === 'dies during' && doom.effectsLeft < 0) throw die(process)
  return value
}

function die(process: Process): Killed {
  process.dead = true
  return new Killed(process.name)
}

/** A connector never throws: it says that it does not know. */
function lost<Value>({ on }: Effect): Value {
  if (on === 'target') return unknown('the line was cut') as Value
  throw new LostConnection()
}
