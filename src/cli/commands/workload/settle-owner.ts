/** Decides about a claim of ownership: it is so, it was never so, it is no longer so. */
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

export function addConfirmOwner(parent: Command, registry: Registry): void {
  deciding(parent, registry, 'confirm', {
    name: 'confirm-owner',
    summary: 'a claim of ownership is right',
    description:
      'Shows the claim and its evidence, then opens the browser for a sign-in of its own, then confirms it. For somebody independent of everybody it names.',
    option: ['--note <text>', 'what was looked at'],
    send: (client, id, options) => client.confirmOwnership(id, { note: options.note }, callOptions(options)),
  })
}

export function addRejectOwner(parent: Command, registry: Registry): void {
  deciding(parent, registry, 'reject', {
    name: 'reject-owner',
    summary: 'a claim of ownership is wrong',
    description:
      'Shows the claim and its evidence, then opens the browser for a sign-in of its own, then rejects it. The workload stays as it was.',
    option: ['--reason <text>', 'why'],
    send: (client, id, options) => client.rejectOwnership(id, { reason: options.reason }, callOptions(options)),
  })
}

interface Deciding {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly option: readonly [string, string]
  readonly send: (client: Client, id: string, options: Options) => ReturnType<Client['confirmOwnership']>
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
    .argument('<claim>', 'id of the claim, `own_…`')
    .requiredOption(...option)
  decides(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      const { claim, names } = await claimNamed(session, id)
      const done = await decide(call, session, options, {
        verb,
        about: id,
        lines: [...assertionLines(call.page, claim, names), ''],
        send: (client) => send(client, id, options),
      })
      return settled(call, done)
    }),
  )
}

export function addDisown(parent: Command, registry: Registry): void {
  const command = parent
    .command('disown')
    .summary('take a claim back, or give ownership up')
    .description(
      'Takes back what was claimed, or ends what was confirmed. It goes on counting against whoever owned it for a while; when nobody else owns the workload, it is an orphan at once.',
    )
    .argument('<claim>', 'id of the claim, `own_…`')
    .requiredOption('--reason <text>', 'why')
  writes(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const { client } = await sessionOf(call)
      return settled(call, answered(await client.endOwnership(id, { reason: options.reason }, callOptions(options))))
    }),
  )
}

function settled(
  call: Call,
  done: { readonly assertion: AssertionView; readonly names: Readonly<Record<string, string>> },
) {
  return { document: done, lines: assertionLines(call.page, done.assertion, done.names) }
}

async function claimNamed({ client }: Session, id: string) {
  const { ownerships, names } = answered(await client.ownerships())
  const claim = ownerships.find((one) => one.id === id)
  if (claim !== undefined) return { claim, names }
  throw new Stop('notFound', {
    kind: 'not-found',
    code: 'unknown-assertion',
    message: `there is no claim \`${id}\``,
    next: 'look it up with `countersign workload owners`',
  })
}
