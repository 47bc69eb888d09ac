/**
 * The one way a decision leaves this page. Whatever a person decides (endorse, countersign, deny, review) comes through
 * here: it makes sure the sign-in is fresh, has it signed by passkey where the rules ask for that, sends it once, and says
 * what became of it. What was typed survives the way to the identity provider and back; nothing is decided on the way.
 */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Answer, ClientProblem, DecisionToSign, Narrowing, Written } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { notSignedCode } from '../passkeys/asked.ts'
import { isFresh } from '../passkeys/fresh.ts'
import { decideSigned } from '../passkeys/signed.ts'
import { signInAddress } from '../sign-in/address.ts'
import { waiverQuery } from '../waiver/queries.ts'

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
  /** @returns what became of it; `elsewhere` when the browser is led to sign in first, or the person signs nothing */
  decide(decision: Decision): Promise<'done' | 'refused' | 'elsewhere'>
  /** Keeps what is typed and goes to sign in. */
  signIn(): void
}

export function useDecision(waiver: string): Decider {
  const { data: me } = useQuery(meQuery)
  const [outcome, setOutcome] = useState<Outcome>({ is: 'idle' })
  // Asked again after a lost answer, it is the same decision and not a second one.
  const key = useRef<{ readonly of: string; readonly key: string }>(undefined)
  const { data: detail } = useQuery(waiverQuery(waiver))
  const needsSignIn = me !== undefined && !isFresh(me)
  const isSigned = detail?.waiver.obligations.passkey === true
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
      const answer = await send(waiver, decision, { idempotencyKey: key.current.key }, isSigned)
      if (answer.ok || answer.problem.status !== 0) key.current = undefined
      if (!answer.ok && answer.problem.code === 'sign-in-not-fresh') return leave()
      if (!answer.ok && answer.problem.code === notSignedCode) {
        setOutcome({ is: 'idle' })
        return 'elsewhere'
      }
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

/** Rules that became stricter since it was asked for are the server's to tell: then it is signed after all. */
async function send(
  waiver: string,
  decision: Decision,
  options: { readonly idempotencyKey: string },
  isSigned: boolean,
): Promise<Answer<Written>> {
  const body = bodyOf(decision)
  if (isSigned) return decideSigned(waiver, body, options)
  const answer = await unsigned(waiver, body, options)
  if (answer.ok || answer.problem.code !== 'passkey-needed') return answer
  return decideSigned(waiver, body, { idempotencyKey: crypto.randomUUID() })
}

function bodyOf(decision: Decision): Exclude<DecisionToSign, { decision: 'activate' }> {
  switch (decision.act) {
    case 'endorse':
      return { decision: 'endorse', digest: decision.digest }
    case 'countersign': {
      const { digest, narrow, acknowledges } = decision
      return {
        decision: 'countersign',
        digest,
        acknowledges: [...acknowledges],
        ...(narrow === undefined ? {} : { narrow }),
      }
    }
    case 'deny':
      return { decision: 'deny', digest: decision.digest, reason: decision.reason }
    case 'review': {
      const { finding, note, residueAccepted } = decision
      return { decision: 'review', finding, note, residueAccepted: [...residueAccepted] }
    }
    case 'review-event': {
      const { event, finding, note } = decision
      return { decision: 'review-event', event, finding, note }
    }
    default:
      return decision satisfies never
  }
}

function unsigned(
  waiver: string,
  body: ReturnType<typeof bodyOf>,
  options: { readonly idempotencyKey: string },
): Promise<Answer<Written>> {
  switch (body.decision) {
    case 'endorse': {
      const { decision: _, ...said } = body
      return api.endorse(waiver, said, options)
    }
    case 'countersign': {
      const { decision: _, ...said } = body
      return api.countersign(waiver, said, options)
    }
    case 'deny': {
      const { decision: _, ...said } = body
      return api.deny(waiver, said, options)
    }
    case 'review': {
      const { decision: _, ...said } = body
      return api.review(waiver, said, options)
    }
    case 'review-event': {
      const { decision: _, event, ...said } = body
      return api.reviewEvent(waiver, event, said, options)
    }
    default:
      return body satisfies never
  }
}
