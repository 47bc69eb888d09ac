/**
 * The one way a decision leaves this page. Whatever a person decides (endorse, countersign, deny, review) comes through
 * here: it makes sure the sign-in is fresh, lets whoever proves decisions add their proof, sends it once, and says what
 * became of it. What was typed survives the way to the identity provider and back; nothing is decided on the way.
 */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Answer, ClientProblem, Narrowing, WriteOptions, Written } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { signInAddress } from '../sign-in/address.ts'
import { nowMillis } from '../time/clock.ts'

export type Finding = 'justified' | 'not-justified' | 'needs-follow-up'

export type Decision =
  | { readonly act: 'endorse'; readonly digest: string }
  | {
      readonly act: 'countersign'
      readonly digest: string
      readonly narrow: Narrowing | undefined
      readonly acknowledges: readonly string[]
    }
  | { readonly act: 'deny'; readonly digest: string; readonly reason: string }
  | {
      readonly act: 'review'
      readonly finding: Finding
      readonly note: string
      readonly residueAccepted: readonly string[]
    }
  | { readonly act: 'review-event'; readonly event: string; readonly finding: Finding; readonly note: string }

export type Outcome =
  | { readonly is: 'idle' }
  | { readonly is: 'sending' }
  | { readonly is: 'done'; readonly act: Decision['act']; readonly written: Written }
  | { readonly is: 'refused'; readonly problem: ClientProblem }

export interface Decider {
  readonly outcome: Outcome
  /** A decision now begins with signing in again. */
  readonly needsSignIn: boolean
  /** @returns what became of it; `elsewhere` when the browser is led to sign in first */
  decide(decision: Decision): Promise<'done' | 'refused' | 'elsewhere'>
  /** Keeps what is typed and goes to sign in. */
  signIn(): void
}

/** The engine allows five minutes; whoever starts in the last of them might not get to the end. */
const freshSeconds = 240

export function useDecision(waiver: string): Decider {
  const { data: me } = useQuery(meQuery)
  const [outcome, setOutcome] = useState<Outcome>({ is: 'idle' })
  // Asked again after a lost answer, it is the same decision and not a second one.
  const key = useRef<{ readonly of: string; readonly key: string }>(undefined)
  const age =
    me?.signedInAt === undefined ? Number.POSITIVE_INFINITY : (nowMillis() - Date.parse(me.signedInAt)) / 1_000
  const needsSignIn = me !== undefined && age > freshSeconds
  const signIn = () => location.assign(signInAddress({ fresh: true }))
  const leave = () => {
    signIn()
    return 'elsewhere' as const
  }

  return {
    outcome,
    needsSignIn,
    signIn,
    async decide(decision) {
      if (outcome.is === 'sending') return 'elsewhere'
      if (needsSignIn) return leave()
      setOutcome({ is: 'sending' })
      const text = JSON.stringify(decision)
      if (key.current?.of !== text) key.current = { of: text, key: crypto.randomUUID() }
      const answer = await send(waiver, decision, { idempotencyKey: key.current.key })
      if (answer.ok || answer.problem.status !== 0) key.current = undefined
      if (!answer.ok && answer.problem.code === 'sign-in-not-fresh') return leave()
      setOutcome(
        answer.ok
          ? { is: 'done', act: decision.act, written: answer.value }
          : { is: 'refused', problem: answer.problem },
      )
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === waiver || queryKey[0] === 'inbox',
      })
      return answer.ok ? 'done' : 'refused'
    },
  }
}

function send(waiver: string, decision: Decision, options: WriteOptions): Promise<Answer<Written>> {
  switch (decision.act) {
    case 'endorse':
      return api.endorse(waiver, { digest: decision.digest }, options)
    case 'countersign': {
      const { digest, narrow, acknowledges } = decision
      return api.countersign(
        waiver,
        { digest, acknowledges: [...acknowledges], ...(narrow === undefined ? {} : { narrow }) },
        options,
      )
    }
    case 'deny':
      return api.deny(waiver, { digest: decision.digest, reason: decision.reason }, options)
    case 'review': {
      const { finding, note, residueAccepted } = decision
      return api.review(waiver, { finding, note, residueAccepted: [...residueAccepted] }, options)
    }
    case 'review-event': {
      const { event, finding, note } = decision
      return api.reviewEvent(waiver, event, { finding, note }, options)
    }
    default:
      return decision satisfies never
  }
}
