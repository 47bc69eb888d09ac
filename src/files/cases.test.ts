import { expect, test } from 'vitest'
import { readCases } from './cases.ts'

function problems(text: string): readonly string[] {
  const read = readCases([{ name: 'c.yaml', text }])
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where}: ${message}`) : []
}

const full = `cases:
  - name: the on-call engineer corrects entries
    at: 2026-11-22T02:15:00Z
    asks: maria
    through: [wl_assistant]
    system: ledger-db
    entitlement: entries-write
    resources: [ledger.entries]
    actions: [update]
    window: PT2H
    controls: [peer-watch]
    given:
      add: [per_ines member-of team_payments until 2026-11-01]
      remove: [per_ines reports-to per_henrik]
      onDuty: { security-duty: [ingrid] }
      inPoolSince: { ingrid: 2026-11-20 }
      took: { tomas: endorsed }
      decisions: [{ countersigner: maria, askedBy: [ingrid], at: 2026-11-01 }]
    expect:
      tier: high
      steps: [countersign]
      windowMax: PT4H
      countersigners: 1
      mayDecide: [ingrid]
      notAlone: [ingrid]
      mayNotDecide: { maria: [is-requester], tomas: [] }
      onlyDeciders: [ingrid]
      firstAsked: ingrid
`

test('a case is read whole, with ids, seconds and its place', () => {
  expect(readCases([{ name: 'c.yaml', text: full }])).toEqual({
    value: [
      {
        name: 'the on-call engineer corrects entries',
        where: 'c.yaml:2:5',
        at: '2026-11-22T02:15:00.000Z',
        asks: 'per_maria',
        through: ['wl_assistant'],
        beneficiary: 'per_maria',
        kind: 'access-override',
        system: 'sys_ledger-db',
        entitlement: 'entries-write',
        resources: ['ledger.entries'],
        actions: ['update'],
        controls: ['peer-watch'],
        windowSeconds: 7200,
        directory: {
          add: [{ from: 'per_ines', relation: 'member-of', to: 'team_payments', until: '2026-11-01T00:00:00.000Z' }],
          remove: [{ from: 'per_ines', relation: 'reports-to', to: 'per_henrik' }],
          onDuty: { 'rota_security-duty': ['per_ingrid'] },
        },
        inPoolSince: [{ person: 'per_ingrid', since: '2026-11-20T00:00:00.000Z' }],
        took: [{ person: 'per_tomas', part: 'endorsed' }],
        decisions: [{ countersigner: 'per_maria', askedBy: ['per_ingrid'], at: '2026-11-01T00:00:00.000Z' }],
        expect: {
          tier: 'high',
          steps: ['countersign'],
          windowSecondsMax: 14_400,
          countersigners: 1,
          mayDecide: ['per_ingrid'],
          notAlone: ['per_ingrid'],
          mayNotDecide: [
            { person: 'per_maria', conflicts: ['is-requester'] },
            { person: 'per_tomas', conflicts: [] },
          ],
          onlyDeciders: ['per_ingrid'],
          firstAsked: 'per_ingrid',
        },
      },
    ],
  })
})

function one(more: string, expectation = 'tier: high'): string {
  return `cases:
  - name: one
    at: 2026-11-22T02:15:00Z
    asks: maria
    system: ledger-db
    entitlement: entries-write
${more}    expect: { ${expectation} }
`
}

test('what is not said is not expected', () => {
  const read = readCases([{ name: 'c.yaml', text: one('') }])
  expect('value' in read && read.value[0]?.expect).toEqual({
    tier: 'high',
    mayDecide: [],
    notAlone: [],
    mayNotDecide: [],
  })
})

test('codes come from the closed lists', () => {
  expect(problems(one('', 'refused: no-independent-aprover'))[0]).toMatch(
    /^c\.yaml:7:24: expected one of .*, got `no-independent-aprover`; did you mean `no-independent-approver`\?$/,
  )
  expect(problems(one('', 'mayNotDecide: { maria: [is-requestor] }'))[0]).toMatch(
    /^c\.yaml:7:39: .*got `is-requestor`; did you mean `is-requester`/,
  )
})

test('a case that cannot fail says nothing and is refused', () => {
  expect(problems(one('', ''))).toEqual(['c.yaml:7:13: expects nothing; a case that cannot fail says nothing'])
  expect(problems('cases: []')[0]).toContain('holds no case')
  expect(problems(one('').replace('    expect: { tier: high }\n', ''))).toEqual([
    'c.yaml:2:5: missing field `expect`: expected a mapping',
  ])
})

test('sentences are relations between kinds that can stand there', () => {
  const given = (sentence: string) => problems(one(`    given: { add: ["${sentence}"] }\n`))
  expect(given('per_maria member-of team_risk')).toEqual([])
  expect(given('team_risk owns wl_bot')).toEqual([])
  expect(given('per_maria membr-of team_risk')).toEqual([
    'c.yaml:7:20: unknown relation `membr-of`; did you mean `member-of`?',
  ])
  expect(given('team_risk member-of per_maria')).toEqual([
    'c.yaml:7:20: `member-of` cannot have `team_risk` there; ids need their prefix',
  ])
  expect(given('maria member-of team_risk')).toEqual([
    'c.yaml:7:20: `member-of` cannot have `maria` there; ids need their prefix',
  ])
  for (const wrong of [
    'per_maria',
    'per_maria member-of',
    'per_a same-as per_b since 2026-01-01',
    'per_a same-as per_b until soon',
  ]) {
    expect(given(wrong)[0]).toContain('expected a sentence such as')
  }
})

test('kinds of waiver ask for what they need', () => {
  expect(problems(one('    kind: break-glass\n'))).toEqual([
    'c.yaml:7:11: break-glass is asked for a rota: write `for`',
  ])
  expect(problems(one('    kind: break-glass\n    for: maria\n'))).toEqual([])
  expect(problems(one('    kind: break-glass\n    for: per_maria\n'))).toEqual([
    'c.yaml:8:10: `per_maria` is a person, expected a rota',
  ])
  expect(problems(one('    kind: sod-exception\n'))).toEqual([
    'c.yaml:7:11: exactly a sod-exception names a rule and the other side in `exception`',
  ])
  expect(problems(one('    kind: sod-exception\n    exception: { rule: r, system: erp, entitlement: e }\n'))).toEqual(
    [],
  )
})

test('two cases of a file cannot have one name', () => {
  const text = one('') + one('').replace('cases:\n', '')
  expect(problems(text)).toEqual(['c.yaml:8:11: `one` is the name of another case'])
})

test('a workload asks by its id with prefix', () => {
  const read = readCases([{ name: 'c.yaml', text: one('').replace('asks: maria', 'asks: wl_settlement-bot') }])
  expect('value' in read && read.value[0]?.beneficiary).toBe('wl_settlement-bot')
  expect(problems(one('').replace('asks: maria', 'asks: team_payments'))).toEqual([
    'c.yaml:4:11: `team_payments` is a team, expected a person or a workload',
  ])
})
