/**
 * Decides about a relation that somebody stated, a link or a claim of ownership: it is so, it was never so, it is no longer
 * so. What is decided is shown with its evidence first; the decision takes a sign-in of its own.
 */
import type { Command } from 'commander'
import type { AssertionView, Client } from '../../client/index.ts'
import type { Call } from '../context.ts'
import { type DecisionOptions, decide } from '../decision.ts'
import { assertionLines } from '../output/assertion-lines.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { Stop } from '../stop.ts'
import { decides, type WriteOptions, writes } from './shared.ts'

export interface SettlingOptions extends DecisionOptions, WriteOptions {
  readonly note: string
  readonly reason: string
}

type Names = Readonly<Record<string, string>>

/** One kind of relation that people state, and how it is looked up. */
export interface StatedKind {
  /** The argument of the commands, as `[name, description]`. */
  readonly argument: readonly [string, string]
  readonly list: (client: Client) => Promise<{ readonly all: readonly AssertionView[]; readonly names: Names }>
  readonly unknown: (id: string) => { readonly message: string; readonly next: string }
}

interface Ending {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly send: (client: Client, id: string, options: SettlingOptions) => ReturnType<Client['endLink']>
}

interface Deciding extends Ending {
  readonly option: readonly [string, string]
}

/** Adds a command by which somebody independent confirms or rejects what was stated. */
export function addDeciding(
  parent: Command,
  registry: Registry,
  kind: StatedKind,
  verb: 'confirm' | 'reject',
  { name, summary, description, option, send }: Deciding,
): void {
  const command = parent
    .command(name)
    .summary(summary)
    .description(description)
    .argument(...kind.argument)
    .requiredOption(...option)
  decides(command).action(
    performs<SettlingOptions, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      const { stated, names } = await statedAs(kind, session.client, id)
      const done = await decide(call, session, options, {
        verb,
        about: id,
        lines: [...assertionLines(call.page, stated, names), ''],
        send: (client) => send(client, id, options),
      })
      return settled(call, done)
    }),
  )
}

/** Adds a command that takes back what was stated, or ends what was confirmed. */
export function addEnding(
  parent: Command,
  registry: Registry,
  kind: StatedKind,
  { name, summary, description, send }: Ending,
): void {
  const command = parent
    .command(name)
    .summary(summary)
    .description(description)
    .argument(...kind.argument)
    .requiredOption('--reason <text>', 'why')
  writes(command).action(
    performs<SettlingOptions, [string]>(registry, async (call, options, id) => {
      const { client } = await sessionOf(call)
      return settled(call, answered(await send(client, id, options)))
    }),
  )
}

function settled(call: Call, done: { readonly assertion: AssertionView; readonly names: Names }) {
  return { document: done, lines: assertionLines(call.page, done.assertion, done.names) }
}

async function statedAs(kind: StatedKind, client: Client, id: string) {
  const { all, names } = await kind.list(client)
  const stated = all.find((one) => one.id === id)
  if (stated !== undefined) return { stated, names }
  throw new Stop('notFound', { kind: 'not-found', code: 'unknown-assertion', ...kind.unknown(id) })
}
