/** Decides about a link: it is so, it was never so, it is no longer so. */
import type { Command } from 'commander'
import type { AssertionView, Client } from '../../../client/index.ts'
import type { Call } from '../../context.ts'
import { type DecisionOptions, decide } from '../../decision.ts'
import { assertionLines } from '../../output/assertion-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, type Session, sessionOf } from '../../session.ts'
import { Stop } from '../../stop.ts'
import { callOptions, decides, type WriteOptions, writes } from '../shared.ts'

interface Options extends DecisionOptions, WriteOptions {
  readonly note: string
  readonly reason: string
}

export function addConfirmLink(parent: Command, registry: Registry): void {
  deciding(parent, registry, 'confirm', {
    name: 'confirm-link',
    summary: 'a link is right',
    description:
      'Shows the link and its evidence, then opens the browser for a sign-in of its own, then confirms it. For somebody independent of everybody it names.',
    option: ['--note <text>', 'what was looked at'],
    send: (client, id, options) => client.confirmLink(id, { note: options.note }, callOptions(options)),
  })
}

export function addRejectLink(parent: Command, registry: Registry): void {
  deciding(parent, registry, 'reject', {
    name: 'reject-link',
    summary: 'a link is wrong: these are two',
    description:
      'Shows the link and its evidence, then opens the browser for a sign-in of its own, then rejects it. It was never so, and counts no more.',
    option: ['--reason <text>', 'why'],
    send: (client, id, options) => client.rejectLink(id, { reason: options.reason }, callOptions(options)),
  })
}

interface Deciding {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly option: readonly [string, string]
  readonly send: (client: Client, id: string, options: Options) => ReturnType<Client['confirmLink']>
}

function deciding(
  parent: Command,
  registry: Registry,
  verb: string,
  { name, summary, description, option, send }: Deciding,
): void {
  const command = parent
    .command(name)
    .summary(summary)
    .description(description)
    .argument('<link>', 'id of the link, `lnk_…`')
    .requiredOption(...option)
  decides(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      const { link, names } = await linkNamed(session, id)
      const done = await decide(call, session, options, {
        verb,
        about: id,
        lines: [...assertionLines(call.page, link, names), ''],
        send: (client) => send(client, id, options),
      })
      return settled(call, done)
    }),
  )
}

export function addUnlink(parent: Command, registry: Registry): void {
  const command = parent
    .command('unlink')
    .summary('take a link back, or end it')
    .description(
      'Takes back what was proposed, or ends what was confirmed. It goes on counting for a while like every other relation.',
    )
    .argument('<link>', 'id of the link, `lnk_…`')
    .requiredOption('--reason <text>', 'why')
  writes(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const { client } = await sessionOf(call)
      return settled(call, answered(await client.endLink(id, { reason: options.reason }, callOptions(options))))
    }),
  )
}

function settled(
  call: Call,
  done: { readonly assertion: AssertionView; readonly names: Readonly<Record<string, string>> },
) {
  return { document: done, lines: assertionLines(call.page, done.assertion, done.names) }
}

async function linkNamed({ client }: Session, id: string) {
  const { links, names } = answered(await client.links())
  const link = links.find((one) => one.id === id)
  if (link !== undefined) return { link, names }
  throw new Stop('notFound', {
    kind: 'not-found',
    code: 'unknown-assertion',
    message: `there is no link \`${id}\`, or none that you may see`,
    next: 'look it up with `countersign directory links`',
  })
}
