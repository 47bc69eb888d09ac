/**
 * Confirming that somebody's new passkey is theirs: a decision. Whoever has a passkey signs it in the browser; the first ones
 * of an installation are confirmed by a sign-in.
 */
import type { Command } from 'commander'
import type { Call } from '../../context.ts'
import { type DecisionOptions, decide } from '../../decision.ts'
import { signedInBrowser } from '../../hand-over.ts'
import { fingerprintOf, passkeyLines } from '../../output/passkey-lines.ts'
import { quoted } from '../../output/visible.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { answered, type Session, sessionOf } from '../../session.ts'
import { UsageError } from '../../usage-error.ts'
import { callOptions, decides, type WriteOptions } from '../shared.ts'

interface Options extends DecisionOptions, WriteOptions {
  readonly fingerprint: string
}

export function addConfirm(parent: Command, registry: Registry): void {
  const command = parent
    .command('confirm')
    .summary('confirm that somebody’s passkey is theirs')
    .description(
      'Shows somebody’s new passkey and confirms that it is theirs. Give the fingerprint that they read to you, by voice or face to face: if it is another one, nothing is confirmed.',
    )
    .argument('<passkey>', 'id of the passkey, `psk_…`')
    .requiredOption('--fingerprint <groups>', 'what its owner read to you, with or without spaces')
  decides(command).action(performs<Options, [string]>(registry, confirm))
}

async function confirm(call: Call, options: Options, id: string): Promise<Shown> {
  const session = await sessionOf(call)
  const { passkey, names } = answered(await session.client.passkey(id), id)
  if (fingerprintOf(options.fingerprint) !== fingerprintOf(passkey.fingerprint))
    throw new UsageError(
      `--fingerprint ${quoted(options.fingerprint)} is not that of this passkey: it may be somebody else’s; ask its owner again, and do not confirm it`,
    )
  const own = answered(await session.client.passkeys())
  const { digest } = passkey
  const confirmed = await decide(call, session, options, {
    verb: 'confirm',
    about: id,
    lines: [...passkeyLines(call.page, passkey, names), ''],
    send: (client) => client.confirmPasskey(id, { digest }, callOptions(options)),
    sign: {
      asked: own.passkeys.some(({ state }) => state === 'in-force'),
      run: () => signed(call, session, id, digest),
    },
  })
  return {
    document: confirmed,
    lines: [call.page.paint.good('confirmed'), ...passkeyLines(call.page, confirmed.passkey, confirmed.names)],
  }
}

async function signed(call: Call, session: Session, id: string, digest: string) {
  const opened = answered(await session.client.showConfirmation(id, { digest }), id)
  await signedInBrowser(call, session, opened, id)
  return answered(await session.client.passkey(id), id)
}
