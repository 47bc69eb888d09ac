/** What a sign-in came to, in words. The word itself arrives in the address, so nothing but a known one is ever shown. */

const outcomes: Readonly<Record<string, string>> = {
  'signed-out': 'You are signed out.',
  'sign-in-not-configured':
    'Nobody can sign in with a browser here yet: the configuration names no web client. Whoever runs Countersign has to add one.',
  'sign-in-expired': 'That sign-in took too long, or was finished in another tab. Start again.',
  'sign-in-cancelled': 'The sign-in was cancelled. Nothing was done.',
  'sign-in-failed':
    'The identity provider did not confirm this sign-in. Start again; if it stays, tell whoever runs Countersign.',
  'provider-unreachable': 'The identity provider does not answer. Try again in a moment.',
  'not-a-person': 'This account is no person’s. Programs call the API with tokens of their own.',
  'account-unknown':
    'You signed in, and the directory knows nobody by this account. Whoever keeps the directory has to add it.',
  'account-contradictory':
    'The sources of the directory do not agree on whose account this is. They have to be put right first.',
  'account-unconfirmed': 'Nobody independent has confirmed yet that this account is yours.',
  'directory-unavailable': 'There is no directory to ask who you are. Try again in a moment.',
}

const other =
  'The identity provider’s token was not accepted. Whoever runs Countersign can find the reason under this word.'

/** @returns nothing for a word that no sign-in ends with. */
export function outcomeOf(word: string | null): { readonly text: string; readonly word: string } | undefined {
  if (word === null || !/^[a-z-]{1,40}$/.test(word)) return undefined
  return { word, text: outcomes[word] ?? other }
}
