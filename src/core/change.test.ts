/** Who decides about a change to the rules, how many it takes, and what happens while it waits. */
import { describe, expect, test } from 'vitest'
import { directoryOf } from '../../test/support/directories.ts'
import { noon, organisation, policyFor } from '../../test/support/life.ts'
import {
  admittedPeople,
  type Change,
  type ChangeCommand,
  type ChangeFacts,
  decideChange,
  evolveChange,
} from './change.ts'
import { compileDirectory } from './compile.ts'
import { noHistory } from './independence.ts'
import { admittedBy, compareRules } from './rules-diff.ts'
import { plusSeconds } from './time.ts'
import { systemActor } from './waiver.ts'

const before = policyFor()
const after = policyFor({ windowSecondsMax: 99 * 3600 })

const proposed: Change = {
  id: 'chg_1',
  version: 1,
  status: 'proposed',
  author: 'per_lee',
  at: noon,
  reason: 'longer batches',
  base: 'sha256:a',
  proposed: 'sha256:b',
  differences: compareRules(before, after),
  admits: [],
  countersignatures: [],
}
const waiting: Change = {
  ...proposed,
  status: 'countersigned',
  effectiveAt: noon,
  countersignatures: [{ by: 'per_kim', at: plusSeconds(noon, -86_400) }],
}

function factsFor(who: string, more: Partial<ChangeFacts> = {}, text = ''): ChangeFacts {
  return {
    now: noon,
    actor: { id: who, chain: [], signedInAt: noon },
    directory: compileDirectory(directoryOf(`${organisation}\n${text}`)),
    policy: before,
    current: 'sha256:a',
    history: noHistory,
    clock: 'steady',
    foundersNeeded: 2,
    ...more,
  }
}

const sign: ChangeCommand = { type: 'countersign', proposed: 'sha256:b' }
const object: ChangeCommand = { type: 'deny', reason: 'no' }

/** The code of the refusal, or the change as it is afterwards. */
function decided(change: Change, command: ChangeCommand, facts: ChangeFacts): Change | string {
  const decision = decideChange(change, command, facts)
  if (decision.outcome === 'refused') return decision.refusal.code
  const next = decision.events.reduce<Change | undefined>((was, event) => evolveChange(was, event, 'chg_1'), change)
  return next ?? 'gone'
}

const statusOf = (outcome: Change | string) => (typeof outcome === 'string' ? outcome : outcome.status)

function ringOf(...people: readonly string[]) {
  const decisions = people.flatMap((person) =>
    [1, 2].map((day) => ({
      countersigner: 'per_lee',
      askedBy: [person],
      at: plusSeconds(noon, -86_400 * day),
      event: `evt_${person}_${day}`,
    })),
  )
  return { history: { ...noHistory, decisions } }
}

describe('[rules/maker-checker] who is let in does not decide about it', () => {
  const admitting = (edit: (pools: typeof before.pools) => object, who: string, text = '') => {
    const to = { ...before, pools: { ...before.pools, ...edit(before.pools) } }
    const change = { ...proposed, differences: compareRules(before, to), admits: admittedBy(before, to) }
    return decided(change, sign, factsFor(who, {}, text))
  }
  const watch = (member: string) => () => ({ pool_watch: { ...before.pools.pool_watch, members: [member] } })

  test('by name', () => expect(admitting(watch('per_rae'), 'per_rae')).toBe('approver-not-independent'))
  test('through a team', () => expect(admitting(watch('team_risk'), 'per_rae')).toBe('approver-not-independent'))
  test('through a team of a team', () =>
    expect(admitting(watch('team_all'), 'per_rae', 'team_risk part-of team_all')).toBe('approver-not-independent'))
  test('as who can change the team', () =>
    expect(admitting(watch('team_audit'), 'per_kim', 'per_kim maintains team_audit')).toBe('approver-not-independent'))
  test('who gains nothing by it does', () =>
    expect(statusOf(admitting(watch('per_sue'), 'per_rae'))).toBe('countersigned'))
  test('a membership of somebody unknown keeps nobody from deciding', () => {
    const { directory, now } = factsFor('per_rae', {}, 'unknown per_odd\nper_odd member-of team_audit')
    expect(admittedPeople({ admits: ['team_audit'] }, { directory, now })).toEqual(['per_watch'])
  })
})

