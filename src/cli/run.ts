/**
 * One run of the command line, from its words to its exit code. Prints exactly one result or one failure; it decides
 * nothing and knows no command.
 */
import { CommanderError } from 'commander'
import { type Context, callOf } from './context.ts'
import { exitCode } from './exit.ts'
import { failureOf } from './failure.ts'
import { buildProgram } from './program.ts'

/** @param words without the program's own name. @returns the exit code */
export async function run(words: readonly string[], context: Context): Promise<number> {
  let exit = exitCode('done')
  const program = buildProgram(context, (code) => {
    exit = code
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
    return exit
  } catch (error) {
    // Help and version were asked for and given.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode('done')
    const before = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
    const { screen, page } = callOf(context, { json: before.includes('--json') })
    const { exit: name, document, lines } = failureOf(error, page)
    screen.failure(document, lines)
    return exitCode(name)
  }
}
