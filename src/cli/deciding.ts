/** What is waiting for a decision, read once, checked and laid out; the page and the digest that is sent belong together. */
import type { Answer, Behind, Client, WaiverDetail } from '../client/index.ts'
import type { Terms } from '../core/terms.ts'
import { waiverDetail } from './commands/shared.ts'
import type { Call } from './context.ts'
import { requireSameDigest } from './input/digest.ts'
import { involvesProgram } from './output/behind-lines.ts'
import { decisionLines, type Proposal } from './output/decision-page.ts'
import { termsIn } from './output/views.ts'
import { answered, type Session, sessionOf } from './session.ts'
import { ServerSaidNo, Stop } from './stop.ts'

export interface Waiting {
  readonly session: Session
  readonly detail: WaiverDetail
  readonly proposal: Proposal
}

/** As one would decide with a digest: `(client, id, digest) => client.deny(id, { digest, reason })`. */
export type Attempt = (client: Client, id: string, digest: string) => Promise<Answer<unknown>>

/** @throws {Stop} when nothing waits, or when what would be shown is not what would be signed */
export async function waitingFor(call: Call, text: string, attempt: Attempt): Promise<Waiting> {
  const session = await sessionOf(call)
  const detail = await waiverDetail(session, text).catch((error: unknown) => unseen(session, text, attempt, error))
  const { id, proposal, status } = detail.waiver
  if (proposal === undefined) {
    throw new Stop('refused', {
      kind: 'refusal',
      code: 'nothing-to-decide',
      message: `nothing is waiting for a decision; \`${id}\` is ${status}`,
      next: `see where it stands with \`countersign show ${id}\``,
    })
  }
  requireSameDigest(termsIn(proposal.terms), proposal.digest)
  return { session, detail, proposal }
}

/** Of no terms there are: with it nothing is ever decided. */
const digestOfNothing = `sha256:${'0'.repeat(64)}`

/**
 * What one may not read one cannot decide about, and trying to is an attempt: the server says why, and it is on the record.
 * @throws what it says, or that there is nothing to be seen
 */
async function unseen(session: Session, id: string, attempt: Attempt, error: unknown): Promise<never> {
  if (!(error instanceof Stop) || error.trouble.code !== 'unknown-waiver') throw error
  const answer = await attempt(session.client, id, digestOfNothing)
  if (answer.ok || answer.problem.code === 'unknown-waiver') throw error
  throw new ServerSaidNo(answer.problem, id)
}

export async function pageFor(
  call: Call,
  verb: string,
  { session, detail, proposal }: Waiting,
  narrowed?: Terms,
): Promise<readonly string[]> {
  const { id } = detail.waiver
  const context = answered(await session.client.context(id), id)
  return decisionLines(call.page, {
    verb,
    detail,
    proposal,
    context,
    ...(narrowed === undefined ? {} : { narrowed }),
    ...(await behindOf(session, detail)),
  })
}

/** Those who decide see it; whoever may not is refused by the decision itself. */
export async function behindOf({ client }: Session, detail: WaiverDetail): Promise<{ readonly behind?: Behind }> {
  const answer = involvesProgram(detail) ? await client.behind(detail.waiver.id) : undefined
  return answer?.ok ? { behind: answer.value } : {}
}
