/** Another key signs the log from now on. Whoever trusts the old one can follow: the change is in the log, signed by both. */
import type { Command } from 'commander'
import { mended, type OperatorOptions, operates } from '../../operator.ts'
import { quoted, visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'

interface Options extends OperatorOptions {
  readonly reason: string
}

export function addRotateKey(program: Command, registry: Registry): void {
  const command = program
    .command('rotate-key')
    .summary('have another key sign the log')
    .description(
      'Has another key sign the log, as an event in it. The first checkpoint that contains the event is signed by both keys, so that bundles lead from one to the other. Where the keys are this machine’s own a new one is made; where they are given (`log.key`), add the new one as its last line first, on every machine. Servers on a PostgreSQL of yours may go on running; with its own PostgreSQL stop the server first.',
    )
    .requiredOption('--reason <text>', 'why; it stands in the event')
  operates(command).action(
    performs<Options>(registry, async (call, { config, reason }) => {
      const changed = await mended((await call.context.handIns()).rotateLogKey({ config, reason }))
      return {
        document: changed,
        lines: [
          `${call.page.paint.good('changed')}: ${quoted(changed.origin)} is signed by ${visible(changed.key)} from its next checkpoint on`,
          '  next: give that key to the witnesses, and to whoever checks bundles',
          '  keep the old key until a checkpoint is signed by the new one (`/log/key` shows it), then destroy it',
        ],
      }
    }),
  )
}
