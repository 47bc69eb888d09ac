/** The look back at a finding, by somebody independent: a decision, with a sign-in of its own. */
import { type Command, Option } from 'commander'
import { type DecisionOptions, decide } from '../../decision.ts'
import { detailLines } from '../../output/drift-lines.ts'
import { fields, spokenText } from '../../output/fields.ts'
import { visibleLines } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, decides, type WriteOptions } from '../shared.ts'

const findings = ['justified', 'not-justified', 'needs-follow-up'] as const

interface Options extends DecisionOptions, WriteOptions {
  readonly finding: (typeof findings)[number]
  readonly note: string
}

export function addReview(parent: Command, registry: Registry): void {
  const command = parent
    .command('review')
    .summary('look back at a finding')
    .description(
      'Shows the finding, then opens the browser for a sign-in of its own, then records the review. For somebody who has nothing to do with it and does not administer the target. It ends nothing: a finding ends when the target no longer shows it.',
    )
    .argument('<finding>', 'id of the finding, `drf_…`')
    .addOption(new Option('--finding <finding>', 'what you found').choices(findings).makeOptionMandatory())
    .requiredOption('--note <text>', 'what you looked at and what follows')
  decides(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      const detail = answered(await session.client.driftFinding(id), id)
      const { finding, note } = options
      const { page } = call
      const done = await decide(call, session, options, {
        verb: 'review',
        about: id,
        lines: [
          ...detailLines(page, detail),
          '',
          page.paint.strong('You record this review:'),
          ...fields(page, [
            ['Finding', finding],
            ['Note', spokenText(visibleLines(note), page.width)],
          ]),
          '',
        ],
        send: (client) => client.reviewDrift(id, { finding, note }, callOptions(options)),
      })
      return { document: done, lines: detailLines(page, done) }
    }),
  )
}
