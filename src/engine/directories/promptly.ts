/**
 * Reads one source outside its rhythm, because something has been pushed: what has changed, where it can say so. Whoever waits for it waits for a reading that began
 * after they asked; many who ask meanwhile share one. What is not urgent waits a moment, and longer where reading takes long,
 * so that a flood of small changes does not become a flood of directories.
 */
import type { DirectorySource } from '../../connectors/directory.ts'
import { importChanges } from '../directories.ts'
import type { Machinery } from '../handle.ts'

export interface Prompt {
  /** Resolves when what had been pushed by now was read; a source that fails is logged, and its rhythm goes on. */
  now(): Promise<void>
  soon(): void
  /** Waits for what is being read, and begins nothing more. */
  stop(): Promise<void>
}

const soonMillis = 2_000
/** At least this many times as long as a reading takes. */
const rest = 5

export function promptly(machinery: Machinery, source: DirectorySource): Prompt {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let tookMillis = 0
  let stopped = false

  const read = async () => {
    const began = performance.now()
    await importChanges(machinery, source).catch((error: unknown) =>
      machinery.log.error({ err: error, source: source.kind }, 'what was pushed is not in force yet; it is read again'),
    )
    tookMillis = performance.now() - began
  }
  const start = (): Promise<void> => {
    if (stopped) return Promise.resolve()
    running = read().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    now() {
      if (running === undefined) return start()
      next ??= running.then(() => {
        next = undefined
        return start()
      })
      return next
    },
    soon() {
      if (timer !== undefined || stopped) return
      timer = setTimeout(
        () => {
          timer = undefined
          void this.now()
        },
        Math.max(soonMillis, tookMillis * rest),
      )
      timer.unref()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.all([running, next])
    },
  }
}
