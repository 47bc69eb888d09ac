/** A cold copy of Countersign's own PostgreSQL, with everything a restore needs. */
import type { Command } from 'commander'
import { mended } from '../operator.ts'
import { performs, type Registry } from '../perform.ts'

export function addBackup(program: Command, registry: Registry): void {
  program
    .command('backup')
    .summary('copy the data folder of a stopped server')
    .description(
      "Copies the data folder of Countersign's own PostgreSQL while it is stopped. With a PostgreSQL of your own, use its tools.",
    )
    .argument('<to>', 'folder for the copy, missing or empty')
    .option('--folder <path>', 'the data folder, as the configuration names it', 'data')
    .action(
      performs<{ readonly folder: string }, [string]>(registry, async (call, { folder }, to) => {
        const done = await mended((await call.context.handIns()).backup({ folder, to }))
        return {
          document: { to, ...done },
          lines: [
            `${call.page.paint.good('copied')}: ${done.fileCount} files, ${done.sizeBytes} bytes, PostgreSQL ${done.majorVersion}`,
            `  manifest: ${done.manifestSha256}`,
            '  next: keep the manifest elsewhere; `restore --manifest` checks the copy against it',
          ],
        }
      }),
    )
}
