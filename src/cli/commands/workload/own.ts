/** Takes ownership of a workload, or says that a team does. */
import type { Command } from 'commander'
import { withPrefix } from '../../../files/reference.ts'
import { assertionLines } from '../../output/assertion-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf, whoIs } from '../../session.ts'
import { UsageError } from '../../usage-error.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'

interface Options extends WriteOptions {
  readonly owner?: string
  readonly evidence: string
}

export function addOwn(parent: Command, registry: Registry): void {
  const command = parent
    .command('own')
    .summary('take ownership of a workload')
    .description(
      'Puts a claim on record: you own the workload, or with --owner a team you are in does. In force once somebody independent has confirmed it.',
    )
    .argument('<workload>', 'id of the workload, `wl_…`')
    .option('--owner <id>', 'a team you are in, `team_…`; otherwise you yourself')
    .requiredOption('--evidence <text>', 'why you, and how that is known')
  writes(command).action(
    performs<Options, [string]>(registry, async (call, options, workload) => {
      const { client } = await sessionOf(call)
      const owner = options.owner ?? (await whoIs(client))?.id
      if (owner === undefined) throw new UsageError('say who with --owner')
      const body = { owner, workload: withPrefix('wl', workload), evidence: options.evidence }
      const done = answered(await client.proposeOwnership(body, callOptions(options)))
      return { document: done, lines: assertionLines(call.page, done.assertion, done.names) }
    }),
  )
}
