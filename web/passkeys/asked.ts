/** What waits on this page for a signature. There is never more than one: a person reads one thing at a time. */
import { useSyncExternalStore } from 'react'
import type { Answer, ChallengeView, ClientProblem, SignedResult } from '../../src/client/index.ts'

export interface AskedToSign {
  readonly challenge: ChallengeView
  /** The signature is sent under this key, so that sending it again is no second decision. */
  readonly key: string
  settle(answer: Answer<SignedResult>): void
}

let asked: AskedToSign | undefined
const watchers = new Set<() => void>()

function set(next: AskedToSign | undefined): void {
  asked = next
  for (const watcher of watchers) watcher()
}

/** Shows what is to be signed. @returns what came of it; `not-signed` when the person left it */
export function askForSignature(challenge: ChallengeView, key: string): Promise<Answer<SignedResult>> {
  asked?.settle(notSigned)
  const { promise, resolve } = Promise.withResolvers<Answer<SignedResult>>()
  set({
    challenge,
    key,
    settle(answer) {
      set(undefined)
      resolve(answer)
    },
  })
  return promise
}

export function useAskedToSign(): AskedToSign | undefined {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => asked,
  )
}

export const notSignedCode = 'not-signed'

const problem: ClientProblem = {
  type: 'about:blank',
  title: 'not signed',
  status: 0,
  code: notSignedCode,
  detail: 'you signed nothing, so nothing was decided',
}

export const notSigned: Answer<never> = { ok: false, problem }
