/** The demo is a program of its own; the command line only starts it, and only when it is asked for. */
import type { DemoOptions } from '../../demo/run.ts'

export async function runDemo(options: DemoOptions): Promise<void> {
  const demo = await import('../../demo/run.ts')
  await demo.runDemo(options)
}
