/**
 * The things that happen without anybody asking, each in its own loop: expiry, reconciliation, sequencing, the clock.
 * A loop that fails says so and goes on; a commit wakes the loops that have something to do.
 */
import type { Logger } from './logger.ts'

export interface Loop {
  readonly name: string
  /** Does what there is to do. @returns whether there may be more at once. */
  readonly run: () => Promise<boolean>
  readonly everyMillis: number
  /** Wakes up after a commit as well. */
  readonly wakes: boolean
}

export interface Running {
  /** A commit happened. */
  wake(): void
  /** Resolves when every loop has finished what it was doing. */
  stop(): Promise<void>
}

export function runLoops(loops: readonly Loop[], log: Logger): Running {
  const running = loops.map((loop) => runLoop(loop, log))
  return {
    wake() {
      for (const loop of running) loop.wake()
    },
    async stop() {
      await Promise.all(running.map((loop) => loop.stop()))
    },
  }
}

function runLoop(loop: Loop, log: Logger) {
  let stopped = false
  let woken = false
  let rouse: () => void = () => {}
  const rest = () =>
    new Promise<void>((resolve) => {
      if (woken || stopped) return resolve()
      const timer = setTimeout(resolve, loop.everyMillis)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const go = async () => {
    while (!stopped) {
      woken = false
      const more = await loop.run().catch((error: unknown) => {
        log.error({ err: error, loop: loop.name }, 'a loop failed and goes on')
        return false
      })
      if (!more) await rest()
    }
  }
  const ended = go()
  return {
    wake() {
      if (!loop.wakes) return
      woken = true
      rouse()
    },
    async stop() {
      stopped = true
      rouse()
      await ended
    },
  }
}
