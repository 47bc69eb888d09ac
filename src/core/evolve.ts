/**
 * What an event changes. Total over everything `decide.ts` emits; an event that cannot follow the state it meets is a
 * bug, not a refusal, and stops loudly before anything is written.
 */
import { accessEnds, controlsStarted, countersigned, proposalOf, record, signedWith } from './evolve/parts.ts'
import {
  type EndCause,
  type EventOf,
  eventId,
  type Proposal,
  type Waiver,
  type WaiverEvent,
  type WaiverId,
} from './waiver.ts'

export function evolve(waiver: Waiver | undefined, event: WaiverEvent, id: WaiverId): Waiver {
  if (waiver === undefined) {
    assert(event.type === 'WaiverRequested', 'the first event of a waiver asks for it')
    return requested(id, event)
  }
  return { ...next(waiver, event, eventId(id, waiver.version + 1)), version: waiver.version + 1 }
}

/** Replays a whole stream. Refused attempts before the request leave no waiver behind. */
export function evolveAll(id: WaiverId, events: readonly WaiverEvent[]): Waiver | undefined {
  return events.reduce<Waiver | undefined>((waiver, event) => {
    if (waiver === undefined && event.type === 'AttemptRefused') return undefined
    return evolve(waiver, event, id)
  }, undefined)
}

function requested(id: WaiverId, event: EventOf<'WaiverRequested'>): Waiver {
  const { terms, digest, obligations } = event
  return {
    id,
    version: 1,
    status: 'requested',
    requester: event.by,
    chain: event.chain,
    requestedAt: event.at,
    terms,
    digest,
    policy: event.policy,
    obligations,
    continues: event.continues,
    ordinal: event.ordinal,
    countersignersBefore: event.countersignersBefore,
    denialsBefore: event.denialsBefore,
    proposal: proposalOf(
      'waiver',
      event.by,
      event.chain,
      event.at,
      terms,
      digest,
      terms.reason,
      event.decideBy,
      obligations,
    ),
    approvals: [],
    endorsers: [],
    usesCount: 0,
    extensionsCount: 0,
    controls: terms.controls.map(({ control, owner }) => ({ control, owner, evidencedCount: 0, missedCount: 0 })),
    removal: { state: 'not-needed' },
    records: [],
    refusalsCount: 0,
    generation: 0,
  }
}

