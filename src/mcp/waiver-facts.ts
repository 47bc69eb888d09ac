/** What a model is told of a waiver: where it stands, what it covers, until when, and what to do next. */
import type { WaiverDetail, WaiverView } from '../client/index.ts'
import { quoted, type Told } from './answer.ts'

export function waiverFacts({ waiver, names }: Pick<WaiverDetail, 'waiver' | 'names'>): Told {
  const { id, status, terms, proposal, activation, end, usesCount } = waiver
  return {
    waiver: id,
    status,
    beneficiary: terms.beneficiary,
    access: terms.access,
    window: terms.window,
    conditions: terms.conditions,
    terms: waiver.digest,
    usesCount,
    ...(proposal === undefined ? {} : { decideBy: proposal.decideBy, questions: questionsIn(proposal, names) }),
    ...(activation === undefined ? {} : { account: activation.account, endsAt: activation.end }),
    ...(end === undefined ? {} : { ended: { cause: end.cause, at: end.at, ...quoted(end.by, end.reason) } }),
    next: nextStep(waiver),
  }
}

function questionsIn(
  { questions }: NonNullable<WaiverView['proposal']>,
  names: WaiverDetail['names'],
): readonly Told[] {
  return questions.map(({ by, text, answer }) => ({
    ...quoted(names[by] ?? by, text),
    answered: answer !== undefined,
  }))
}

/** Waiting is a handle, not an open call: whoever asked comes back with the id. */
function nextStep({ status, activation }: WaiverView): string {
  switch (status) {
    case 'requested':
    case 'endorsed':
      return 'wait for an independent person to decide; ask again with get_request in a minute or later'
    case 'countersigned':
      return activation === undefined
        ? 'start it with start_access, unless its tier starts it by itself'
        : 'the target is being changed; ask again with get_request in a few seconds'
    case 'active':
      return 'use it within its scope and window; every use is checked again'
    case 'suspended':
      return 'do not use it; a person has to let it go on'
    case 'ended':
    case 'reviewed':
      return 'it is over; ask anew if it is still needed'
    default:
      return status satisfies never
  }
}
