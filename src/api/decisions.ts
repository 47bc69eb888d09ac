/** Bodies of decisions, turned into commands; the same for a decision that is sent and for one that is signed first. */
import type { z } from 'zod'
import type { SignableCommand } from '../core/decide/signed.ts'
import type { Terms } from '../core/terms.ts'
import type { Command, Waiver } from '../core/waiver.ts'
import type { Parts } from './parts.ts'
import type { countersignature } from './schema/acts.ts'
import type { decisionToSign } from './schema/challenge.ts'
import type { narrowing } from './schema/terms.ts'

export async function commandToSign(
  parts: Parts,
  id: string,
  body: z.output<typeof decisionToSign>,
): Promise<SignableCommand> {
  switch (body.decision) {
    case 'endorse':
      return { type: 'endorse', digest: body.digest }
    case 'countersign':
      return countersigning(parts, id, body)
    case 'deny':
      return { type: 'deny', digest: body.digest, reason: body.reason }
    case 'activate':
      return { type: 'activate', ...(body.account === undefined ? {} : { account: body.account }) }
    case 'review': {
      const { finding, note, residueAccepted } = body
      return { type: 'review', finding, note, residueAccepted }
    }
    case 'review-event': {
      const { event, finding, note } = body
      return { type: 'review-event', event, finding, note }
    }
    default:
      return body satisfies never
  }
}

export async function countersigning(
  { machinery }: Parts,
  id: string,
  { digest, narrow, acknowledges }: z.output<typeof countersignature>,
): Promise<Extract<Command, { type: 'countersign' }>> {
  const waiver = narrow === undefined ? undefined : await machinery.store.waivers.find(id)
  const narrowed = narrow === undefined || waiver === undefined ? {} : { narrowed: narrowedTerms(waiver, narrow) }
  return { type: 'countersign', digest, acknowledges, ...narrowed }
}

/**
 * The terms that wait, with every given member replaced. Once they were decided, the terms in force stand in their place,
 * so that the same request asked again is the same command again.
 */
function narrowedTerms(waiver: Waiver, narrow: z.output<typeof narrowing>): Terms {
  const asked = waiver.proposal?.terms ?? waiver.terms
  const { resources, actions, window, controls, openFor, ...conditions } = narrow
  return {
    ...asked,
    access: {
      ...asked.access,
      ...(resources === undefined ? {} : { resources }),
      ...(actions === undefined ? {} : { actions }),
    },
    window: { ...asked.window, ...window },
    conditions: { ...asked.conditions, ...conditions },
    ...(controls === undefined ? {} : { controls }),
    ...(openFor === undefined ? {} : { openFor }),
  }
}
