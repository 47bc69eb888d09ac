/**
 * Any sequence of commands by anybody at any time: decide answers, evolve takes what it emits, and what must never be is
 * never so. Counterexamples shrink to the shortest life that breaks a promise.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueAt } from '../src/core/due.ts'
import { evolveAll } from '../src/core/evolve.ts'
import { wantedGrant } from '../src/core/plan.ts'
import { plusSeconds } from '../src/core/time.ts'
import { type Command, isLive, isOpen, systemActor, type Waiver } from '../src/core/waiver.ts'
import { envelope, id, type Life, newLife, noon, organisation, termsFor } from './support/life.ts'

const people = [
  'per_asker',
  'per_mate',
  'per_oncall',
  'per_chief',
  'per_dba',
  'per_owner',
  'per_sam',
  'per_sue',
  'per_sid',
  'per_rae',
  'per_watch',
  'wl_bot',
  systemActor,
]
const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT20M' }]

interface Move {
  readonly actor: string
  readonly kind: Command['type']
  readonly seconds: number
  readonly contents: string
  readonly clock: 'steady' | 'went-backwards'
  readonly narrow: boolean
  /** Whoever usually does it does it; otherwise anybody tries. */
  readonly fitting: boolean
  /** When the directory is read again: who is gone by it. */
  readonly gone?: string
}

const moves: fc.Arbitrary<Move> = fc.record({
  actor: fc.constantFrom(...people),
  kind: fc.constantFrom<Command['type']>(
    'request',
    'endorse',
    'countersign',
    'countersign',
    'countersign',
    'deny',
    'ask-back',
    'answer',
    'withdraw',
    'activate',
    'activate',
    'confirm-activation',
    'confirm-activation',
    'use',
    'record-uses',
    'request-extension',
    'evidence',
    'suspend',
    'request-resumption',
    'revoke',
    'report-removal',
    'review',
    'review-event',
    'tick',
    'tick',
    'recheck',
  ),
  seconds: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 60, 60, 900, 3_600),
  contents: fc.constantFrom('sha256:contents', 'sha256:contents', 'sha256:contents', 'sha256:contents', 'sha256:wider'),
  clock: fc.constantFrom('steady', 'steady', 'steady', 'went-backwards'),
  narrow: fc.boolean(),
  fitting: fc.constantFrom(true, true, true, false),
  gone: fc.constantFrom('per_asker', 'per_oncall', 'per_owner', 'per_sam', 'per_sue', 'per_rae', 'per_lee'),
})

const usually: Partial<Record<Command['type'], string>> = {
  endorse: 'per_owner',
  activate: 'per_asker',
  'confirm-activation': systemActor,
  use: 'per_asker',
  'record-uses': systemActor,
  'request-extension': 'per_asker',
  evidence: 'per_lee',
  suspend: 'per_watch',
  'request-resumption': 'per_asker',
  'report-removal': systemActor,
  review: 'per_rae',
  'review-event': 'per_rae',
  recheck: systemActor,
  tick: systemActor,
}

function commandOf(move: Move, waiver: Waiver | undefined): Command {
  const digest = waiver?.proposal?.digest ?? ''
  switch (move.kind) {
    case 'request':
      return { type: 'request', terms: move.narrow ? envelope() : termsFor({ controls, conditions: { usesMax: 2 } }) }
    case 'endorse':
      return { type: 'endorse', digest }
    case 'countersign': {
      const proposed = waiver?.proposal?.terms
      const narrowed =
        proposed && move.narrow
          ? { ...proposed, access: { ...proposed.access, resources: ['ledger.entries'] } }
          : undefined
      return { type: 'countersign', digest, acknowledges: [], ...(narrowed === undefined ? {} : { narrowed }) }
    }
    case 'deny':
      return { type: 'deny', digest, reason: 'no' }
    case 'ask-back':
    case 'answer':
      return { type: move.kind, text: 'why?' }
    case 'withdraw':
    case 'suspend':
    case 'request-resumption':
    case 'revoke':
      return { type: move.kind, reason: 'because' }
    case 'activate':
    case 'confirm-activation':
    case 'recheck':
    case 'tick':
      return { type: move.kind }
    case 'use':
      return { type: 'use', detail: 'select' }
    case 'record-uses':
      return { type: 'record-uses', process: 'one', uses: move.narrow ? 2 : 1, bytes: 10, lines: [] }
    case 'request-extension':
      return { type: 'request-extension', end: plusSeconds(waiver?.activation?.end ?? noon, 1_800), reason: 'more' }
    case 'evidence':
      return { type: 'evidence', control: 'peer-watch', text: 'watched' }
    case 'report-removal':
      return { type: 'report-removal', verified: move.narrow, residue: [], reason: 'refused' }
    case 'review':
      return { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] }
    case 'review-event':
      return {
        type: 'review-event',
        event: waiver?.records.at(-1)?.event ?? 'none',
        finding: 'justified',
        note: 'fine',
      }
    default:
      return move.kind satisfies never
  }
}

