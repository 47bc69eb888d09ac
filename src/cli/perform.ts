/** How a command's work is run: with everything it needs, and its one result printed in one place. */
import type { Command } from 'commander'
import { type Call, type Context, callOf, type GlobalOptions } from './context.ts'
import { type ExitName, exitCode } from './exit.ts'

/** What a command found out or did: one document for programs, lines for people. */
export interface Shown {
  readonly document: unknown
  readonly lines: readonly string[]
  /** Default `done`. */
  readonly exit?: ExitName
}

export interface Registry {
  readonly context: Context
  readonly finished: (exit: number) => void
}

/** Makes a commander action. Arguments come in the order in which they are declared, options last. */
export function performs<Options, Words extends readonly unknown[] = readonly []>(
  { context, finished }: Registry,
  work: (call: Call, options: Options, ...words: Words) => Promise<Shown | undefined>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command
    const options = command.optsWithGlobals<Options & GlobalOptions>()
    const call = callOf(context, options)
    const shown = await work(call, options, ...(all.slice(0, -2) as unknown as Words))
    // Commands that stay up print their one result when they are up.
    if (shown !== undefined) call.screen.result(shown.document, shown.lines)
    finished(exitCode(shown?.exit ?? 'done'))
  }
}
