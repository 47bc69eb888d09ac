/** Which differences between two sets of rules are found, which way they go, and who comes to decide by them. */
import { describe, expect, test } from 'vitest'
import { policyFor } from '../../test/support/life.ts'
import type { Policy } from './policy.ts'
import { admittedBy, compareRules, loosenedBy } from './rules-diff.ts'

type Loose<Value> = { -readonly [Key in keyof Value]: Loose<Value[Key]> }

function changed(edit: (policy: Loose<Policy>) => void, before = policyFor()) {
  // A copy in which nothing is shared: fixtures use one list in several places.
  const after = JSON.parse(JSON.stringify(before)) as Loose<Policy>
  edit(after)
  const differences = compareRules(before, after as Policy)
  return { differences, loosened: loosenedBy(differences), admits: admittedBy(before, after as Policy) }
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the fixture has no such entry')
  return value
}

const high = (policy: Loose<Policy>) => must(policy.tiers.high)
const write = (policy: Loose<Policy>) => must(policy.systems.sys_ledger?.entitlements['ledger-write'])

describe('[rules/maker-checker] the direction of a difference', () => {
  test('equal rules differ in nothing, whatever the order of their lists', () => {
    const { differences } = changed((policy) => {
      write(policy).actions.reverse()
    })
    expect(differences).toEqual([])
  })

  test.each<[string, (policy: Loose<Policy>) => unknown]>([
    ['a shorter window', (policy) => (high(policy).windowSecondsMax = 60)],
    ['one more countersigner', (policy) => (high(policy).countersignersMin = 2)],
    ['one more step', (policy) => (high(policy).steps = ['endorse', 'countersign'])],
    ['one more control', (policy) => (high(policy).controlsRequired = ['peer-watch'])],
    ['a passkey', (policy) => (high(policy).passkey = true)],
    ['one resource less', (policy) => write(policy).resources.pop()],
    ['one member less', (policy) => policy.pools.pool_security?.members.pop()],
    ['a longer delay', (policy) => (policy.changeDelaySeconds = 60)],
    ['a habit sooner', (policy) => (policy.habits = { repeatedFrom: 2 })],
    ['habits over longer', (policy) => (policy.habits = { repeatedOverDays: 60 })],
    ['longer memory', (policy) => (policy.independence.lingerDays = 60)],
  ])('%s is tighter', (_, edit) => {
    const { differences, loosened } = changed(edit, policyFor({ passkey: false }))
    expect(differences.map(({ direction }) => direction)).toEqual(['tighter'])
    expect(loosened).toEqual([])
  })

  test.each<[string, string, (policy: Loose<Policy>) => unknown]>([
    ['a longer window', 'high', (policy) => (high(policy).windowSecondsMax = 99_999)],
    ['a higher rank', 'high', (policy) => (high(policy).rank = 9)],
    ['a lower rank', 'high', (policy) => (high(policy).rank = 0)],
    ['no passkey', 'high', (policy) => (high(policy).passkey = false)],
    ['automatic start', 'high', (policy) => (high(policy).activation = 'automatic')],
    ['one resource more', 'ledger-write', (policy) => write(policy).resources.push('ledger.steps.all')],
    ['another connector', 'sys_ledger', (policy) => (must(policy.systems.sys_ledger).connector = 'other')],
    ['a setting', 'ledger', (policy) => (must(policy.connectors.ledger).settings = { host: 'elsewhere' })],
    ['a setting that reads like a demand', 'ledger', (p) => (must(p.connectors.ledger).settings = { passkey: true })],
    ['a duty less in a function', 'posting', (policy) => must(policy.functions.posting).duties.pop()],
    ['a control looked at less often', 'peer-watch', (p) => (must(p.controls['peer-watch']).everySecondsMax = 9999)],
    ['the line ignored', 'independence', (policy) => (policy.independence.reportingLine = 'ignore')],
    ['a team marked', 'independence', (policy) => (policy.independence.teams.team_payments = 'all-staff')],
    ['a team marked that is called like a value', 'independence', (p) => (p.independence.teams.mode = 'boundary')],
    ['a habit later', 'habits', (policy) => (policy.habits = { repeatedFrom: 9 })],
    ['a shorter look back', 'habits', (policy) => (policy.habits = { unusedOverDays: 7 })],
    ['a risk', 'beneficiaryRisk', (policy) => (policy.beneficiaryRisk.agent = 'high')],
  ])('%s is looser, under %s', (_, rule, edit) => {
    expect(changed(edit).loosened).toEqual([rule])
  })

  test('a shorter delay is looser, under its own name', () => {
    const before = { ...policyFor(), changeDelaySeconds: 60 }
    expect(changed((policy) => (policy.changeDelaySeconds = 0), before).loosened).toEqual(['changeDelaySeconds'])
  })

  test('a duty rule that is gone helps whoever holds one of its functions', () => {
    const { loosened } = changed((policy) => delete policy.dutyRules['post-and-approve'])
    expect(loosened).toEqual(['approving', 'post-and-approve', 'posting'])
  })

  test('ids that hold dots or the names of fields stay ids', () => {
    const before = JSON.parse(JSON.stringify(policyFor())) as Loose<Policy>
    before.tiers['eu.high'] = { ...high(before) }
    must(before.systems.sys_ledger).entitlements.steps = { ...write(before), resources: ['one'] }
    const { loosened } = changed((policy) => {
      must(policy.tiers['eu.high']).windowSecondsMax = 99_999
      policy.systems.sys_ledger?.entitlements.steps?.resources.push('everything')
    }, before as Policy)
    expect(loosened).toEqual(['eu.high', 'steps'])
  })

  test('ids that are spelled like a path do not hide behind it', () => {
    const before = JSON.parse(JSON.stringify(policyFor())) as Loose<Policy>
    before.functions['a.duties.b'] = { id: 'x', name: 'x', duties: ['c'] }
    const { differences } = changed((policy) => {
      delete policy.functions['a.duties.b']
      policy.functions.a = { id: 'x', name: 'x', duties: ['b.duties.c'] }
    }, before as Policy)
    expect(differences.filter(({ path }) => path === 'functions.a.duties.b.duties.c')).toHaveLength(2)
  })

  test('the order of a list matters in settings, and so does an empty one', () => {
    const before = JSON.parse(JSON.stringify(policyFor())) as Loose<Policy>
    must(before.connectors.ledger).settings = { hosts: ['a', 'b'] }
    expect(
      changed((policy) => (must(policy.connectors.ledger).settings = { hosts: ['b', 'a'] }), before as Policy).loosened,
    ).toEqual(['ledger'])
    expect(changed((policy) => (must(policy.connectors.ledger).settings = { hosts: [] })).loosened).toEqual(['ledger'])
  })
})

