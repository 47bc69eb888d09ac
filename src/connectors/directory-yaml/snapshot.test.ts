import { expect, test } from 'vitest'
import type { SourceSnapshot } from '../../core/directory.ts'
import { snapshotOf } from './snapshot.ts'

const options = { source: 'people', revision: 'r1', now: '2026-11-22T10:00:00.000Z' }

function snapshot(...texts: readonly string[]): SourceSnapshot {
  const read = snapshotOf(
    texts.map((text, index) => ({ name: `d${index}.yaml`, text })),
    options,
  )
  if ('problems' in read) throw new Error(JSON.stringify(read.problems, null, 2))
  return read.value
}

function problems(...texts: readonly string[]): readonly string[] {
  const read = snapshotOf(
    texts.map((text, index) => ({ name: `d${index}.yaml`, text })),
    options,
  )
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where}: ${message}`) : []
}

/** Relations as sentences, sorted. */
function said({ relations }: SourceSnapshot): readonly string[] {
  return relations
    .map(({ from, relation, to, until, confirmed }) => {
      const ended = until === undefined ? '' : ` until ${until.slice(0, 10)}`
      return `${from} ${relation} ${to}${ended}${confirmed === undefined ? '' : confirmed ? ' confirmed' : ' unconfirmed'}`
    })
    .sort()
}

test('people, teams, systems, workloads and rotas become nodes and relations', () => {
  const read = snapshot(`
people:
  maria:
    name: Maria Oliveira
    manager: henrik
    teams: [payments]
    formerTeams: [{ team: lending, until: 2026-11-01 }]
    actsFor: [henrik]
  henrik: { name: Henrik Lund }
  oona: { name: Oona, external: true, sponsor: henrik, sameAs: [maria] }
  gone: { name: Gone, left: 2026-10-01, teams: [payments] }
teams:
  payments: { name: Payments, parent: engineering, maintainers: [henrik], owns: [settlement-bot], administers: [ledger-db] }
  lending: { name: Lending, members: [henrik], operates: [ledger-db] }
  engineering: { name: Engineering }
systems:
  ledger-db: { name: Ledger, owners: [payments, maria], administrators: [lending], operators: [henrik], credentialHolders: [henrik] }
workloads:
  settlement-bot:
    name: Settlement bot
    kind: service-account
    owners: [maria]
    operators: [payments]
    creator: henrik
    credentialHolders: [lending]
    canChange: [lending]
    delegatedBy: [maria]
rotas:
  payments-duty:
    name: Payments duty
    members: [henrik]
    shifts: [{ person: maria, start: 2026-11-22T00:00:00Z, end: 2026-11-23T00:00:00Z }]
`)
  expect(said(read)).toEqual(
    [
      'per_maria reports-to per_henrik',
      'per_maria member-of team_payments',
      'per_maria member-of team_lending until 2026-11-01',
      'per_maria delegate-of per_henrik',
      'per_henrik sponsors per_oona',
      'per_oona same-as per_maria',
      'per_gone member-of team_payments until 2026-10-01',
      'per_henrik maintains team_payments',
      'team_payments part-of team_engineering',
      'team_payments owns wl_settlement-bot',
      'team_payments administers sys_ledger-db',
      'per_henrik member-of team_lending',
      'team_lending operates sys_ledger-db',
      'team_payments owns sys_ledger-db',
      'per_maria owns sys_ledger-db',
      'team_lending administers sys_ledger-db',
      'per_henrik operates sys_ledger-db',
      'per_henrik holds-credential-of sys_ledger-db',
      'per_maria owns wl_settlement-bot',
      'team_payments operates wl_settlement-bot',
      'per_henrik created wl_settlement-bot',
      'team_lending holds-credential-of wl_settlement-bot',
      'team_lending can-change wl_settlement-bot',
      'per_maria delegates-to wl_settlement-bot',
      'per_henrik on-rota rota_payments-duty',
      'per_maria on-rota rota_payments-duty',
    ].sort(),
  )
  expect(read.nodes.find(({ id }) => id === 'per_gone')).toEqual({
    id: 'per_gone',
    kind: 'person',
    name: 'Gone',
    until: '2026-10-01T00:00:00.000Z',
  })
  expect(read.nodes.find(({ id }) => id === 'per_oona')?.external).toBe(true)
  expect(read.nodes.find(({ id }) => id === 'wl_settlement-bot')?.workloadKind).toBe('service-account')
  expect(read.shifts).toEqual([
    {
      rota: 'rota_payments-duty',
      person: 'per_maria',
      start: '2026-11-22T00:00:00.000Z',
      end: '2026-11-23T00:00:00.000Z',
    },
  ])
  expect(read.source).toEqual({
    id: 'people',
    revision: 'r1@2026-11-16',
    observedAt: options.now,
    staleAfterSeconds: 86_400,
  })
})

test('unknown names are pointed at, with the nearest of the kind that fits', () => {
  expect(
    problems(`people:
  maria: { name: M, manager: henrk, teams: [payment] }
  henrik: { name: H, accounts: [{ on: smaple, login: h }] }
