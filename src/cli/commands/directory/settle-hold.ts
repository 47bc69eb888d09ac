/** Confirms that a source is right to say so much less, or says that it is wrong: decisions, with a sign-in of their own. */
import type { Command } from 'commander'
import type { Client, HoldDetail } from '../../../client/index.ts'
import { type DecisionOptions, decide } from '../../decision.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, decides, type WriteOptions } from '../shared.ts'
import { holdLines } from './holds.ts'

interface Options extends DecisionOptions, WriteOptions {
  readonly reason: string
}

interface Settling {
  readonly verb: 'confirm' | 'reject'
  readonly summary: string
  readonly description: string
  readonly done: string
  readonly send: (
    client: Client,
    source: string,
    hold: HoldDetail['hold'],
    options: Options,
  ) => ReturnType<Client['confirmHold']>
}

export function addConfirm(parent: Command, registry: Registry): void {
  addSettling(parent, registry, {
    verb: 'confirm',
    summary: 'a source is right: so much has really gone',
    description:
      'Shows who would be gone, then opens the browser for a sign-in of its own, then puts exactly that into force. For somebody who runs neither the source nor this installation and of whom it takes nothing away.',
    done: 'confirmed, and in force',
    send: (client, source, { snapshot }, options) =>
      client.confirmHold(source, { snapshot, reason: options.reason }, callOptions(options)),
  })
}

export function addReject(parent: Command, registry: Registry): void {
  addSettling(parent, registry, {
    verb: 'reject',
    summary: 'a source is wrong: keep what it says out',
    description:
      'Shows who would be gone, then opens the browser for a sign-in of its own, then keeps that out for as long as the source says the same.',
    done: 'rejected, and kept out',
    send: (client, source, { snapshot }, options) =>
      client.rejectHold(source, { snapshot, reason: options.reason }, callOptions(options)),
  })
}

function addSettling(parent: Command, registry: Registry, { verb, summary, description, done, send }: Settling): void {
  const command = parent
    .command(verb)
    .summary(summary)
    .description(description)
    .argument('<source>', 'id of the source')
    .requiredOption('--reason <text>', 'why')
  decides(command).action(
    performs<Options, [string]>(registry, async (call, options, source) => {
      const session = await sessionOf(call)
      const detail = answered(await session.client.hold(source))
      const settled = await decide(call, session, options, {
        verb,
        about: source,
        lines: [...holdLines(call.page, detail), ''],
        send: (client) => send(client, source, detail.hold, options),
      })
      return { document: settled, lines: [call.page.paint.good(done)] }
    }),
  )
}