describe('[two-step/distinct-people] [B21] approving in a ring', () => {
  test('one signature in a ring is not enough, one outside of it beside it is', () => {
    const policy = { ...before, pools: { ...before.pools, pool_rules: { ...pool(), members: ['per_rae', 'per_sid'] } } }
    const first = decided(proposed, sign, factsFor('per_rae', { ...ringOf('per_rae'), policy }))
    expect(statusOf(first)).toBe('proposed')
    const second = decided(first as Change, sign, factsFor('per_sid', { ...ringOf('per_rae'), policy }))
    expect(statusOf(second)).toBe('countersigned')
  })
  test('two in the same ring are not enough either', () => {
    const policy = { ...before, pools: { ...before.pools, pool_rules: { ...pool(), members: ['per_rae', 'per_sid'] } } }
    const ring = ringOf('per_rae', 'per_sid')
    const first = decided(proposed, sign, factsFor('per_rae', { ...ring, policy }))
    expect(statusOf(decided(first as Change, sign, factsFor('per_sid', { ...ring, policy })))).toBe('proposed')
  })
  test('the same person is not both', () => {
    const first = decided(proposed, sign, factsFor('per_kim', ringOf('per_kim')))
    expect(decided(first as Change, sign, factsFor('per_kim'))).toBe('one-person-counts-once')
  })

  function pool() {
    const rules = before.pools.pool_rules
    if (rules === undefined) throw new Error('the fixture has no pool for rules')
    return rules
  }
})

describe('[rules/maker-checker] while it waits', () => {
  test.each([
    ['per_rae', 'decides about rules', 'denied'],
    ['per_watch', 'looks after security', 'denied'],
    ['per_kim', 'countersigned it', 'denied'],
    ['per_lee', 'wrote it', 'author-is-approver'],
    ['per_sue', 'only decides waivers', 'approver-not-in-pool'],
  ])('%s, who %s, objects: %s', (who, _, outcome) => {
    expect(statusOf(decided(waiting, object, factsFor(who)))).toBe(outcome)
  })
  test('nobody objects to what is in force, or without having just signed in', () => {
    expect(decided({ ...waiting, status: 'effective' }, object, factsFor('per_rae'))).toBe('change-not-open')
    const stale = factsFor('per_kim', { actor: { id: 'per_kim', chain: [] } })
    expect(decided(waiting, object, stale)).toBe('sign-in-not-fresh')
  })
  test('nobody countersigns it a second time', () => {
    expect(decided(waiting, sign, factsFor('per_rae'))).toBe('change-not-open')
  })
})

describe('[rules/maker-checker] when the delay is over', () => {
  const ticked = (change: Change, more: Partial<ChangeFacts> = {}, text = '') =>
    decided(change, { type: 'tick' }, factsFor(systemActor, more, text)) as Change

  test('it takes effect', () => expect(ticked(waiting).status).toBe('effective'))
  test('not before', () => {
    expect(ticked({ ...waiting, effectiveAt: plusSeconds(noon, 1) })).toMatchObject({ status: 'countersigned' })
  })
  test('[B08] who countersigned has left', () => {
    const ended = ticked(waiting, {}, 'per_kim until 2026-11-22T11:00:00Z')
    expect(ended.status).toBe('superseded')
    expect(ended.end?.reason).toContain('per_kim')
  })
  test('who countersigned has become a colleague of the author', () => {
    const ended = ticked(waiting, {}, 'per_kim member-of team_legal')
    expect(ended).toMatchObject({
      status: 'superseded',
      end: { reason: expect.stringContaining('on-requesting-team') },
    })
  })
  test('who countersigned is in no pool any more', () => {
    const pools = { ...before.pools, pool_rules: { ...before.pools.pool_rules, members: ['per_rae'] } }
    const ended = ticked(waiting, { policy: { ...before, pools } as typeof before })
    expect(ended).toMatchObject({ status: 'superseded', end: { reason: expect.stringContaining('no longer decides') } })
  })
  test('a founder who countersigned counts as a founder, and only as long as they are one', () => {
    const byFounder = { ...waiting, countersignatures: [{ by: 'per_sue', at: noon, asFounder: true }] }
    expect(ticked(byFounder, { policy: { ...before, founders: ['per_sue'] } }).status).toBe('effective')
    expect(ticked(byFounder).status).toBe('superseded')
  })
  test('a directory too old to tell keeps it waiting', () => {
    const directory = compileDirectory(directoryOf(organisation, { staleAfterSeconds: 1 }))
    expect(ticked(waiting, { directory }).status).toBe('countersigned')
  })
  test('other rules came into force meanwhile', () => {
    expect(ticked(waiting, { current: 'sha256:c' }).end?.reason).toBe('the rules were changed meanwhile')
  })
})
