/** After events that were signed are lost for good: the same feed is sealed anew under another name, and the log says so. */
import type { Command } from 'commander'
import { mended, type OperatorOptions, operates } from '../../operator.ts'
import { quoted, visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'

interface Options extends OperatorOptions {
  readonly origin: string
  readonly reason: string
}

export function addBeginAgain(program: Command, registry: Registry): void {
  const command = program
    .command('begin-again')
    .summary('seal anew after what was signed was lost')
    .description(
      'For a database that lost events after they had been signed, such as one restored from an older copy: nothing may be signed any more under the old name, because it would be a second history. Seals the same events anew under another name, with a key of its own, and says so in the log. Bundles and checkpoints made before keep what they prove, also of what was lost. Stop the servers first.',
    )
    .requiredOption('--origin <name>', 'the new name, such as `countersign.example/log-2`')
    .requiredOption('--reason <text>', 'what was lost, and why; it stands in the event')
  operates(command).action(
    performs<Options>(registry, async (call, { config, origin, reason }) => {
      const changed = await mended((await call.context.handIns()).beginLogAgain({ config, origin, reason }))
      return {
        document: changed,
        lines: [
          `${call.page.paint.good('begun again')}: the log is called ${quoted(changed.origin)}, and ${visible(changed.key)} signs it`,
          `  next: write \`log: { origin: ${visible(changed.origin)} }\` into the configuration, then start the servers`,
          '  then give name and key to the witnesses, and to whoever checks bundles, and tell them why',
        ],
      }
    }),
  )
}
