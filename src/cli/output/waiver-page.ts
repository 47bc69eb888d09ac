/** One waiver in full, for whoever wants to know where it stands: what is in force, what is on the target, what happened. */
import type { Behind, Events, WaiverDetail, WaiverView } from '../../client/index.ts'
import { behindLines, untrustedLines } from './behind-lines.ts'
import { fields, spokenText } from './fields.ts'
import { grantLines, removalLines } from './grant-lines.ts'
import { counted, fromNow, instantIn, instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { termsLines, word } from './terms.ts'
import { timelineLines } from './timeline.ts'
import { termsIn } from './views.ts'
import { visible, visibleLines } from './visible.ts'

export function waiverLines(
  page: Page,
  detail: WaiverDetail,
  events: Events | undefined,
  behind?: Behind,
): readonly string[] {
  const { waiver, grant, worstCaseEnd, names } = detail
  const heading = page.paint.strong
  return [
    heading(`${waiver.id}  ${statusOf(waiver, page.nowMillis)}`),
    ...aboutLines(page, waiver, names),
    '',
    heading('Terms in force:'),
    ...termsLines(page, termsIn(waiver.terms), waiver.digest, names),
    ...untrustedLines(page, detail),
    ...(behind === undefined ? [] : behindLines(page, behind)),
    ...proposalLines(page, waiver, names),
    '',
    heading('On the target:'),
    ...(grant === undefined ? ['  nothing was given'] : grantLines(page, grant)),
    ...fields(page, [
      ['Rights gone', worstCaseEnd === undefined ? [] : `at the latest ${instantSeen(worstCaseEnd, page)}`],
    ]),
    ...removalLines(page, waiver),
    ...controlLines(page, waiver, names),
    ...reviewLines(page, waiver, names),
    ...(events === undefined ? [] : ['', heading('What happened:'), ...timelineLines(page, waiver, events)]),
    ...mayLines(page, detail),
  ]
}

/** `ACTIVE, ends in 3 h 12 min`. */
export function statusOf(waiver: WaiverView, nowMillis: number): string {
  const { status, end, activation, proposal, activateBy } = waiver
  switch (status) {
    case 'requested':
    case 'endorsed':
      return `${status.toUpperCase()}, ${proposal === undefined ? 'nothing waits' : `to be decided ${fromNow(proposal.decideBy, nowMillis)}`}`
    case 'countersigned':
      if (activation !== undefined) return 'COUNTERSIGNED, being started'
      return `COUNTERSIGNED, not started${activateBy === undefined ? '' : `, to be started ${fromNow(activateBy, nowMillis)}`}`
    case 'active':
      return `ACTIVE${activation === undefined ? '' : `, ends ${fromNow(activation.end, nowMillis)}`}`
    case 'suspended':
      return 'SUSPENDED'
    case 'ended':
    case 'reviewed':
      return `${status.toUpperCase()}${end === undefined ? '' : `: ${visible(end.cause)} ${fromNow(end.at, nowMillis)}`}`
    default:
      return status satisfies never
  }
}

function aboutLines(page: Page, waiver: WaiverView, names: Names): readonly string[] {
  const { activation, suspension, end } = waiver
  return fields(page, [
    ['Asked by', named(waiver.requester, names)],
    ['Through', waiver.chain.map((id) => named(id, names))],
    ['Asked', instantSeen(waiver.requestedAt, page)],
    ['Tier', word(waiver.obligations.tier)],
    ['Signed by', waiver.approvals.map(({ by, at }) => `${named(by, names)}, ${instantIn(at, page.timeZone)}`)],
    ['Endorsed by', waiver.endorsers.map((id) => named(id, names))],
    [
      'Started',
      activation === undefined
        ? []
        : `${named(activation.by, names)}, ${instantIn(activation.at, page.timeZone)}${activation.confirmedAt === undefined ? ', not yet seen on the target' : ''}`,
    ],
    ['Access ends', activation === undefined ? [] : instantSeen(activation.end, page)],
    [
      'Used',
      waiver.terms.conditions.usesMax === undefined ? [] : `${waiver.usesCount} of ${waiver.terms.conditions.usesMax}`,
    ],
    ['Extended', waiver.extensionsCount === 0 ? [] : counted(waiver.extensionsCount, 'time')],
    [
      'Suspended',
      suspension === undefined
        ? []
        : [
            `${named(suspension.by, names)}, ${instantSeen(suspension.at, page)}`,
            ...spokenText(visibleLines(suspension.reason), page.width),
          ],
    ],
    [
      'Ended',
      end === undefined
        ? []
        : [
            `${visible(end.cause)} by ${named(end.by, names)}, ${instantSeen(end.at, page)}`,
            ...spokenText(visibleLines(end.reason), page.width),
          ],
    ],
    ['Goes on from', waiver.continues.map(visible)],
    ['Refused', waiver.refusalsCount === 0 ? [] : counted(waiver.refusalsCount, 'attempt')],
  ])
}

function proposalLines(page: Page, { proposal }: WaiverView, names: Names): readonly string[] {
  if (proposal === undefined) return []
  const what = { waiver: 'the waiver itself', extension: 'more time', resumption: 'its resumption' }[proposal.of]
  const open = proposal.questions.filter((question) => question.answer === undefined)
  return [
    '',
    page.paint.strong('Waits for a decision:'),
    ...fields(page, [
      ['What', `${what}, asked by ${named(proposal.askedBy, names)}`],
      ['New end', proposal.of === 'extension' ? instantSeen(proposal.terms.window.end, page) : []],
      ['Decide by', instantSeen(proposal.decideBy, page)],
      ['Signatures', `${proposal.countersignatures.length} of ${proposal.countersignersNeeded}`],
      ['Digest', proposal.digest],
      ...open.map(
        (question) =>
          ['Asked back', [named(question.by, names), ...spokenText(visibleLines(question.text), page.width)]] as const,
      ),
    ]),
  ]
}

function controlLines(page: Page, { controls }: WaiverView, names: Names): readonly string[] {
  return fields(page, [
    [
      'Controls',
      controls.map(({ control, owner, dueAt, evidencedCount, missedCount }) => ({
        text: `${word(control)} by ${named(owner, names)}: ${evidencedCount} evidenced, ${missedCount} missed${dueAt === undefined ? '' : `, next due ${instantSeen(dueAt, page)}`}`,
        brush: missedCount > 0 ? page.paint.bad : (text: string) => text,
      })),
    ],
  ])
}

function reviewLines(page: Page, { review }: WaiverView, names: Names): readonly string[] {
  if (review === undefined) return []
  const { closed, dueAt, overdue } = review
  if (closed === undefined) {
    return fields(page, [
      [
        'Review',
        [
          {
            text: `${overdue ? 'OVERDUE, was ' : ''}due ${instantSeen(dueAt, page)}`,
            brush: overdue ? page.paint.bad : page.paint.warn,
          },
        ],
      ],
    ])
  }
  return fields(page, [
    ['Review', `${visible(closed.finding)} by ${named(closed.by, names)}, ${instantIn(closed.at, page.timeZone)}`],
    ['Note', spokenText(visibleLines(closed.note), page.width)],
    ['Accepted', closed.residueAccepted.map(word)],
  ])
}

function mayLines({ paint }: Page, { standing }: WaiverDetail): readonly string[] {
  const may = standing.acts.filter((act) => act.may).map(({ act }) => visible(act))
  return ['', `${paint.strong('You may now:')} ${may.length === 0 ? 'read' : may.join(', ')}`]
}
