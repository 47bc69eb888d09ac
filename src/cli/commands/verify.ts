/** Checks a bundle with nothing but the file and the keys somebody has: no server is asked, and none is believed. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { guardrailsJudge } from '../../guardrails/index.ts'
import { verifyBundle } from '../../proof/index.ts'
import { wholeNumber } from '../input/number.ts'
import { verifierKeys, witnessKeys } from '../input/verifier-key.ts'
import { verdictLines } from '../output/verdict-page.ts'
import { quoted } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { UsageError } from '../usage-error.ts'
import { several } from './shared.ts'

interface Options {
  readonly key?: readonly string[]
  readonly witness?: readonly string[]
  readonly require?: string
}

export function addVerify(program: Command, registry: Registry): void {
  program
    .command('verify')
    .summary('check a bundle, with no server and no trust in one')
    .description(
      'Checks the file that `countersign bundle` wrote, on any machine and offline: that nothing in it was changed, that every event is in the log, who signed the log, and that every decision follows from the facts recorded with it, by deciding all of it again. Ends with 0 when that is proven, 1 when something does not hold, 2 when something could not be shown.',
    )
    .argument('<bundle>', 'the file')
    .option(
      '--key <key>',
      'a key of the log that you have another way (`name+id+base64`, or a file of them); without one the key in the bundle is believed, and that is said; may be repeated',
      several,
    )
    .option('--witness <key>', 'a witness you trust, likewise; may be repeated', several)
    .option('--require <count>', 'how many of the witnesses must have cosigned; all of those given when left out')
    .action(
      performs<Options, [string]>(registry, async (call, options, file) => {
        const keys = await verifierKeys('--key', options.key)
        const witnesses = await witnessKeys('--witness', options.witness)
        const required =
          options.require === undefined ? undefined : wholeNumber(options.require, '--require', 0, witnesses.length)
        const verdict = await verifyBundle(await textOf(file), {
          keys,
          witnesses,
          guardrails: guardrailsJudge(),
          ...(required === undefined ? {} : { required }),
        })
        return { document: verdict, lines: verdictLines(call.page, verdict), exit: verdict.outcome }
      }),
    )
}

async function textOf(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file))
  } catch (error) {
    if (error instanceof TypeError && !('path' in error)) return ''
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${quoted(file)} cannot be read: ${message}`)
  }
}
