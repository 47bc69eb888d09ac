/** The sentence behind a refusal code, for where the API sends the code alone. The sentences are the core's own. */
import { refusals } from '../../src/core/refusal.ts'

/** Said to the person it is about, where the core speaks of somebody. */
const toYou: Readonly<Record<string, string>> = {
  'approver-is-requester': 'You asked for it, or it is for you: you do not decide it',
  'approver-not-independent': 'You do not stand outside those who ask and those who give',
  'approver-not-in-pool': 'You are in no pool that decides this',
  'approver-decided-before': 'You decided the time before; an extension needs somebody else',
  'one-person-counts-once': 'You took a step of this decision already',
  'endorse-first': 'The owner’s side has to sign off first',
  'not-permitted': 'Nothing relates you to it in a way that lets you decide',
  'too-late': 'It is too late to decide',
}

export function refusalWords(code: string): string {
  const own = Object.hasOwn(toYou, code) ? toYou[code] : undefined
  if (own !== undefined) return own
  const known = Object.hasOwn(refusals, code) ? refusals[code as keyof typeof refusals] : undefined
  const words = known ?? code
  return words.charAt(0).toUpperCase() + words.slice(1)
}
