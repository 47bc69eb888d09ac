/**
 * What happened to a waiver, in order. Approval, activation, extension and revocation are records of their own: each with
 * who, when, on which facts, and the look back at it by somebody else.
 */
import type { Events, RecordedEvent, WaiverView } from '../../client/index.ts'
import type { Terms } from '../../core/terms.ts'
import type { WaiverEvent } from '../../core/waiver.ts'
import { conflictLines } from './conflicts.ts'
import { type Phrase, phraseOf } from './event-phrases.ts'
import { sentence, spokenText } from './fields.ts'
import { instantIn } from './moments.ts'
import { named } from './names.ts'
import { narrowingLines } from './narrowing.ts'
import type { Names, Page } from './page.ts'
import { abbreviated, visible, visibleLines } from './visible.ts'

const actNames: Readonly<Record<WaiverView['records'][number]['act'], string>> = {
  approval: 'APPROVAL',
  activation: 'ACTIVATION',
  extension: 'EXTENSION',
  revocation: 'REVOCATION',
}

export function timelineLines(page: Page, waiver: WaiverView, { events, names }: Events): readonly string[] {
  let asked: Terms | undefined
  return events.flatMap((event) => {
    const body = event.body as WaiverEvent | undefined
    const before = asked
    if (body !== undefined && 'terms' in body) asked = body.terms
    return eventLines(page, event, body, waiver, names, before)
  })
}

/** @param before the terms that were asked for when it happened */
function eventLines(
  page: Page,
  event: RecordedEvent,
  body: WaiverEvent | undefined,
  { records }: WaiverView,
  names: Names,
  before: Terms | undefined,
): readonly string[] {
  const record = records.find((one) => one.event === event.id)
  const phrase: Phrase =
    body === undefined ? { says: `${visible(event.type)}; its words were erased` } : phraseOf(body, page)
  const act = record === undefined ? '' : `${actNames[record.act]} `
  const narrowed = body?.type === 'TermsNarrowed' && before !== undefined
  return [
    ...sentence(page, `${instantIn(event.at, page.timeZone)}  ${act}${named(event.by, names)}: ${phrase.says}`),
    ...(narrowed ? narrowingLines(page, before, body.terms, names) : []),
    ...(phrase.spoken === undefined ? [] : spokenText(visibleLines(phrase.spoken), page.width)).map(
      (line) => `    ${line}`,
    ),
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
      : abbreviated(
          `rested on directory ${visible(facts.directory)}, policy ${visible(facts.policy)}, circumstances ${visible(facts.circumstances)}`,
        )
  const reviewed =
    review === undefined
      ? 'not reviewed on its own yet'
      : `reviewed by ${named(review.by, names)}, ${instantIn(review.at, page.timeZone)}: ${visible(review.finding)}`
  const note = review === undefined ? [] : spokenText(visibleLines(review.note), page.width)
  return [
    ...sentence(page, rested, page.paint.faint),
    ...sentence(page, `record ${visible(id)}, ${reviewed}`),
    ...note,
  ].map((line) => `    ${line}`)
}