function play(steps: readonly Move[], twoStep: boolean): Life {
  const life = newLife(twoStep ? { tier: { steps: ['endorse', 'countersign'] } } : {})
  for (const step of steps) {
    life.after(step.seconds)
    const before = life.waiver
    if (step.kind === 'recheck') life.directory = `${organisation}\n${step.gone} until 2026-10-01`
    const signer = step.kind === 'countersign' ? (step.narrow ? 'per_sam' : 'per_sue') : undefined
    const actor = (step.fitting ? (signer ?? usually[step.kind]) : undefined) ?? step.actor
    const decision = life.do(actor, commandOf(step, before), { contains: step.contents, clock: step.clock })
    invariants(life, before)
    if (step.kind === 'recheck' && decision.outcome === 'accepted') withoutTheGone(life.waiver, step.gone)
    if (decision.outcome === 'refused') expect(decision.events[0]?.type).toBe('AttemptRefused')
  }
  return life
}

/** After the directory was read again nothing open rests on somebody who is gone by it. */
function withoutTheGone(waiver: Waiver | undefined, gone = ''): void {
  if (waiver === undefined || !isOpen(waiver)) return
  const { requester, terms, activation, proposal, approvals } = waiver
  expect([
    requester,
    terms.beneficiary,
    ...(activation === undefined ? approvals.map(({ by }) => by) : []),
  ]).not.toContain(gone)
  expect(proposal?.countersignatures.map(({ by }) => by) ?? []).not.toContain(gone)
  expect(proposal?.endorsement?.by).not.toBe(gone)
}

/** What must hold after every step of every life. */
function invariants(life: Life, before: Waiver | undefined): void {
  const { waiver } = life
  if (waiver === undefined) return
  const side = ['per_asker', 'per_mate', 'per_oncall', 'per_chief', 'per_dba', 'per_owner', 'wl_bot', systemActor]
  for (const approval of waiver.approvals) expect(side).not.toContain(approval.by)
  if (waiver.activation !== undefined) {
    expect(waiver.approvals.length).toBeGreaterThan(0)
    expect(waiver.approvals.map(({ by }) => by)).not.toContain(waiver.activation.by)
    expect(waiver.activation.end <= plusSeconds(noon, 30 * 86_400)).toBe(true)
  }
  const wanted = wantedGrant(waiver)
  expect(wanted?.present ?? false).toBe(isLive(waiver) && waiver.status !== 'suspended')
  if (before !== undefined) {
    expect(waiver.generation).toBeGreaterThanOrEqual(before.generation)
    if (
      before.activation !== undefined &&
      waiver.activation !== undefined &&
      waiver.activation.end > before.activation.end
    ) {
      expect(waiver.extensionsCount).toBe(before.extensionsCount + 1)
      expect(waiver.approvals.at(-1)?.by).not.toBe(before.approvals.at(-1)?.by)
    }
    if (before.status === 'ended' || before.status === 'reviewed')
      expect(['ended', 'reviewed']).toContain(waiver.status)
  }
  if (waiver.review?.closed !== undefined) {
    expect([...side, ...waiver.approvals.map(({ by }) => by)]).not.toContain(waiver.review.closed.by)
    expect(waiver.removal.state).not.toBe('open')
  }
  const due = dueAt(waiver)
  if (waiver.status !== 'ended' && waiver.status !== 'reviewed') expect(due).toBeDefined()
}

test('[window/always-expires] [two-step/distinct-people] decide is total, evolve takes what it emits, and the promises hold', () => {
  let reached = 0
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 60, size: 'max' }), fc.boolean(), (steps, twoStep) => {
      const life = play(
        [
          {
            actor: 'per_asker',
            kind: 'request',
            seconds: 0,
            contents: 'sha256:contents',
            clock: 'steady',
            narrow: false,
            fitting: false,
          },
          ...steps,
        ],
        twoStep,
      )
      if (life.waiver?.activation !== undefined) reached++
      expect(evolveAll(id, life.events)).toEqual(life.waiver)
    }),
    { numRuns: 1_500 },
  )
  // A generator that never gets as far as access would prove nothing.
  expect(reached).toBeGreaterThan(20)
})

test('[revocation/automatic] however a life went, time alone ends it', () => {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 40, size: 'max' }), (steps) => {
      const life = play(
        [
          {
            actor: 'per_asker',
            kind: 'request',
            seconds: 0,
            contents: 'sha256:contents',
            clock: 'steady',
            narrow: false,
            fitting: false,
          },
          ...steps,
        ],
        false,
      )
      life.now = plusSeconds(life.now, 31 * 86_400)
      for (let ticks = 0; ticks < 4; ticks++) life.tick()
      expect(['ended', 'reviewed']).toContain(life.waiver?.status)
      expect(wantedGrant(life.waiver as Waiver)?.present ?? false).toBe(false)
    }),
    { numRuns: 200 },
  )
})
