/**
 * Tells those who asked to be told that their task is over. A row is taken for a while, told, and left alone or tried again
 * with growing pauses; whoever missed it all still finds the task. Nothing is told inside a transaction.
 */
import type { TaskAnswer } from '../../access-request/index.ts'
import type { Outcome } from '../../connectors/access.ts'
import { digestOfText } from '../../lib/digest.ts'
import type { Machinery } from '../handle.ts'
import type { Loop } from '../loops.ts'
import { type Taken, takenOf } from './desk.ts'
import { type Task, taskFor } from './tasks.ts'

/** How callbacks are told, by whoever may have which address told. */
export interface Telling {
  mayTell(requester: string, endpoint: string): boolean
  /** @returns undefined where that address is not on the list any more */
  tell(requester: string, endpoint: string, id: string, body: string): Promise<Outcome> | undefined
}

const batchMax = 20
const leaseSeconds = 60
const attemptsMax = 12
const pauseSecondsMax = 3_600

export function callbackLoop(machinery: Machinery, telling: Telling, told: (task: Task) => TaskAnswer['task']): Loop {
  return {
    name: 'callbacks',
    run: async () => (await tellDue(machinery, telling, told)) === batchMax,
    everyMillis: 1_000,
    wakes: true,
  }
}

/** @returns how many were looked at. */
export async function tellDue(
  { store, log }: Machinery,
  telling: Telling,
  told: (task: Task) => TaskAnswer['task'],
): Promise<number> {
  const due = await store.accessRequests.takeCallbacks(batchMax, leaseSeconds)
  await Promise.all(
    due.map(async ({ attempts, ...request }) => {
      const waiver = await store.waivers.find(request.waiver)
      if (waiver === undefined) throw new Error(`bug: \`${request.task}\` has no waiver`)
      const taken = takenOf(request)
      const again = await tellOne(telling, taken, taskFor(taken, waiver), told, attempts)
      if (again === 'given-up')
        log.warn({ task: request.task, attempts }, 'a callback could not be told and is given up')
      await store.accessRequests.callbackAgain(request.task, typeof again === 'number' ? again : undefined)
    }),
  )
  return due.length
}

/** @returns in how many seconds it is tried again. */
async function tellOne(
  telling: Telling,
  { task: id, requester, callback }: Taken,
  task: Task,
  wire: (task: Task) => TaskAnswer['task'],
  attempts: number,
): Promise<number | 'done' | 'given-up'> {
  const wanted = callback?.events === undefined || callback.events.some((event) => event === task.status)
  if (callback === undefined || !wanted) return 'done'
  const state = callback.state === undefined ? {} : { state: callback.state }
  const notice = `ntc_${digestOfText(`${id} ${task.status}`).slice('sha256:'.length, 'sha256:'.length + 26)}`
  const answer = telling.tell(requester, callback.endpoint, notice, JSON.stringify({ ...state, task: wire(task) }))
  if (answer === undefined) return 'given-up'
  const told = await answer
  if (told.outcome === 'done') return 'done'
  if (told.outcome === 'not-done' && !told.retryable) return 'given-up'
  return attempts >= attemptsMax ? 'given-up' : Math.min(pauseSecondsMax, 2 ** attempts)
}
