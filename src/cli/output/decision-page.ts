/**
 * Everything somebody needs to see before they decide, and exactly what they will sign. Whole, in one piece: terms, what
 * they contain on the target now, what these people had before, who already took part, and what a narrowing changes.
 */
import type { Behind, Context, WaiverDetail } from '../../client/index.ts'
import type { Terms } from '../../core/terms.ts'
import { plusSeconds, secondsOf } from '../../core/time.ts'
import { termsDigest } from '../../proof/terms-digest.ts'
import { behindLines, untrustedLines } from './behind-lines.ts'
import { conflictLines } from './conflicts.ts'
import { fields, sentence, spokenText } from './fields.ts'
import { instantIn, instantSeen } from './moments.ts'
import { named } from './names.ts'
import { narrowingLines } from './narrowing.ts'
import type { Names, Page } from './page.ts'
import { termsLines, word } from './terms.ts'
import { termsIn } from './views.ts'
import { visible, visibleLines } from './visible.ts'

export type Proposal = NonNullable<WaiverDetail['waiver']['proposal']>

export interface DecisionPage {
  /** `countersign`, `endorse`, `deny`. */
  readonly verb: string
  readonly detail: WaiverDetail
  readonly proposal: Proposal
  readonly context: Context
  readonly narrowed?: Terms
  /** Where a program asks or benefits. */
  readonly behind?: Behind
}

export function decisionLines(
  page: Page,
  { verb, detail, proposal, context, narrowed, behind }: DecisionPage,
): readonly string[] {
  const names = { ...context.names, ...detail.names }
  const asked = termsIn(proposal.terms)
  const heading = page.paint.strong
  return [
    heading(`${verb} ${whatOf(proposal)} ${detail.waiver.id}`),
    ...askedLines(page, detail, proposal, names),
    '',
    heading(narrowed === undefined ? 'Exactly this:' : 'Asked for:'),
    ...termsLines(page, asked, proposal.digest, names),
    ...untrustedLines(page, detail),
    ...(behind === undefined ? [] : behindLines(page, behind)),
    ...changeLines(page, detail, proposal, names),
    ...(narrowed === undefined ? [] : narrowedLines(page, asked, narrowed, names)),
    ...lifeLines(page, detail, proposal, names),
    '',
    heading('What it is on the target, and what there was before:'),
    ...contextLines(page, context),
    ...afterwardsLines(page, detail, narrowed ?? asked),
    ...standingLines(page, verb, detail, names),
    '',
  ]
}

function whatOf({ of }: Proposal): string {
  switch (of) {
    case 'waiver':
      return 'the waiver'
    case 'extension':
      return 'more time for the waiver'
    case 'resumption':
      return 'the resumption of the suspended waiver'
    default:
      return of satisfies never
  }
}

function askedLines(page: Page, { waiver }: WaiverDetail, proposal: Proposal, names: Names): readonly string[] {
  return fields(page, [
    ['Asked by', named(proposal.askedBy, names)],
    ['Through', waiver.chain.map((id) => named(id, names))],
    ['Asked', instantSeen(proposal.askedAt, page)],
    ['Tier', `${word(waiver.obligations.tier)}: ${waiver.obligations.steps.join(', then ')}`],
    ['Decide by', instantSeen(proposal.decideBy, page)],
    ...(proposal.of === 'waiver' ? [] : [['Because', spokenText(visibleLines(proposal.reason), page.width)] as const]),
  ])
}

/** An extension: what changes against what is in force. */
function changeLines(page: Page, { waiver }: WaiverDetail, proposal: Proposal, names: Names): readonly string[] {
  if (proposal.of !== 'extension') return []
  const lines = narrowingLines(page, termsIn(waiver.terms), termsIn(proposal.terms), names)
  return ['', page.paint.strong('Against what is in force now:'), ...lines]
}

function narrowedLines(page: Page, asked: Terms, narrowed: Terms, names: Names): readonly string[] {
  return [
    '',
    page.paint.strong('You narrow it:'),
    ...narrowingLines(page, asked, narrowed, names),
    '',
    page.paint.strong('You sign exactly this:'),
    ...termsLines(page, narrowed, termsDigest(narrowed), names),
  ]
}