teams:
  payments: { name: P, owns: [settlment-bot], maintainers: [team_payments] }
workloads:
  settlement-bot: { name: S, kind: agent, owners: [henrick] }
issuers:
  sample: { name: Sign-in }
rotas:
  duty: { name: D, rotations: [{ members: [mario], start: 2026-11-02T09:00:00Z }] }
`),
  ).toEqual([
    'd0.yaml:2:30: unknown person `henrk`; did you mean `henrik`?',
    'd0.yaml:2:45: unknown team `payment`; did you mean `payments`?',
    'd0.yaml:3:39: unknown issuer or system `smaple`; did you mean `sample`?',
    'd0.yaml:5:61: `team_payments` is a team, expected a person',
    'd0.yaml:5:31: unknown system or workload `settlment-bot`; did you mean `settlement-bot`?',
    'd0.yaml:7:52: unknown person or team `henrick`; did you mean `henrik`?',
    'd0.yaml:11:44: unknown person `mario`; did you mean `maria`?',
  ])
})

test('a bare name that fits two kinds is not picked', () => {
  const text = (owner: string) => `people: { risk: { name: R } }
teams: { risk: { name: R } }
systems: { db: { name: D, owners: [${owner}] } }
`
  expect(problems(text('risk'))).toEqual(['d0.yaml:3:36: `risk` could be `per_risk` or `team_risk`; write which'])
  expect(said(snapshot(text('team_risk')))).toEqual(['team_risk owns sys_db'])
})

test('[B02] one account belongs to one owner, and a link counts in favour only once somebody else confirmed it', () => {
  const people = (fields: string) => `people:
  maria:
    name: M
    accounts:
      - { on: sample, login: maria${fields} }
  henrik: { name: H, accounts: [{ on: sample, login: Maria }] }
issuers: { sample: { name: Sign-in } }
`
  expect(said(snapshot(people('')))).toEqual([
    'acc_sample:Maria belongs-to per_henrik unconfirmed',
    'acc_sample:maria belongs-to per_maria unconfirmed',
  ])
  expect(said(snapshot(people(', confirmedBy: henrik')))).toContain('acc_sample:maria belongs-to per_maria confirmed')
  expect(problems(people(', confirmedBy: maria'))).toEqual(['d0.yaml:5:50: nobody confirms an account of their own'])
  expect(problems(people('').replace('login: Maria', 'login: maria'))).toEqual([
    'd0.yaml:6:54: `maria` on `sample` already belongs to somebody at d0.yaml:5:30',
  ])
})

test('people listed for the whole file confirm everybody but themselves, so one of them is not enough', () => {
  const text = (by: string) => `people:
  maria: { name: M, accounts: [{ on: sample, login: maria }] }
  henrik: { name: H, accounts: [{ on: sample, login: henrik }] }
