import { describe, expect, test } from 'vitest'
import { directoryOf } from '../../test/support/directories.ts'
import { type Life, lifeAt, noon, organisation, policyFor, termsFor } from '../../test/support/life.ts'
import { compileDirectory } from './compile.ts'
import type { Policy } from './policy.ts'
import { judgeUse, type LiveWaiver, liveWaiver, type NamedSubject, resolveSubject, type Use } from './runtime.ts'
import { plusSeconds } from './time.ts'

const agentTerms = { beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } }
const agentLife = () => lifeAt('active', { terms: agentTerms })
const use: Use = { actor: 'wl_agent', chain: [], system: 'sys_ledger', resource: 'ledger.entries', action: 'update' }

interface Moment {
  readonly after?: number
  readonly directory?: string
  readonly policy?: Policy
  readonly clock?: 'steady' | 'went-backwards'
}

function liveOf(life: Life): LiveWaiver[] {
  const live = life.waiver === undefined ? undefined : liveWaiver(life.waiver)
  return live === undefined ? [] : [live]
}

function judged(life: Life, parts: Partial<Use> = {}, moment: Moment = {}): string {
  const { after = 60, directory = organisation, policy = policyFor(), clock = 'steady' } = moment
  const now = plusSeconds(noon, after)
  const compiled = compileDirectory(directoryOf(directory, { observedAt: plusSeconds(now, -60) }))
  const judgement = judgeUse({ ...use, ...parts }, liveOf(life), { now, directory: compiled, policy, clock })
  return judgement.allowed ? 'covered' : judgement.reason
}

describe('[agent/runtime-check] at each use', () => {
  test('what the waiver covers is allowed, and nothing beside it', () => {
    const life = agentLife()
    expect(judged(life)).toBe('covered')
    expect(judged(life, { action: 'insert' })).toBe('outside-scope')
    expect(judged(life, { action: 'drop' })).toBe('outside-catalogue')
    expect(judged(life, { resource: 'ledger.entries ' })).toBe('outside-catalogue')
    expect(judged(life, { system: 'sys_other' })).toBe('unknown-system')
    expect(judged(life, { actor: 'wl_bot' })).toBe('no-waiver')
  })

  test('[fail/closed] [B07] guardrails that nobody is there to evaluate are a no', () => {
    const guardrails = {
      permit: { all: 'permit(principal, action, resource);' },
      forbid: {},
      arguments: {},
      mentions: [],
    }
    expect(judged(agentLife(), {}, { policy: policyFor({}, { guardrails }) })).toBe('guardrail-failed')
  })

  test('[B11] the window is asked, not the sweep', () => {
    const life = agentLife()
    expect(judged(life, {}, { after: 2 * 3600 - 1 })).toBe('covered')
    expect(judged(life, {}, { after: 2 * 3600 })).toBe('window-over')
  })

  test('[B09] an exclusion, another offer, another account, a waiver that rests', () => {
    const excluded = lifeAt('active', { terms: { ...agentTerms, conditions: { exclusions: ['ledger.entries'] } } })
    expect(judged(excluded)).toBe('resource-excluded')
    expect(judged(excluded, { resource: 'ledger.accounts' })).toBe('covered')
    const today = policyFor()
    const system = today.systems.sys_ledger as NonNullable<Policy['systems'][string]>
    const write = system.entitlements['ledger-write'] as NonNullable<(typeof system.entitlements)[string]>
    const offering = (entitlement: object): Policy => ({
      ...today,
      systems: { sys_ledger: { ...system, entitlements: { 'ledger-write': { ...write, ...entitlement } } } },
    })
    expect(judged(agentLife(), {}, { policy: offering({ kinds: ['break-glass'] }) })).toBe('policy-changed')
    expect(judged(agentLife(), {}, { policy: offering({ actions: ['select'] }) })).toBe('outside-catalogue')
    const moved = organisation.replace(
      'acc_agent belongs-to wl_agent confirmed',
      'acc_agent belongs-to wl_bot confirmed',
    )
    expect(judged(agentLife(), {}, { directory: moved })).toBe('account-changed')
    const resting = agentLife().must('per_asker', { type: 'suspend', reason: 'looking' })
    expect(judged(resting)).toBe('waiver-suspended')
  })

  test('[fail/closed] [B07] a clock in doubt, a directory nobody has read, an agent that left', () => {
    expect(judged(agentLife(), {}, { clock: 'went-backwards' })).toBe('clock-went-backwards')
    const strict = { ...policyFor(), independence: { ...policyFor().independence, lastGoodSecondsMax: 30 } }
    expect(judged(agentLife(), {}, { policy: strict })).toBe('directory-too-old')
    expect(judged(agentLife(), {}, { directory: `${organisation}\nwl_agent until 2026-11-22T12:00:30Z` })).toBe(
      'subject-not-active',
    )
  })

  test('[B06] a waiver that nobody countersigned, or that was not started, can be used by nobody', () => {
    const life = agentLife()
    const waiver = life.waiver as NonNullable<Life['waiver']>
    expect(liveWaiver({ ...waiver, approvals: [] })).toBeUndefined()
    expect(judged(lifeAt('countersigned', { terms: agentTerms }))).toBe('no-waiver')
    life.must('per_asker', { type: 'revoke', reason: 'done' })
    expect(judged(life)).toBe('no-waiver')
  })

  test('[agent/owner-counts] [B22] whoever countersigned never stands behind the use, not even through a bot', () => {
    const life = agentLife()
    expect(judged(life, { chain: ['per_nobody'] })).toBe('covered')
    expect(judged(life, { chain: ['per_sam'] })).toBe('approver-in-chain')
    const helper = `${organisation}\nper_sam owns wl_helper`
    expect(judged(life, { chain: ['per_nobody', 'wl_helper'] }, { directory: helper })).toBe('approver-in-chain')
  })
})