describe('[rules/maker-checker] who comes to decide', () => {
  test.each<[string, readonly string[], (policy: Loose<Policy>) => unknown]>([
    ['a new member', ['per_rae'], (policy) => policy.pools.pool_watch?.members.push('per_rae')],
    ['a new team', ['team_risk'], (policy) => policy.pools.pool_watch?.members.push('team_risk')],
    ['a pool that decides more', ['per_watch'], (policy) => policy.pools.pool_watch?.decides.push('rules')],
    ['a pool that a tier turns to', ['per_watch'], (policy) => high(policy).pools.push('pool_watch')],
    ['a pool that now endorses', ['per_watch'], (policy) => high(policy).endorsePools.push('pool_watch')],
    ['a pool that decides less', [], (policy) => (must(policy.pools.pool_watch).decides = [])],
    ['a tier that turns away', [], (policy) => (high(policy).pools = [])],
  ])('%s: %j', (_, admits, edit) => {
    expect(changed(edit).admits).toEqual(admits)
  })

  test('[B05] what moves to another tier comes to be decided by the pools of that tier', () => {
    const low = { ...must(policyFor().tiers.high), id: 'low', pools: ['pool_watch'] }
    const before = policyFor({}, { tiers: { ...policyFor().tiers, low }, beneficiaryRisk: { agent: 'high' } })
    expect(changed((policy) => (write(policy).tier = 'low'), before).admits).toEqual(['per_watch'])
    expect(changed((policy) => (policy.beneficiaryRisk.agent = 'low'), before).admits).toEqual(['per_watch'])
    expect(changed((policy) => (write(policy).name = 'another'), before).admits).toEqual([])
  })
})

