/**
 * What happened to a waiver, in order. Approval, activation, extension and revocation are records of their own: each with
 * who, when, on which facts, and the look back at it by somebody else.
 */
import type { Events, RecordedEvent, WaiverView } from '../../client/index.ts'
import type { WaiverEvent } from '../../core/waiver.ts'
import { conflictLines } from './conflicts.ts'
import { phraseOf } from './event-phrases.ts'
import { spokenText } from './fields.ts'
import { instantIn } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { visible, visibleLines } from './visible.ts'
import { wrap } from './wrap.ts'

const actNames: Readonly<Record<WaiverView['records'][number]['act'], string>> = {
  approval: 'APPROVAL',
  activation: 'ACTIVATION',
  extension: 'EXTENSION',
  revocation: 'REVOCATION',
}

export function timelineLines(page: Page, waiver: WaiverView, { events, names }: Events): readonly string[] {
  return events.flatMap((event) => eventLines(page, event, waiver, names))
}

function eventLines(page: Page, event: RecordedEvent, waiver: WaiverView, names: Names): readonly string[] {
  const record = waiver.records.find((one) => one.event === event.id)
  const body = event.body as WaiverEvent | undefined
  const phrase = body === undefined ? { says: `${visible(event.type)}; its words were erased` } : phraseOf(body, page)
  const act = record === undefined ? '' : `${page.paint.strong(actNames[record.act])} `
  const head = `${page.paint.faint(instantIn(event.at, page.timeZone))}  ${act}${named(event.by, names)}: ${phrase.says}`
  const spoken =
    'spoken' in phrase && phrase.spoken !== undefined ? spokenText(visibleLines(phrase.spoken), page.width) : []
  return [
    head,
    ...spoken.map((line) => `    ${line}`),
    ...(record === undefined ? [] : recordLines(page, event.id, body, record, names)),
    ...(body?.type === 'AttemptRefused' ? conflictLines(page, body.verdict?.conflicts ?? [], names, 4) : []),
  ]
}

function recordLines(
  page: Page,
  id: string,
  body: WaiverEvent | undefined,
  { review }: WaiverView['records'][number],
  names: Names,
): readonly string[] {
  const facts = body?.facts
  const rested =
    facts === undefined
      ? 'followed from time alone'
      : `rested on directory ${visible(facts.directory)}, policy ${visible(facts.policy)}, circumstances ${visible(facts.circumstances)}`
  const reviewed =
    review === undefined
      ? [`record ${visible(id)}, not reviewed on its own yet`]
      : [
          `record ${visible(id)}, reviewed by ${named(review.by, names)}, ${instantIn(review.at, page.timeZone)}: ${visible(review.finding)}`,
        ]
  const note = review === undefined ? [] : spokenText(visibleLines(review.note), page.width)
  const room = Math.max(30, page.width - 4)
  return [
    ...[...wrap(rested, room)].map((line) => `    ${page.paint.faint(line)}`),
    ...reviewed.map((line) => `    ${line}`),
    ...note.map((line) => `    ${line}`),
  ]
}