issuers: { sample: { name: Sign-in } }
accountsConfirmedBy: [${by}]
`
  expect(said(snapshot(text('maria, henrik')))).toEqual([
    'acc_sample:henrik belongs-to per_henrik confirmed',
    'acc_sample:maria belongs-to per_maria confirmed',
  ])
  expect(problems(text('maria'))).toEqual(['d0.yaml:5:22: expected at least 2 entries, got a list of 1'])
  expect(problems(text('maria, per_maria'))).toEqual([
    'd0.yaml:5:30: `per_maria` is named twice; two different people confirm',
  ])
})

test('accounts on systems and logins of any script keep apart', () => {
  const read = snapshot(`people:
  maria: { name: M, accounts: [{ on: sys_ledger-db, login: maria_p }, { on: ledger-db, login: "märia:p" }] }
systems: { ledger-db: { name: L } }
`)
  expect(read.nodes.filter(({ kind }) => kind === 'account')).toEqual([
    { id: 'acc_sys_ledger-db:maria_p', kind: 'account', name: 'maria_p', on: 'sys_ledger-db', login: 'maria_p' },
    { id: 'acc_sys_ledger-db:m%C3%A4ria%3Ap', kind: 'account', name: 'märia:p', on: 'sys_ledger-db', login: 'märia:p' },
  ])
})

test('loops of managers and of teams are refused', () => {
  expect(
    problems(`people:
  a: { name: A, manager: b }
  b: { name: B, manager: c }
  c: { name: C, manager: a }
  d: { name: D, manager: a }
  e: { name: E, manager: e }
`),
  ).toEqual(['d0.yaml:6:26: `e` is this entry itself'])
  expect(
    problems(`people:
  a: { name: A, manager: b }
  b: { name: B, manager: a }
  d: { name: D, manager: a }
teams:
  x: { name: X, parent: y }
  y: { name: Y, parent: x }
`),
  ).toEqual([
    'd0.yaml:2:26: reports to themselves in the end: `per_a` → `per_b` → `per_a`',
    'd0.yaml:6:25: is inside itself: `team_x` → `team_y` → `team_x`',
  ])
})

test('written from both sides, a relation is one; what has ended never ends what still holds', () => {
  const read = snapshot(`people:
  maria: { name: M, teams: [payments], formerTeams: [{ team: payments, until: 2026-10-01 }, { team: risk, until: 2026-10-01 }] }
teams:
  payments: { name: P, members: [maria] }
  risk: { name: R, members: [maria] }
`)
  expect(said(read)).toEqual(['per_maria member-of team_payments', 'per_maria member-of team_risk'])
})

test("beginnings: the membership's own, or else that of the person; a part begins with its team", () => {
  const read = snapshot(`people:
  maria: { name: M, since: 2024-03-01, teams: [payments, { team: risk, since: 2026-11-10 }] }
  henrik: { name: H, teams: [risk] }
  ines: { name: I, since: 2025-01-01 }
teams:
  payments: { name: P, parent: engineering, since: 2020-01-01, members: [ines] }
  risk: { name: R, parent: engineering }
  engineering: { name: E }
