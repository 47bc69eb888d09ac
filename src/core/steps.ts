/**
 * Long work in steps: between two of them whoever runs it may let others go on. What comes of it does not depend on when, or
 * whether, somebody does. Pure.
 */

/** Yields where it may be interrupted, and returns what comes of it. */
export type Steps<Value> = Generator<void, Value>

/** So many facts are one step: some milliseconds. */
export const factsInStep = 32_768

/** Without letting anybody else go on. */
export function atOnce<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
