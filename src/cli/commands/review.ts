/** The look back at a whole waiver, or with `--event` at one of its acts: a decision, with a sign-in of its own. */
import { type Command, Option } from 'commander'
import type { Events } from '../../client/index.ts'
import { nearest } from '../../lib/nearest.ts'
import type { Call } from '../context.ts'
import { type DecisionOptions, decide } from '../decision.ts'
import { fields, spokenText } from '../output/fields.ts'
import { quoted, visible, visibleLines } from '../output/visible.ts'
import { waiverLines } from '../output/waiver-page.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { UsageError } from '../usage-error.ts'
import {
  callOptions,
  decides,
  several,
  signs,
  type WriteOptions,
  waiverArgument,
  waiverDetail,
  writtenShown,
} from './shared.ts'

const findings = ['justified', 'not-justified', 'needs-follow-up'] as const

interface Options extends DecisionOptions, WriteOptions {
  readonly event?: string
  readonly finding: (typeof findings)[number]
  readonly note: string
  readonly acceptResidue?: readonly string[]
}

export function addReview(program: Command, registry: Registry): void {
  const command = program
    .command('review')
    .summary('look back at a waiver or at one act')
    .description(
      'Shows the waiver with everything that happened, then opens the browser for a sign-in of its own, then records the review. Nobody who took part reviews.',
    )
    .argument(...waiverArgument)
    .addOption(new Option('--finding <finding>', 'what you found').choices(findings).makeOptionMandatory())
    .requiredOption('--note <text>', 'what you looked at and what you found')
    .option('--event <event>', 'only this one act: an approval, activation, extension or revocation')
    .addOption(
      new Option('--accept-residue <name>', 'what was left behind and is accepted, by its exact name; once for each')
        .conflicts('event')
        .argParser(several),
    )
  decides(command).action(performs<Options, [string]>(registry, review))
}

async function review(call: Call, options: Options, text: string): Promise<Shown> {
  const session = await sessionOf(call)
  const detail = await waiverDetail(session, text)
  const { id } = detail.waiver
  const events = answered(await session.client.events(id), id)
  const event =
    options.event === undefined
      ? undefined
      : recordIn(
          detail.waiver.records.map((one) => one.event),
          options.event,
        )
  const { finding, note, acceptResidue = [] } = options
  const whole = { finding, note, residueAccepted: [...acceptResidue] }
  const written = await decide(call, session, options, {
    verb: 'review',
    about: id,
    lines: [...waiverLines(call.page, detail, about(events, event)), '', ...reviewLines(call, options, event)],
    send: (client) =>
      event === undefined
        ? client.review(id, whole, callOptions(options))
        : client.reviewEvent(id, event, { finding, note }, callOptions(options)),
    ...signs(
      call,
      session,
      detail,
      event === undefined ? { decision: 'review', ...whole } : { decision: 'review-event', event, finding, note },
    ),
  })
  return writtenShown(call.page, written, 'reviewed')
}

function recordIn(records: readonly string[], event: string): string {
  if (records.includes(event)) return event
  const looksLike = nearest(event, records)
  const meant =
    looksLike.length > 0
      ? `did you mean ${looksLike.map(quoted).join(' or ')}?`
      : `there is ${records.length === 0 ? 'none' : records.map(quoted).join(', ')}`
  throw new UsageError(`--event ${quoted(event)} is no record of this waiver that is reviewed on its own; ${meant}`)
}

function about(events: Events, event: string | undefined): Events {
  return event === undefined ? events : { ...events, events: events.events.filter(({ id }) => id === event) }
}

function reviewLines(
  { page }: Call,
  { finding, note, acceptResidue }: Options,
  event: string | undefined,
): readonly string[] {
  return [
    page.paint.strong('You record this review:'),
    ...fields(page, [
      ['Of', event === undefined ? 'the whole waiver' : `the one act ${visible(event)}`],
      ['Finding', finding],
      ['Note', spokenText(visibleLines(note), page.width)],
      ['Accepted', (acceptResidue ?? []).map(quoted)],
    ]),
    '',
  ]
}