describe('[rules/maker-checker] a conflict that comes to be tolerated', () => {
  const mitigation = {
    id: 'm',
    holder: 'per_mate',
    rule: 'post-and-approve',
    control: 'peer-watch',
    owner: 'per_sue',
    from: '2026-11-01T00:00:00.000Z',
    until: '2027-02-01T00:00:00.000Z',
    everySeconds: 3_600,
  }
  const before = { ...policyFor(), mitigations: { m: mitigation } }

  test('is looser, and whoever holds it profits', () => {
    const { differences, loosened, admits } = changed((policy) => {
      policy.mitigations = { m: { ...mitigation } }
    })
    expect(differences.every(({ direction }) => direction === 'looser')).toBe(true)
    expect(loosened).toEqual(['m'])
    expect(admits).toContain('per_mate')
  })

  test('[B18] for longer is looser too; sooner, more often, or not at all is tighter', () => {
    const later = changed((policy) => {
      must(policy.mitigations?.m).until = '2027-03-01T00:00:00.000Z'
    }, before)
    expect(later.differences.map(({ direction }) => direction)).toEqual(['looser'])
    expect(later.admits).toContain('per_mate')
    const sooner = changed((policy) => {
      must(policy.mitigations?.m).until = '2027-01-01T00:00:00.000Z'
      must(policy.mitigations?.m).everySeconds = 60
    }, before)
    expect(sooner.differences.map(({ direction }) => direction)).toEqual(['tighter', 'tighter'])
    const gone = changed((policy) => {
      delete policy.mitigations
    }, before)
    expect(new Set(gone.differences.map(({ direction }) => direction))).toEqual(new Set(['tighter']))
    expect(gone.admits).toEqual([])
  })

  test('another holder or another who answers is looser', () => {
    for (const edit of [{ holder: 'per_sid' }, { owner: 'per_sam' }, { control: 'other' }]) {
      const { differences } = changed((policy) => Object.assign(must(policy.mitigations?.m), edit), before)
      expect(differences.map(({ direction }) => direction)).toEqual(['looser'])
    }
  })
})

describe('[rules/maker-checker] [B05] guardrails', () => {
  const some = { permit: { all: 'a' }, forbid: { night: 'n' }, arguments: { pay: '{}' }, mentions: ['team_x'] }
  const before = policyFor({}, { guardrails: some })

  test.each<[string, 'looser' | 'tighter', (guardrails: Loose<typeof some>) => unknown]>([
    ['one more that forbids', 'tighter', ({ forbid }) => Object.assign(forbid, { day: 'd' })],
    ['one that forbids otherwise', 'looser', ({ forbid }) => Object.assign(forbid, { night: 'm' })],
    ['one less that forbids', 'looser', (guardrails) => Object.assign(guardrails, { forbid: {} })],
    ['one more that permits', 'looser', ({ permit }) => Object.assign(permit, { more: 'm' })],
    ['one less that permits', 'looser', (guardrails) => Object.assign(guardrails, { permit: {} })],
    ['other arguments', 'looser', (guardrails) => Object.assign(guardrails, { arguments: { pay: '{ a: Long }' } })],
  ])('%s is %s', (_, direction, edit) => {
    const { differences, loosened } = changed((policy) => edit(must(policy.guardrails as Loose<typeof some>)), before)
    expect(differences.map((one) => one.direction)).toContain(direction)
    expect(loosened).toEqual(direction === 'looser' ? ['guardrails'] : [])
  })

  test('none any more is looser', () => {
    const { loosened } = changed((policy) => Reflect.deleteProperty(policy, 'guardrails'), before)
    expect(loosened).toEqual(['guardrails'])
  })
})
