import { describe, expect, test } from 'vitest'
import { type Life, type LifeOptions, lifeAt, organisation, type Stage } from '../../../test/support/life.ts'
import { systemActor, type Waiver, type WaiverEvent } from '../waiver.ts'
import { peopleOf } from './departures.ts'

/** The directory is read again, and these are gone. */
function recheck(life: Life, ...gone: readonly string[]): readonly WaiverEvent[] {
  life.directory = `${organisation}\n${gone.map((id) => `${id} until 2026-10-01`).join('\n')}`
  const before = life.events.length
  life.must(systemActor, { type: 'recheck' })
  return life.events.slice(before)
}

const at = (stage: Stage, options?: LifeOptions) => lifeAt(stage, options)
const typesOf = (events: readonly WaiverEvent[]) => events.map(({ type }) => type)
const twoOf: LifeOptions = { tier: { countersignersMin: 2 } }
const twoStep: LifeOptions = { tier: { steps: ['endorse', 'countersign'] } }

describe('[B08] somebody is deactivated', () => {
  test.each(['requested', 'countersigned', 'activating', 'active', 'extension asked', 'suspended'] as const)(
    'what is theirs ends when it is %s, and says why',
    (stage) => {
      const life = at(stage)
      const [event] = recheck(life, 'per_asker')
      expect(event).toMatchObject({
        type: 'AccessRevoked',
        by: systemActor,
        cause: 'deactivated',
        reason: '`per_asker` was deactivated in the directory',
        facts: { directory: expect.any(String) },
      })
      expect(life.waiver?.end?.cause).toBe('deactivated')
    },
  )

  test('access that existed is reviewed and has to be seen gone', () => {
    const life = at('active')
    expect(typesOf(recheck(life, 'per_asker'))).toEqual(['AccessRevoked', 'ReviewOpened'])
    expect(life.waiver?.removal.state).toBe('open')
  })

  test('[break-glass/activator-is-not-approver] whoever opened an envelope loses what it gave', () => {
    expect(typesOf(recheck(at('opened envelope'), 'per_oncall'))).toEqual(['AccessRevoked', 'ReviewOpened'])
    expect(typesOf(recheck(at('opened envelope'), 'per_asker'))).toEqual([])
  })

  test.each(['per_sam', 'per_owner'])('what %s signed and nobody has started is void', (signer) => {
    const life = at('countersigned', twoStep)
    expect(typesOf(recheck(life, signer))).toEqual(['ApprovalVoided'])
    expect(life.waiver?.end?.cause).toBe('voided')
  })

  test('a sealed envelope whose countersigner is gone is void', () => {
    const life = at('sealed envelope')
    expect(typesOf(recheck(life, 'per_sam'))).toEqual(['ApprovalVoided'])
  })

  test('running access goes on when only its approver left: the approval was right when it was given', () => {
    expect(recheck(at('active'), 'per_sam')).toEqual([])
  })

  test('[two-step/distinct-people] a signature that waits for another counts no more, and somebody else gives it', () => {
    const life = at('requested', twoOf)
    life.countersign('per_sam')
    expect(recheck(life, 'per_sam')).toMatchObject([{ type: 'SignatureVoided', of: 'waiver', person: 'per_sam' }])
    expect(life.waiver?.proposal?.countersignatures).toEqual([])
    expect(life.countersign('per_sue').outcome).toBe('accepted')
    expect(life.waiver?.status).toBe('requested')
    life.countersign('per_sid')
    expect(life.waiver?.status).toBe('countersigned')
    expect(life.waiver?.approvals.map(({ by }) => by)).toEqual(['per_sue', 'per_sid'])
  })

  test('[two-step/distinct-people] without its endorsement a request waits for one again', () => {
    const life = at('endorsed', twoStep)
    recheck(life, 'per_owner')
    expect(life.waiver).toMatchObject({ status: 'requested', endorsers: [] })
    expect(life.countersign('per_sam')).toMatchObject({ outcome: 'refused', refusal: { code: 'endorse-first' } })
  })

  test('more time that somebody else asked for falls with them, and the access goes on', () => {
    const life = at('active')
    const { waiver } = at('extension asked')
    if (waiver === undefined) throw new Error('no waiver')
    life.waiver = { ...waiver, requester: 'per_chief', terms: { ...waiver.terms, beneficiary: 'wl_bot' } }
    expect(recheck(life, 'per_asker')).toMatchObject([{ type: 'ProposalVoided', of: 'extension' }])
    expect(life.waiver).toMatchObject({ status: 'active' })
    expect(life.waiver?.proposal).toBeUndefined()
  })

  test('what is over stays as it was', () => {
    for (const stage of ['ended', 'removed', 'reviewed', 'denied'] as const)
      expect(recheck(at(stage), 'per_asker', 'per_sam')).toEqual([])
  })

  test('somebody who is in no source any more is gone too', () => {
    const life = at('active')
    life.directory = organisation.replaceAll(/.*per_asker.*/g, '')
    life.must(systemActor, { type: 'recheck' })
    expect(life.waiver?.end?.cause).toBe('deactivated')
  })
})

test('only people it names can take a waiver with them', () => {
  const everybody = [...new Set(organisation.match(/(?:per|wl|rota)_\w+/g))]
  for (const stage of [
    'requested',
    'endorsed',
    'countersigned',
    'active',
    'extension asked',
    'opened envelope',
  ] as const) {
    const named = peopleOf(at(stage, twoStep).waiver as Waiver)
    const taking = everybody.filter((id) => recheck(at(stage, twoStep), id).length > 0)
    expect(taking.length).toBeGreaterThan(0)
    expect(named).toEqual(expect.arrayContaining(taking))
  }
})
