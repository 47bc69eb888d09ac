/** Runs long work so that checks, answers and the sweep go on between two of its steps. */
import { setImmediate } from 'node:timers/promises'
import type { Steps } from '../core/steps.ts'

export async function inTurns<Value>(steps: Steps<Value>): Promise<Value> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await setImmediate()
  }
}