`)
  const since = (from: string, to: string) =>
    read.relations.find((each) => each.from === from && each.to === to)?.since?.slice(0, 10)
  expect(since('per_maria', 'team_payments')).toBe('2024-03-01')
  expect(since('per_maria', 'team_risk')).toBe('2026-11-10')
  expect(since('per_henrik', 'team_risk')).toBeUndefined()
  expect(since('per_ines', 'team_payments')).toBe('2025-01-01')
  expect(since('team_payments', 'team_engineering')).toBe('2020-01-01')
  expect(since('team_risk', 'team_engineering')).toBeUndefined()
  expect(
    problems('people: { m: { name: M, teams: [{ team: riks, since: 2026-11-10 }, a] } }\nteams: { risk: { name: R } }'),
  ).toEqual(['d0.yaml:1:41: unknown team `riks`; did you mean `risk`?', 'd0.yaml:1:68: unknown team `a`'])
})

test('several files refer to each other; what is defined twice names both places', () => {
  const people = 'people:\n  maria: { name: M, teams: [payments] }\n'
  expect(said(snapshot(people, 'teams: { payments: { name: P } }'))).toEqual(['per_maria member-of team_payments'])
  expect(problems(people, 'teams: { payments: { name: P } }\npeople: { per_maria: { name: M } }')).toEqual([
    'd1.yaml:2:11: `per_maria` is already defined at d0.yaml:2:3',
  ])
})

test('what another source defines can be referred to once it is listed', () => {
  const text = 'teams: { payments: { name: P, members: [hr-17] } }\n'
  expect(problems(text)).toEqual(['d0.yaml:1:41: unknown person `hr-17`'])
  const read = snapshot(`${text}elsewhere: [per_hr-17]\n`)
  expect(said(read)).toEqual(['per_hr-17 member-of team_payments'])
  expect(read.nodes.map(({ id }) => id)).toEqual(['team_payments'])
  expect(problems(`${text}elsewhere: [hr-17]\n`)[0]).toBe(
    'd0.yaml:2:13: `hr-17` needs its prefix here: `per_…`, `team_…`, …',
  )
})

test('keys of another kind, turns that end before they start, and unknown fields are refused', () => {
  expect(problems('people: { team_x: { name: X } }')).toEqual(['d0.yaml:1:11: `team_x` is a team, expected a person'])
  expect(
    problems(`people: { m: { name: M } }
rotas: { d: { name: D, shifts: [{ person: m, start: 2026-11-02T00:00:00Z, end: 2026-11-01T00:00:00Z }] } }
`),
  ).toEqual(['d0.yaml:2:80: ends before it starts'])
  expect(problems('people: { m: { name: M, managr: x } }')[0]).toContain('did you mean `manager`?')
  expect(problems('rotas: { d: { name: D, rotations: [{ members: [], start: 2026-11-02 }] } }')[0]).toContain(
    'at least 1 entry',
  )
})

test('rotations are computed from eight weeks ago to thirteen weeks from now, and change on Mondays only', () => {
  const text = `people: { a: { name: A }, b: { name: B } }
rotas: { d: { name: D, rotations: [{ members: [a, b], start: 2020-01-06T09:00:00Z }] } }
`
  const read = snapshot(text)
  expect(read.shifts[0]).toMatchObject({ start: '2026-09-14T09:00:00.000Z', end: '2026-09-21T09:00:00.000Z' })
  expect(read.shifts.at(-1)).toMatchObject({ start: '2027-02-15T09:00:00.000Z' })
  expect(new Set(read.shifts.map(({ person }) => person))).toEqual(new Set(['per_a', 'per_b']))
  const at = (now: string) => {
    const later = snapshotOf([{ name: 'd.yaml', text }], { ...options, now })
    if ('problems' in later) throw new Error(JSON.stringify(later.problems))
    return later.value
  }
  expect(at('2026-11-16T00:00:00.000Z').shifts).toEqual(read.shifts)
  expect(at('2026-11-22T23:59:00.000Z').shifts).toEqual(read.shifts)
  expect(at('2026-11-23T00:00:00.000Z').shifts.at(-1)).toMatchObject({ start: '2027-02-22T09:00:00.000Z' })
})

test('layers, days, time zones, somebody standing in, and leave', () => {
  const read = snapshot(`people:
  a: { name: A, away: [{ from: 2026-11-25, until: 2026-11-26 }] }
  b: { name: B }
  c: { name: C }
rotas:
  d:
    name: D
    layers:
      - { members: [c], start: 2026-01-05T00:00:00Z, timeZone: Europe/London }
      - { members: [a], start: 2026-01-05T00:00:00Z, timeZone: America/New_York, daily: { from: '09:00', to: '17:00' }, days: [mon, wed, fri] }
    overrides: [{ person: b, instead: a, start: 2026-11-27T15:00:00Z, end: 2026-11-27T16:00:00Z }]
