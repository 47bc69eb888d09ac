/** Says that the control of a mitigation was kept. For whoever answers for it; attesting decides nothing. */
import type { Command } from 'commander'
import { instantSeen } from '../../output/moments.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'

interface Options extends WriteOptions {
  readonly note: string
}

export function addEvidence(parent: Command, registry: Registry): void {
  const command = parent
    .command('evidence')
    .summary('say that the control of a mitigation was kept')
    .description(
      'Takes down what was done under a mitigation and where that can be seen. Only whoever answers for the control can say so, and only while the mitigation runs.',
    )
    .argument('<mitigation>', 'id of the mitigation in the policy')
    .requiredOption('--note <text>', 'what was done, and where that can be seen')
  writes(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const { client } = await sessionOf(call)
      const done = answered(await client.evidenceMitigation(id, { note: options.note }, callOptions(options)))
      const { dueAt } = done.mitigation
      const next = dueAt === undefined ? '' : `; the next is due ${instantSeen(dueAt, call.page)}`
      return { document: done, lines: [`${call.page.paint.good('taken down')}: ${visible(id)}${next}`] }
    }),
  )
}
