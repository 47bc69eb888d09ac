/**
 * Hands one decision over to the person's browser, where their passkey is: the server keeps exactly this decision under an
 * id, the page under that id shows it whole and has it signed, and here one waits for what came of it. Nothing that runs at
 * this terminal can sign; it learns the result and no more.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ChallengeView, DecisionToSign, Written } from '../client/index.ts'
import type { Call } from './context.ts'
import { answered, type Session } from './session.ts'
import { ServerSaidNo, Stop } from './stop.ts'

const pollMillis = 700

/** @throws {ServerSaidNo} when it would be refused anyway, before any browser is opened */
export async function signWaiver(call: Call, session: Session, waiver: string, body: DecisionToSign): Promise<Written> {
  const opened = answered(await session.client.showDecision(waiver, body), waiver)
  const { outcome } = await signedInBrowser(call, session, opened, waiver)
  const detail = answered(await session.client.waiver(waiver), waiver)
  return { waiver: detail.waiver, events: outcome?.events ?? [], replayed: false, names: detail.names }
}

/** @returns the challenge after it was signed and taken. @throws {Stop} when it was refused, or nobody signed in time */
export async function signedInBrowser(
  call: Call,
  { client }: Session,
  { id, url }: ChallengeView,
  about: string,
): Promise<ChallengeView> {
  const { context, screen } = call
  const opened = await context.signIn.open(url)
  screen.progress(
    opened
      ? 'sign it with your passkey: your browser was opened at'
      : 'to sign it with your passkey, open this address in your browser',
  )
  screen.progress(url)
  for (;;) {
    const challenge = answered(await client.challenge(id), about)
    if (challenge.state === 'waiting') await pause(pollMillis)
    else return taken(challenge, about)
  }
}

function taken(challenge: ChallengeView, about: string): ChallengeView {
  const { state, outcome } = challenge
  if (state === 'over' || outcome === undefined)
    throw new Stop('refused', {
      kind: 'refusal',
      code: 'challenge-spent',
      message: 'nobody signed it in time; nothing was decided',
      next: 'begin again, and sign within five minutes',
    })
  if (outcome.outcome === 'accepted') return challenge
  const { code = 'signature-invalid', message = 'it was refused' } = outcome
  throw new ServerSaidNo(
    { type: 'about:blank', title: code, status: 403, code, detail: message } as ServerSaidNo['problem'],
    about,
  )
}