function lifeLines(page: Page, { waiver }: WaiverDetail, proposal: Proposal, names: Names): readonly string[] {
  const { endorsement, countersignatures, countersignersNeeded, questions } = proposal
  const denials = waiver.denialsBefore.flatMap((denial) => [
    ...sentence(
      page,
      `Denied before in ${visible(denial.waiver)} by ${named(denial.by, names)}, ${instantIn(denial.at, page.timeZone)}:`,
      page.paint.warn,
    ),
    ...indented(spokenText(visibleLines(denial.reason), page.width)),
  ])
  const asked = questions.flatMap((question) => [
    ...sentence(page, `${named(question.by, names)} asked, ${instantIn(question.at, page.timeZone)}:`),
    ...indented(spokenText(visibleLines(question.text), page.width)),
    ...(question.answer === undefined
      ? ['  not answered yet']
      : [
          ...sentence(page, `  answered by ${named(question.answer.by, names)}:`),
          ...indented(spokenText(visibleLines(question.answer.text), page.width)),
        ]),
  ])
  const rows = fields(page, [
    [
      'Endorsed',
      endorsement === undefined ? [] : `${named(endorsement.by, names)}, ${instantIn(endorsement.at, page.timeZone)}`,
    ],
    ['Signed so far', countersignatures.map(({ by, at }) => `${named(by, names)}, ${instantIn(at, page.timeZone)}`)],
    ['Signatures', `${countersignatures.length} of ${countersignersNeeded}`],
    ['Goes on from', waiver.continues.map(visible)],
  ])
  return ['', ...rows, ...denials, ...asked]
}

function contextLines(page: Page, { contains, earlier, breaks }: Context): readonly string[] {
  const state = {
    same: 'the entitlement contains what it contained when this was asked for',
    changed: page.paint.bad('the entitlement contains something else now than when this was asked for'),
    unknown: page.paint.bad('the target does not say what the entitlement contains'),
  }[contains.state]
  const before = earlier.map(
    (one) =>
      `${visible(one.waiver)} ${visible(one.status)}${one.granted ? '' : ', never given'}: ${word(one.entitlement)}, ${instantIn(one.start, page.timeZone)} to ${instantIn(one.end, page.timeZone)}${one.cause === undefined ? '' : `, ${visible(one.cause)}`}`,
  )
  const broken = breaks.map((rule) => `${visible(rule.severity)}: ${visible(rule.name)} ${word(rule.rule)}`)
  return [
    `  ${state}`,
    ...fields(page, [
      ['Contains', contains.summary.map(visible)],
      ['Earlier', before.length === 0 ? 'no earlier waivers of these people on this system' : before],
      [
        'Breaks',
        broken.length === 0 ? 'no segregation-of-duties rule' : broken.map((text) => ({ text, brush: page.paint.bad })),
      ],
    ]),
  ]
}

/** How long rights may really last, by what the connector says of itself; and what nobody could see afterwards. */
function afterwardsLines(page: Page, { nature, worstCaseEnd }: WaiverDetail, signed: Terms): readonly string[] {
  const lastsSeconds =
    (signed.openFor === undefined ? 0 : (secondsOf(signed.openFor) ?? 0)) + (nature?.endSessionsSecondsMax ?? 0)
  const end = nature === undefined ? worstCaseEnd : plusSeconds(signed.window.end, lastsSeconds)
  return fields(page, [
    [
      'Rights gone',
      end === undefined
        ? 'the connector does not say'
        : `at the latest ${instantSeen(end, page)}, if the target answers`,
    ],
    ['Not seen', (nature?.residueNotSeen ?? []).map((line) => `what may be left behind unseen: ${visible(line)}`)],
  ])
}

/** What the server would say to this person now; a hint, the attempt itself decides. */
function standingLines(page: Page, verb: string, { standing }: WaiverDetail, names: Names): readonly string[] {
  const act = standing.acts.find((one) => one.act === verb)
  if (act === undefined || act.may) return []
  return [
    '',
    page.paint.bad(`As things stand this would be refused: ${visible(act.because ?? 'not-permitted')}`),
    ...conflictLines(page, standing.verdict.conflicts, names),
  ]
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
