/** What is waiting for a decision, read once, checked and laid out; the page and the digest that is sent belong together. */
import type { WaiverDetail } from '../client/index.ts'
import type { Terms } from '../core/terms.ts'
import { waiverDetail } from './commands/shared.ts'
import type { Call } from './context.ts'
import { requireSameDigest } from './input/digest.ts'
import { decisionLines, type Proposal } from './output/decision-page.ts'
import { termsIn } from './output/views.ts'
import { answered, type Session, sessionOf } from './session.ts'
import { Stop } from './stop.ts'

export interface Waiting {
  readonly session: Session
  readonly detail: WaiverDetail
  readonly proposal: Proposal
}

/** @throws {Stop} when nothing waits, or when what would be shown is not what would be signed */
export async function waitingFor(call: Call, text: string): Promise<Waiting> {
  const session = await sessionOf(call)
  const detail = await waiverDetail(session, text)
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

export async function pageFor(
  call: Call,
  verb: string,
  { session, detail, proposal }: Waiting,
  narrowed?: Terms,
): Promise<readonly string[]> {
  const { id } = detail.waiver
  const context = answered(await session.client.context(id), id)
  return decisionLines(call.page, { verb, detail, proposal, context, ...(narrowed === undefined ? {} : { narrowed }) })
}
