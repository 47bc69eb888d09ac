/**
 * What may somebody try now? A hint for people, from the table of permits and the state of the waiver, so that a screen
 * offers what makes sense. It permits nothing: only the attempt decides, on the facts of its moment.
 */
import type { Verdict } from '../core/conflict.ts'
import { everybodyWhoTookPart, matterOf } from '../core/decide/checks.ts'
import { independence, noHistory } from '../core/independence.ts'
import { poolsThat } from '../core/obligations.ts'
import { forbids, type Relation } from '../core/permit.ts'
import type { RefusalCode } from '../core/refusal.ts'
import { accountsHeld } from '../core/standing.ts'
import { isOpen, type Waiver } from '../core/waiver.ts'
import type { Act, StandingView } from './schema/waiver.ts'
import { relationsTo, type Sight, seesPathsIn, shownVerdict } from './sight.ts'

const acts: readonly Act[] = [
  'endorse',
  'countersign',
  'deny',
  'ask-back',
  'answer',
  'withdraw',
  'activate',
  'use',
  'request-extension',
  'evidence',
  'suspend',
  'request-resumption',
  'revoke',
  'review',
  'review-event',
]

export function standingIn(sight: Sight, waiver: Waiver): StandingView {
  const relations = relationsTo(sight, waiver)
  const verdict = decidingVerdict(sight, waiver)
  const { caller, directory, now } = sight
  const { kind, access } = waiver.terms
  const opens = kind === 'break-glass' && obstacle(sight, waiver, 'activate', relations) === undefined
  return {
    relations: [...relations],
    verdict: shownVerdict(sight, verdict, seesPathsIn(relations)),
    acts: acts.map((act) => {
      const because = obstacle(sight, waiver, act, relations)
      return because === undefined ? { act, may: true } : { act, may: false, because }
    }),
    ...(opens ? { accounts: [...accountsHeld(directory, caller.id, access.system, now)] } : {}),
  }
}

/** Decide, review, answer, start: what others wait for. Sealed envelopes wait for nobody. */
export function waitsFor(sight: Sight, waiver: Waiver): boolean {
  const relations = relationsTo(sight, waiver)
  const free = (act: Act) => obstacle(sight, waiver, act, relations) === undefined
  const starts = waiver.terms.kind !== 'break-glass' && waiver.obligations.activation === 'manual'
  return free('endorse') || free('countersign') || free('review') || free('answer') || (starts && free('activate'))
}

export function mayReview(sight: Sight, waiver: Waiver): boolean {
  return obstacle(sight, waiver, 'review', relationsTo(sight, waiver)) === undefined
}

/** Without the history of approvals, which only the decision itself reads. */
export function decidingVerdict({ caller, known, directory, policy, now }: Sight, waiver: Waiver): Verdict {
  return independence(
    matterOf(waiver, waiver.obligations, waiver.proposal),
    caller.id,
    directory,
    { ...noHistory, ...known.rules },
    policy,
    now,
  )
}

function reviewingVerdict({ caller, known, directory, policy, now }: Sight, waiver: Waiver): Verdict {
  const matter = {
    ...matterOf(waiver, waiver.obligations, undefined, poolsThat(policy, 'review')),
    took: everybodyWhoTookPart(waiver),
  }
  return independence(matter, caller.id, directory, { ...noHistory, ...known.rules }, policy, now)
}

/** @returns the refusal that would be the answer, as far as that is known without trying. */
export function obstacle(
  sight: Sight,
  waiver: Waiver,
  act: Act,
  relations: ReadonlySet<Relation>,
): RefusalCode | undefined {
  return forbids(act, relations) ?? stateAgainst(waiver, act, sight.now) ?? personAgainst(sight, waiver, act, relations)
}

function stateAgainst(waiver: Waiver, act: Act, now: string): RefusalCode | undefined {
  const { status, proposal, activation } = waiver
  const when = (holds: boolean, otherwise: RefusalCode = 'not-in-this-state') => (holds ? undefined : otherwise)
  const waits =
    when(proposal !== undefined, 'nothing-to-decide') ??
    when(proposal === undefined || now < proposal.decideBy, 'too-late')
  switch (act) {
    case 'endorse':
      return waits ?? when(waiver.obligations.steps.includes('endorse') && proposal?.endorsement === undefined)
    case 'countersign':
      return (
        waits ??
        when(!waiver.obligations.steps.includes('endorse') || proposal?.endorsement !== undefined, 'endorse-first')
      )
    case 'deny':
    case 'ask-back':
      return waits
    case 'answer':
      return when(proposal?.questions.some((question) => question.answer === undefined) === true)
    case 'withdraw':
      return when(isOpen(waiver) && activation === undefined)
    case 'activate':
      return (
        when(status === 'countersigned' && activation === undefined) ??
        when(now >= waiver.terms.window.start, 'too-early')
      )
    case 'use':
      return when(status === 'active' && activation?.confirmedAt !== undefined)
    case 'request-extension':
      if (waiver.terms.kind === 'break-glass' || waiver.obligations.extension.countMax === 0)
        return 'extension-not-offered'
      return when(status === 'active' && proposal === undefined)
    case 'evidence':
      return when((status === 'active' || status === 'suspended') && waiver.terms.controls.length > 0)
    case 'suspend':
      return when(status === 'active' || (status === 'countersigned' && activation !== undefined))
    case 'request-resumption':
      return when(status === 'suspended' && proposal === undefined)
    case 'revoke':
      return when(isOpen(waiver))
    case 'review':
      return (
        when(status === 'ended' && waiver.review !== undefined, 'review-not-open') ??
        when(waiver.removal.state !== 'open', 'removal-not-verified')
      )
    case 'review-event':
      return when(
        waiver.records.some((record) => record.review === undefined),
        'unknown-record',
      )
    default:
      return act satisfies never
  }
}

function personAgainst(
  sight: Sight,
  waiver: Waiver,
  act: Act,
  relations: ReadonlySet<Relation>,
): RefusalCode | undefined {
  switch (act) {
    case 'endorse':
    case 'countersign':
    case 'deny':
      return deciderAgainst(sight, waiver, act, relations)
    case 'review':
    case 'review-event':
      if (!relations.has('review-pool')) return 'reviewer-not-in-pool'
      return reviewingVerdict(sight, waiver).independent ? undefined : 'reviewer-not-independent'
    default:
      return undefined
  }
}

function deciderAgainst(
  sight: Sight,
  waiver: Waiver,
  act: 'endorse' | 'countersign' | 'deny',
  relations: ReadonlySet<Relation>,
): RefusalCode | undefined {
  const { proposal } = waiver
  const before = [
    ...(proposal?.countersignatures ?? []),
    ...(proposal?.endorsement === undefined ? [] : [proposal.endorsement]),
  ]
  if (before.some(({ by }) => by === sight.caller.id)) return 'one-person-counts-once'
  if (act === 'endorse') return undefined
  if (!decidingVerdict(sight, waiver).independent) return 'approver-not-independent'
  if (!relations.has('countersign-pool')) return 'approver-not-in-pool'
  const again = proposal?.of === 'extension' ? waiver.approvals.map(({ by }) => by) : []
  const same = waiver.obligations.extension.distinctCountersigner && proposal?.of !== 'resumption'
  return act === 'countersign' && same && [...again, ...waiver.countersignersBefore].includes(sight.caller.id)
    ? 'approver-decided-before'
    : undefined
}
