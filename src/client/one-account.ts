/**
 * Into which of the beneficiary's accounts does the access go? Accounts are part of the terms, so nothing is guessed: the
 * one there is, or whoever asks says which. The one place for it, whatever somebody asks through.
 */
import type { Preview } from '../api/schema/routing.ts'
import type { AskedTerms } from '../api/schema/terms.ts'

export type WithAccount =
  | { readonly terms: AskedTerms }
  | {
      readonly account: 'unknown' | 'not-chosen'
      /** In words, lower-case, no full stop. */
      readonly detail: string
      readonly accounts: readonly string[]
    }

/** An envelope names none: whoever opens it brings theirs. */
export function withOneAccount(terms: AskedTerms, { accounts }: Pick<Preview, 'accounts'>): WithAccount {
  if (terms.kind === 'break-glass' || terms.access.account !== undefined) return { terms }
  const [only, second] = accounts
  if (only === undefined)
    return { account: 'unknown', detail: 'the directory knows no account of the beneficiary there; name it', accounts }
  if (second !== undefined)
    return { account: 'not-chosen', detail: 'the beneficiary has several accounts there; name one of them', accounts }
  return { terms: { ...terms, access: { ...terms.access, account: only } } }
}
