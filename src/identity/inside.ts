/**
 * Calls that this process makes to itself for somebody who called it. Their proof of possession names the address they
 * called, and counts once; what follows from it inside is done with the same token and needs no proof of its own. Nothing
 * that arrives from outside can claim to be such a call: it is known by where it runs, not by what it carries.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Authenticated } from './actor.ts'
import { type Credentials, presentedToken } from './bearer.ts'
import type { AuthenticationProblem } from './problem.ts'
import type { TokenVerifier } from './tokens.ts'

export interface InsideCalls {
  /** As the verifier does, and knows what was shown already. */
  authenticate(credentials: Credentials): Promise<Authenticated | AuthenticationProblem>
  /** Looks at the proof that came with a token. @returns where to do what the caller may do with it. */
  shown(credentials: Credentials): Promise<Inside | AuthenticationProblem>
}

export interface Inside {
  run<Value>(work: () => Value): Value
}

export function insideCalls(verifier: Pick<TokenVerifier, 'authenticate'>): InsideCalls {
  const keys = new AsyncLocalStorage<{ readonly token: string; readonly key: string | undefined }>()
  return {
    authenticate(credentials) {
      const known = keys.getStore()
      const presented = known === undefined ? undefined : presentedToken(credentials)
      // INVARIANT: what was shown was shown for this very token.
      if (
        known?.key === undefined ||
        presented === undefined ||
        'problem' in presented ||
        presented.token !== known.token
      )
        return verifier.authenticate(credentials)
      return verifier.authenticate({ ...credentials, exchange: { key: known.key } })
    },
    async shown(credentials) {
      const presented = presentedToken(credentials)
      if ('problem' in presented) return presented
      const found = await verifier.authenticate(credentials)
      if ('problem' in found) return found
      const known = { token: presented.token, key: found.key }
      return { run: (work) => keys.run(known, work) }
    },
  }
}
