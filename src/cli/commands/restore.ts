/** Puts a cold copy back. Afterwards founders confirm the time before anything is given; removal goes on at once. */
import type { Command } from 'commander'
import { mended } from '../operator.ts'
import { performs, type Registry } from '../perform.ts'

interface Options {
  readonly folder: string
  readonly manifest?: string
}

export function addRestore(program: Command, registry: Registry): void {
  program
    .command('restore')
    .summary('put a copy back')
    .description(
      'Puts a copy made by `backup` into the data folder, which has to be missing or empty. Every file is compared before anything is put in place.',
    )
    .argument('<from>', 'folder of the copy')
    .option('--manifest <sha256>', 'what `backup` printed: the copy is refused when its manifest is another one')
    .option('--folder <path>', 'the data folder, missing or empty', 'data')
    .action(
      performs<Options, [string]>(registry, async (call, { folder, manifest }, from) => {
        const { restore } = await call.context.handIns()
        const done = await mended(
          restore({ from, to: folder, ...(manifest === undefined ? {} : { manifestSha256: manifest }) }),
        )
        return {
          document: { from, folder, ...done },
          lines: [
            `${call.page.paint.good('restored')} into ${folder}, PostgreSQL ${done.majorVersion}`,
            '  next: `countersign serve`, then founders run `countersign founding confirm-clock`',
          ],
        }
      }),
    )
}
