/** ISO 8601 durations as seconds; the core's own reading of them. */
import { secondsOf } from '../../src/core/time.ts'

export function durationSeconds(duration: string): number {
  return secondsOf(duration) ?? 0
}
