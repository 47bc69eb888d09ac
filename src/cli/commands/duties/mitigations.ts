/** Which conflicts are tolerated under a control, who answers for it, and when evidence is due? */
import type { Command } from 'commander'
import { instantSeen } from '../../output/moments.ts'
import { named } from '../../output/names.ts'
import { table } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addMitigations(parent: Command, registry: Registry): void {
  parent
    .command('mitigations')
    .summary('conflicts that are tolerated under a control')
    .description(
      'Lists the mitigations of the policy in force with who answers for each and when evidence is due. One whose evidence is overdue, or that has ended, covers nothing. They are part of the policy, and change as it does.',
    )
    .action(
      performs(registry, async (call) => {
        const { client } = await sessionOf(call)
        const document = answered(await client.mitigations())
        const { mitigations, names } = document
        const { page } = call
        const isOverdue = (dueAt: string | undefined) => dueAt === undefined || Date.parse(dueAt) <= page.nowMillis
        const lines =
          mitigations.length === 0
            ? ['the policy has no mitigations']
            : table(
                page,
                [
                  { title: 'Mitigation', cell: ({ id }) => visible(id) },
                  { title: 'Holder', cell: ({ holder }) => named(holder, names) },
                  { title: 'Rule', cell: ({ rule }) => visible(rule) },
                  { title: 'Control', cell: ({ control }) => visible(control) },
                  { title: 'Answers for it', cell: ({ owner }) => named(owner, names) },
                  {
                    title: 'Evidence due',
                    cell: ({ dueAt }) => (dueAt === undefined ? 'unknown' : instantSeen(dueAt, page)),
                    paint: (text, { dueAt }) => (isOverdue(dueAt) ? page.paint.bad(text) : text),
                  },
                  { title: 'Ends', cell: ({ until }) => instantSeen(until, page) },
                ],
                mitigations,
              )
        return { document, lines }
      }),
    )
}