function next(waiver: Waiver, event: WaiverEvent, id: string): Waiver {
  switch (event.type) {
    case 'WaiverRequested':
      return impossible(waiver, event)
    case 'WaiverEndorsed': {
      const proposal = open(waiver, event)
      const endorsement = {
        by: event.by,
        at: event.at,
        event: id,
        inRing: false,
        saw: event.digest,
        signed: event.digest,
        ...signedWith(event),
      }
      const status = proposal.of === 'waiver' ? 'endorsed' : waiver.status
      return { ...waiver, status, endorsers: [...waiver.endorsers, event.by], proposal: { ...proposal, endorsement } }
    }
    case 'TermsNarrowed': {
      const proposal = { ...open(waiver, event), terms: event.terms, digest: event.to }
      // The terms in force change only once the decision is complete.
      return { ...waiver, proposal }
    }
    case 'WaiverCountersigned': {
      const proposal = countersigned(open(waiver, event), event, id)
      if (!event.complete) return { ...waiver, proposal }
      return {
        ...settled(waiver, proposal),
        status: 'countersigned',
        terms: proposal.terms,
        digest: proposal.digest,
        controls: proposal.terms.controls.map(({ control, owner }) => ({
          control,
          owner,
          evidencedCount: 0,
          missedCount: 0,
        })),
        activateBy: event.activateBy,
        records: record(waiver, id, 'approval', event),
      }
    }
    case 'ExtensionCountersigned': {
      const proposal = countersigned(open(waiver, event), event, id)
      if (!event.complete) return { ...waiver, proposal }
      const activation = waiver.activation && { ...waiver.activation, end: proposal.terms.window.end }
      return {
        ...settled(waiver, proposal),
        terms: proposal.terms,
        digest: proposal.digest,
        extensionsCount: waiver.extensionsCount + 1,
        generation: waiver.generation + 1,
        records: record(waiver, id, 'extension', event),
        ...(activation === undefined ? {} : { activation }),
      }
    }
    case 'ResumptionCountersigned': {
      const proposal = countersigned(open(waiver, event), event, id)
      if (!event.complete) return { ...waiver, proposal }
      const { suspension: _, ...resumed } = settled(waiver, proposal)
      const { confirmedAt: __, ...activation } = waiver.activation ?? impossible(waiver, event)
      return {
        ...controlsStarted(resumed, event.at),
        status: 'active',
        activation,
        removal: { state: 'not-needed' },
        generation: waiver.generation + 1,
        records: record(waiver, id, 'activation', event),
      }
    }
    case 'WaiverDenied':
      return ended(waiver, event, 'denied', event.reason)
    case 'ExtensionDenied':
    case 'ResumptionDenied': {
      open(waiver, event)
      const denial = { waiver: waiver.id, by: event.by, at: event.at, reason: event.reason }
      return { ...withoutProposal(waiver), denialsBefore: [...waiver.denialsBefore, denial] }
    }
    case 'ExtensionLapsed':
    case 'ResumptionLapsed':
      open(waiver, event)
      return withoutProposal(waiver)
    case 'QuestionAsked': {
      const proposal = open(waiver, event)
      return {
        ...waiver,
        proposal: { ...proposal, questions: [...proposal.questions, { by: event.by, at: event.at, text: event.text }] },
      }
    }
    case 'QuestionAnswered': {
      const proposal = open(waiver, event)
      const index = proposal.questions.findIndex((question) => question.answer === undefined)
      const answer = { by: event.by, at: event.at, text: event.text }
      return {
        ...waiver,
        proposal: { ...proposal, questions: proposal.questions.map((q, i) => (i === index ? { ...q, answer } : q)) },
      }
    }
    case 'WaiverWithdrawn':
      return ended(waiver, event, 'withdrawn', event.reason)
    case 'WaiverLapsed':
      return ended(
        waiver,
        event,
        event.cause,
        event.cause === 'lapsed' ? 'nobody decided in time' : 'nobody started it in time',
      )
    case 'ApprovalVoided':
      return ended(waiver, event, 'voided', event.reason)
    case 'SignatureVoided':
      return withoutSignature(waiver, open(waiver, event), event.person)
    case 'ProposalVoided':
      open(waiver, event)
      return withoutProposal(waiver)
    case 'ActivationStarted': {
      assert(
        waiver.status === 'countersigned' && waiver.activation === undefined,
        'access starts once, after the countersignature',
      )
      const activation = { by: event.by, at: event.at, account: event.account, end: event.end, event: id }
      const { goesOn } = event
      return {
        ...waiver,
        activation,
        generation: waiver.generation + 1,
        records: record(waiver, id, 'activation', event),
        ...(goesOn === undefined
          ? {}
          : { continues: goesOn.waivers, ordinal: goesOn.ordinal, countersignersBefore: goesOn.countersigners }),
      }
    }
    case 'AccessActivated': {
      const activation = waiver.activation ?? impossible(waiver, event)
      const active = { ...waiver, status: 'active' as const, activation: { ...activation, confirmedAt: event.at } }
      return controlsStarted(active, event.at)
    }
    case 'AccessUsed':
      return { ...waiver, usesCount: event.count, ...bytesAfter(waiver, event) }
    case 'ExtensionRequested': {
      const { by, chain, at, terms, digest, reason, decideBy } = event
      return {
        ...waiver,
        proposal: proposalOf('extension', by, chain, at, terms, digest, reason, decideBy, waiver.obligations),
      }
    }
    case 'ResumptionRequested': {
      const { by, chain, at, reason, decideBy } = event
      return {
        ...waiver,
        proposal: proposalOf(
          'resumption',
          by,
          chain,
          at,
          waiver.terms,
          waiver.digest,
          reason,
          decideBy,
          waiver.obligations,
        ),
      }
    }
    case 'ControlEvidenced':
    case 'ControlMissed': {
      const missed = event.type === 'ControlMissed' ? 1 : 0
      const controls = waiver.controls.map((control) =>
        control.control === event.control
          ? {
              ...control,
              dueAt: event.nextDueAt,
              missedCount: control.missedCount + missed,
              evidencedCount: control.evidencedCount + 1 - missed,
            }
          : control,
      )
      return { ...waiver, controls }
    }
    case 'AccessSuspended':
      return {
        ...withoutProposal(waiver),
        ...accessEnds(waiver, event.at),
        status: 'suspended',
        suspension: { by: event.by, at: event.at, reason: event.reason },
        records: record(waiver, id, 'revocation', event),
      }
    case 'AccessRevoked':
      return { ...ended(waiver, event, event.cause, event.reason), records: record(waiver, id, 'revocation', event) }
    case 'AccessExpired':
      return {
        ...ended(waiver, event, 'expired', 'the window is over'),
        records: record(waiver, id, 'revocation', event),
      }
    case 'RemovalVerified':
      return { ...waiver, removal: { state: 'verified', at: event.at, residue: event.residue } }
    case 'RemovalFailed': {
      assert(waiver.removal.state === 'open', 'a removal fails while it is open')
      return {
        ...waiver,
        removal: { ...waiver.removal, failures: waiver.removal.failures + 1, lastFailure: event.reason },
      }
    }
    case 'ReviewOpened':
      return { ...waiver, review: { dueAt: event.dueAt, overdue: false } }
    case 'ReviewOverdue':
      return { ...waiver, review: { ...(waiver.review ?? impossible(waiver, event)), overdue: true } }
    case 'ReviewClosed': {
      const { by, at, finding, note, residueAccepted } = event
      const review = waiver.review ?? impossible(waiver, event)
      return {
        ...waiver,
        status: 'reviewed',
        review: { ...review, closed: { by, at, finding, note, residueAccepted } },
      }
    }
    case 'EventReviewed': {
      const review = { by: event.by, at: event.at, finding: event.finding, note: event.note }
      return { ...waiver, records: waiver.records.map((one) => (one.event === event.event ? { ...one, review } : one)) }
    }
    case 'AttemptRefused':
      return {
        ...waiver,
        refusalsCount: waiver.refusalsCount + 1,
        ...(event.retryAt === undefined ? {} : { retryAt: event.retryAt }),
      }
    default:
      return event satisfies never
  }
}

