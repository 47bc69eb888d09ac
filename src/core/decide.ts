/**
 * What follows from a command: events, or a refusal. Pure and total: the same state, command and facts give the same
 * answer, and every "no" of the life of a waiver is said here and nowhere else. A refusal is an event as well, so that
 * attempts are on the record; some refusals have consequences, such as an approval that is void from then on.
 */
import { activate, confirmActivation, recheck, recordUses, revoke, suspend, use } from './decide/access.ts'
import { reportRemoval, review, reviewEvent } from './decide/after.ts'
import { answer, askBack, countersign, deny, endorse, withdraw } from './decide/approval.ts'
import { type Decision, forbidden, refuse } from './decide/checks.ts'
import { evidence } from './decide/controls.ts'
import { requestExtension, requestResumption } from './decide/extension.ts'
import { request } from './decide/request.ts'
import { tick } from './decide/tick.ts'
import type { Facts } from './facts.ts'
import { refusal } from './refusal.ts'
import type { Command, Waiver } from './waiver.ts'

export { type Decision, refuse } from './decide/checks.ts'
export { proposedTerms } from './decide/terms-proposed.ts'

export function decide(waiver: Waiver | undefined, command: Command, facts: Facts): Decision {
  const no = forbidden(waiver, command, facts)
  if (no !== undefined) return refuse(command, facts, no)
  if (command.type === 'request') {
    return waiver === undefined
      ? request(command, facts)
      : refuse(command, facts, refusal('already-asked', `\`${waiver.id}\``))
  }
  if (waiver === undefined) return refuse(command, facts, refusal('unknown-waiver'))
  switch (command.type) {
    case 'endorse':
      return endorse(waiver, command, facts)
    case 'countersign':
      return countersign(waiver, command, facts)
    case 'deny':
      return deny(waiver, command, facts)
    case 'ask-back':
      return askBack(waiver, command, facts)
    case 'answer':
      return answer(waiver, command, facts)
    case 'withdraw':
      return withdraw(waiver, command, facts)
    case 'activate':
      return activate(waiver, command, facts)
    case 'confirm-activation':
      return confirmActivation(waiver, command, facts)
    case 'use':
      return use(waiver, command, facts)
    case 'record-uses':
      return recordUses(waiver, command, facts)
    case 'request-extension':
      return requestExtension(waiver, command, facts)
    case 'evidence':
      return evidence(waiver, command, facts)
    case 'suspend':
      return suspend(waiver, command, facts)
    case 'request-resumption':
      return requestResumption(waiver, command, facts)
    case 'revoke':
      return revoke(waiver, command, facts)
    case 'report-removal':
      return reportRemoval(waiver, command, facts)
    case 'review':
      return review(waiver, command, facts)
    case 'review-event':
      return reviewEvent(waiver, command, facts)
    case 'recheck':
      return recheck(waiver, command, facts)
    case 'tick':
      return tick(waiver, facts)
    default:
      return command satisfies never
  }
}
