/** Has targets read now instead of at their next turn. */
import type { Command } from 'commander'
import { withPrefix } from '../../../files/reference.ts'
import { counted } from '../../output/moments.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'

export function addRead(parent: Command, registry: Registry): void {
  const command = parent
    .command('read')
    .summary('have targets read now')
    .description('Brings the next reading forward, of one target or of all. What it finds is in `countersign drift`.')
    .argument('[system]', 'the target; otherwise all of them')
  writes(command).action(
    performs<WriteOptions, [string | undefined]>(registry, async (call, options, system) => {
      const { client } = await sessionOf(call)
      const body = system === undefined ? {} : { system: withPrefix('sys', system) }
      const done = answered(await client.readDriftNow(body, callOptions(options)))
      return {
        document: done,
        lines: [`reading ${counted(done.readingsCount, 'target')} now; see \`countersign drift\``],
      }
    }),
  )
}