describe('whom a decision point means', () => {
  const directory = compileDirectory(
    directoryOf(`${organisation}\nacc_idp on acme login repo:agent\nacc_idp belongs-to wl_agent confirmed`),
  )
  const resolved = (type: string, id: string, actors: NamedSubject['actors'] = []) =>
    resolveSubject({ type, id, actors }, directory, noon)

  test('a node by its kind, an account by where it lives', () => {
    expect(resolved('agent', 'wl_agent')).toEqual({ actor: 'wl_agent', chain: [] })
    expect(resolved('user', 'per_asker')).toEqual({ actor: 'per_asker', chain: [] })
    expect(resolved('acme', 'repo:agent')).toEqual({ actor: 'wl_agent', chain: [] })
    expect(resolved('sys_ledger', 'agent_db')).toEqual({ actor: 'wl_agent', chain: [] })
  })

  test('[B13] nothing is folded, guessed or taken for another kind', () => {
    for (const [type, id] of [
      ['user', 'wl_agent'],
      ['agent', 'per_asker'],
      ['agent', 'WL_agent'],
      ['agent', 'team_payments'],
      ['Agent', 'wl_agent'],
      ['acme', 'Repo:agent'],
      ['other', 'repo:agent'],
      ['sys_ledger', 'guess_db'],
      ['constructor', 'wl_agent'],
      ['agent', '__proto__'],
    ] as const)
      expect(resolved(type, id), `${type} ${id}`).toBe('unknown-subject')
  })

  test('[B22] with actors the current one acts, and everybody else is in the chain', () => {
    expect(resolved('user', 'per_asker', [{ sub: 'wl_agent' }])).toEqual({ actor: 'wl_agent', chain: ['per_asker'] })
    expect(
      resolved('user', 'per_asker', [{ sub: 'wl_agent' }, { iss: 'acme', sub: 'repo:agent' }, { sub: 'wl_bot' }]),
    ).toEqual({
      actor: 'wl_agent',
      chain: ['per_asker', 'wl_bot', 'wl_agent'],
    })
    expect(resolved('user', 'per_asker', [{ sub: 'wl_agent' }, { sub: 'wl_nobody' }])).toBe('delegation-unresolved')
    expect(resolved('user', 'per_gone', [{ sub: 'wl_agent' }])).toBe('subject-not-active')
  })
})
