/** Removing a passkey, at once. It takes nobody's consent: a key that is not there opens nothing. */
import type { Command } from 'commander'
import { passkeyLines } from '../../output/passkey-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

export function addRemove(parent: Command, registry: Registry): void {
  const command = parent
    .command('remove')
    .summary('remove a passkey, at once')
    .description(
      'Removes a passkey: it signs nothing from that moment on, and cannot be taken back. What it signed before stays signed. Its owner does it, whoever looks after security, or a founder.',
    )
    .argument('<passkey>', 'id of the passkey, `psk_…`')
    .requiredOption('--reason <text>', 'why, such as `lost with the phone`')
  writes(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const { client } = await sessionOf(call)
      const done = answered(await client.removePasskey(id, { reason: options.reason }, callOptions(options)), id)
      return {
        document: done,
        lines: [call.page.paint.good('removed'), ...passkeyLines(call.page, done.passkey, done.names)],
      }
    }),
  )
}
