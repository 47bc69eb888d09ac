/** A waiver with its proof, as one file that somebody else can check without this server. */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { spellBundle } from '../../proof/index.ts'
import { mended } from '../operator.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { UsageError } from '../usage-error.ts'
import { waiverArgument, waiverId } from './shared.ts'

interface Options {
  readonly to?: string
  readonly withoutDirectory?: boolean
}

export function addBundle(program: Command, registry: Registry): void {
  program
    .command('bundle')
    .summary('write a waiver with its proof into one file')
    .description(
      'Writes everything about a waiver into one file: its events, the facts and rules it was decided on, the proof that all of it is in the log, and who signed. `countersign verify` checks the file, with no server. It names people and settings, so it is for those who may see both.',
    )
    .argument(...waiverArgument)
    .option('--to <file>', 'where to; `<waiver>.bundle.json` when left out')
    .option('--without-directory', 'leave out who is who; then it cannot be decided again')
    .action(
      performs<Options, [string]>(registry, async (call, { to, withoutDirectory }, text) => {
        const session = await sessionOf(call)
        const id = await waiverId(session, text)
        const bundle = answered(await session.client.bundle(id, { directory: withoutDirectory !== true }), id)
        const file = to ?? `${id}.bundle.json`
        await mended(written(file, spellBundle(bundle)))
        const { key } = bundle.log
        return {
          document: { file, waiver: id, events: bundle.events.length, origin: bundle.log.origin, key },
          lines: [
            `${call.page.paint.good('written')}  ${visible(file)}`,
            `  ${bundle.events.length} events of ${visible(id)}, in the log ${quoted(bundle.log.origin)}`,
            '  check it anywhere, with no server:',
            `    countersign verify ${visible(file)} --key ${visible(key)}`,
            '  whoever checks it should have that key another way than from you',
          ],
        }
      }),
    )
}

/** Readable for nobody else: it names people. Never over another file. */
async function written(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new UsageError(`${quoted(file)} is there already; name another with --to`)
  }
}
