/** Passkeys: one's own, somebody else's, or those that wait to be confirmed. */
import type { Command } from 'commander'
import type { PasskeysQuery } from '../../../client/index.ts'
import { passkeyLines } from '../../output/passkey-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options {
  readonly of?: string
  readonly waiting?: boolean
}

export function addList(parent: Command, registry: Registry): void {
  parent
    .command('list')
    .summary('your passkeys, or those that wait to be confirmed')
    .description('Lists your passkeys, with whether each signs and what it waits for.')
    .option('--of <person>', 'those of somebody else, as far as you look after security or are a founder')
    .option('--waiting', 'those of everybody that wait to be confirmed')
    .action(
      performs<Options>(registry, async (call, { of, waiting }) => {
        const { client } = await sessionOf(call)
        const query: PasskeysQuery = { ...(of === undefined ? {} : { of }), ...(waiting === true ? { waiting } : {}) }
        const list = answered(await client.passkeys(query))
        const lines = list.passkeys.flatMap((passkey) => [...passkeyLines(call.page, passkey, list.names), ''])
        return { document: list, lines: lines.length === 0 ? [nothing(waiting === true)] : lines }
      }),
    )
}

function nothing(waiting: boolean): string {
  return waiting ? 'none waits to be confirmed' : 'none; enrol one with `countersign passkey add`'
}