function bytesAfter({ bytesCount = 0 }: Waiver, { recorded }: EventOf<'AccessUsed'>): Pick<Waiver, 'bytesCount'> {
  const bytes = bytesCount + (recorded?.bytes ?? 0)
  return bytes === 0 ? {} : { bytesCount: bytes }
}

/** The decision is made: the proposal becomes what is in force. */
function settled(waiver: Waiver, proposal: Proposal): Waiver {
  return { ...withoutProposal(waiver), approvals: [...waiver.approvals, ...proposal.countersignatures] }
}

function ended(waiver: Waiver, event: WaiverEvent, cause: EndCause, reason: string): Waiver {
  assert(waiver.status !== 'ended' && waiver.status !== 'reviewed', 'a waiver ends once')
  const end = { cause, by: event.by, at: event.at, reason }
  return { ...withoutProposal(waiver), ...accessEnds(waiver, event.at), status: 'ended', end }
}

/** Of this proposal alone: what the same person signed before goes on being what it was. */
function withoutSignature(waiver: Waiver, proposal: Proposal, person: string): Waiver {
  const { endorsement, ...rest } = proposal
  const countersignatures = proposal.countersignatures.filter(({ by }) => by !== person)
  if (endorsement?.by !== person) return { ...waiver, proposal: { ...proposal, countersignatures } }
  const last = waiver.endorsers.lastIndexOf(person)
  return {
    ...waiver,
    status: proposal.of === 'waiver' ? 'requested' : waiver.status,
    endorsers: waiver.endorsers.filter((_, index) => index !== last),
    proposal: { ...rest, countersignatures },
  }
}

function withoutProposal(waiver: Waiver): Waiver {
  const { proposal: _, ...rest } = waiver
  return rest
}

function open(waiver: Waiver, event: WaiverEvent): Proposal {
  return waiver.proposal ?? impossible(waiver, event)
}

function impossible(waiver: Waiver, event: WaiverEvent): never {
  throw new Error(`bug: \`${event.type}\` cannot happen to \`${waiver.id}\` while it is ${waiver.status}`)
}

function assert(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(`bug: ${claim}`)
}