`)
  const shown = read.shifts
    .filter(({ start, end }) => start < '2026-11-28T00:00:00.000Z' && end > '2026-11-23T00:00:00.000Z')
    .map(({ person, start, end }) => `${person} ${start.slice(8, 16)} ${end.slice(8, 16)}`)
  // a is away on Wednesday, and b stands in for an hour on Friday.
  expect(shown).toEqual([
    'per_c 23T00:00 23T14:00',
    'per_a 23T14:00 23T22:00',
    'per_c 23T22:00 27T14:00',
    'per_a 27T14:00 27T15:00',
    'per_b 27T15:00 27T16:00',
    'per_a 27T16:00 27T22:00',
    'per_c 27T22:00 30T00:00',
  ])
  expect(said(read)).toContain('per_b on-rota rota_d')
  const rota = (rule: string) =>
    problems(`people: { a: { name: A } }\nrotas: { d: { name: D, layers: [{ members: [a], ${rule} }] } }`)
  expect(rota('start: 2026-01-05, timeZone: Europe/Londn')).toEqual([expect.stringContaining('expected a time zone')])
  expect(rota('start: 2026-01-05, every: PT1M')).toEqual([expect.stringContaining('expected at least `PT1H`')])
  expect(rota('start: 2026-01-05, until: 2026-01-04')).toEqual(['d0.yaml:2:75: ends before it starts'])
  expect(rota('start: 2026-01-05, days: [monday]')).toEqual([expect.stringContaining('`mon`')])
})

test('leave is stated person by person, and one that ends before it begins is a mistake', () => {
  const read = snapshot('people: { a: { name: A, away: [{ from: 2026-12-21, until: 2027-01-04T08:00:00Z }] } }\n')
  expect(read.absences).toEqual([
    { person: 'per_a', start: '2026-12-21T00:00:00.000Z', end: '2027-01-04T08:00:00.000Z' },
  ])
  expect(snapshot('people: { a: { name: A } }\n').absences).toBeUndefined()
  const wrong = 'people:\n  a:\n    name: A\n    away: [{ from: 2026-12-21, until: 2026-12-20 }]\n'
  expect(snapshotOf([{ name: 'd.yaml', text: wrong }], options)).toEqual({
    problems: [{ where: 'd.yaml:4:39', message: 'the absence ends before it begins' }],
  })
})

test('standing access is stated for people, teams and workloads, on systems that are known', () => {
  const read = snapshot(`people: { a: { name: A, teams: [t], holds: ["erp/vendors-write"], left: 2026-11-30 } }
teams: { t: { name: T, holds: ["erp/pay/run"] } }
systems: { erp: { name: ERP } }
workloads: { w: { name: W, kind: key, owners: [a], holds: [sys_erp/read] } }
`)
  expect(read.access).toEqual([
    { holder: 'per_a', system: 'sys_erp', entitlement: 'vendors-write', until: '2026-11-30T00:00:00.000Z' },
    { holder: 'team_t', system: 'sys_erp', entitlement: 'pay/run' },
    { holder: 'wl_w', system: 'sys_erp', entitlement: 'read' },
  ])
  const wrong = 'people: { a: { name: A, holds: ["crm/read"] } }\n'
  expect(snapshotOf([{ name: 'd.yaml', text: wrong }], options)).toMatchObject({
    problems: [{ where: 'd.yaml:1:33', message: expect.stringContaining('unknown system `crm`') }],
  })
})

test('the same text on the same day is the same snapshot, but for when it was seen', () => {
  const text =
    'people: { a: { name: A } }\nrotas: { d: { name: D, rotations: [{ members: [a], start: 2020-01-06 }] } }\n'
  const read = (now: string) => snapshotOf([{ name: 'd.yaml', text }], { ...options, now })
  const morning = read('2026-11-22T00:00:00.000Z')
  const evening = read('2026-11-22T23:59:59.999Z')
  expect('value' in morning && 'value' in evening && { ...evening.value, source: morning.value.source }).toEqual(
    'value' in morning && morning.value,
  )
})
