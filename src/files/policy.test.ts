import { expect, test } from 'vitest'
import { habitLimitsOf, type Policy } from '../core/policy.ts'
import { readPolicy } from './policy.ts'

const sound = `tiers:
  low:
    rank: 1
    windowMax: PT8H
    pools: [approvers]
  high:
    rank: 3
    windowMax: PT4H
    pools: [approvers]
    reviewWithin: P1D
    activityEvery: PT5M
connectors:
  ledger-db:
    kind: postgres-role
    settings:
      url: env:LEDGER_URL
systems:
  ledger-db:
    name: Ledger database
    connector: ledger-db
    entitlements:
      entries-write:
        name: Write ledger entries
        tier: high
        resources: [ledger.entries]
        actions: [select, update]
        duties: [correct-ledger]
      vendors-write:
        name: Edit vendors
        tier: low
        resources: [vendors]
        actions: [insert]
        duties: [create-vendor]
pools:
  approvers:
    name: Security approvers
    decides: [countersign, review]
    people: [ingrid]
    teams: [security]
    rotas: [security-duty]
functions:
  ledger: { name: Ledger, duties: [correct-ledger] }
  vendors: { name: Vendors, duties: [create-vendor] }
dutyRules:
  vendor-and-ledger:
    name: Vendors and ledger
    severity: high
    functions: [ledger, vendors]
    controls: [peer-watch]
    tier: high
controls:
  peer-watch: { name: Somebody watches, everyMax: PT1H }
independence:
  teams: { everyone: all-staff }
`

function policyOf(...texts: readonly string[]): Policy {
  const read = readPolicy(texts.map((text, index) => ({ name: `p${index}.yaml`, text })))
  if ('problems' in read) throw new Error(JSON.stringify(read.problems, null, 2))
  return read.policy
}

function problems(...texts: readonly string[]): readonly string[] {
  const read = readPolicy(texts.map((text, index) => ({ name: `p${index}.yaml`, text })))
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where}: ${message}`) : []
}

/** The sound policy with one piece of text replaced; the replaced text must exist, or the test says nothing. */
function soundWith(written: string, instead: string): string {
  if (!sound.includes(written)) throw new Error(`the sound policy does not contain: ${written}`)
  return sound.replace(written, instead)
}

test('a file becomes a policy: prefixes, seconds, and strict defaults', () => {
  const policy = policyOf(sound)
  expect(policy.systems['sys_ledger-db']?.entitlements['entries-write']).toEqual({
    id: 'entries-write',
    name: 'Write ledger entries',
    tier: 'high',
    resources: ['ledger.entries'],
    actions: ['select', 'update'],
    duties: ['correct-ledger'],
    kinds: ['access-override'],
    target: {},
  })
  expect(policy.pools.approvers).toEqual({
    id: 'approvers',
    name: 'Security approvers',
    members: ['per_ingrid', 'team_security'],
    decides: ['countersign', 'review'],
    rotas: ['rota_security-duty'],
  })
  expect(policy.tiers.low).toEqual({
    rank: 1,
    windowSecondsMax: 28_800,
    steps: ['countersign'],
    countersignersMin: 1,
    pools: ['approvers'],
    endorsePools: [],
    controlsRequired: [],
    missedControl: 'suspend',
    decideWithinSeconds: 14_400,
    activateWithinSeconds: 3_600,
    activation: 'manual',
    extension: { countMax: 0, cumulativeSecondsMax: 28_800, overSeconds: 2_592_000, distinctCountersigner: true },
    reviewWithinSeconds: 604_800,
    passkey: false,
  })
  expect(policy.tiers.high?.activityEverySeconds).toBe(300)
  expect(policy.independence).toEqual({
    lingerDays: 30,
    reportingLine: 'conflict',
    reciprocal: { mode: 'second-countersigner', overDays: 90, from: 2, ringMax: 4 },
    poolTenureDays: 14,
    teams: { team_everyone: 'all-staff' },
    lastGoodSecondsMax: 14_400,
  })
  expect(policy.changeDelaySeconds).toBe(86_400)
  expect(policy.founders).toEqual([])
})

test('what follows from leaving everything out is the strictest choice', () => {
  const policy = policyOf(soundWith('independence:\n  teams: { everyone: all-staff }\n', ''))
  expect(policy.independence.reportingLine).toBe('conflict')
  expect(policy.independence.teams).toEqual({})
  expect(policy.beneficiaryRisk).toEqual({})
})

test('sections may be spread over several files', () => {
  const cut = sound.indexOf('pools:\n  approvers')
  expect(policyOf(sound.slice(cut), sound.slice(0, cut))).toEqual(policyOf(sound))
})

test('nothing overrides anything: what is written twice names both places', () => {
  expect(
    problems(sound, 'controls:\n  peer-watch: { name: Other, everyMax: PT2H }\nchangeDelay: PT1H', 'changeDelay: PT2H'),
  ).toEqual([
    'p1.yaml:2:3: `peer-watch` is already defined at p0.yaml:52:3',
    'p2.yaml:1:1: `changeDelay` is already written at p1.yaml:3:1',
  ])
})

test('[fail/closed] no file is no policy', () => {
  expect(problems()).toEqual(['policy:1:1: there is no policy file; refusing everything'])
  expect(problems('pools: {}')).toEqual(['p0.yaml:1:1: there is no tier; without one nothing can be decided'])
})

test('every reference leads somewhere, and the nearest name is offered', () => {
  expect(problems(soundWith('tier: low', 'tier: lo'))).toEqual([
    'p0.yaml:30:15: unknown tier `lo`; did you mean `low`?',
  ])
  expect(problems(soundWith('    connector: ledger-db', '    connector: ledgerdb'))).toEqual([
    'p0.yaml:20:16: unknown connector `ledgerdb`; did you mean `ledger-db`?',
  ])
  expect(problems(soundWith('pools: [approvers]', 'pools: [aprovers]'))).toEqual([
    'p0.yaml:5:13: unknown pool `aprovers`; did you mean `approvers`?',
  ])
  expect(problems(soundWith('functions: [ledger, vendors]', 'functions: [ledger, vendor]'))).toEqual([
    'p0.yaml:48:25: unknown function `vendor`; did you mean `vendors`?',
  ])
  expect(problems(soundWith('controls: [peer-watch]', 'controls: [peer-wach]'))).toEqual([
    'p0.yaml:49:16: unknown control `peer-wach`; did you mean `peer-watch`?',
  ])
  expect(problems(soundWith('duties: [correct-ledger] }', 'duties: [correct-leger] }'))).toEqual([
    'p0.yaml:42:36: no entitlement lists the duty `correct-leger`; did you mean `correct-ledger`?',
  ])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    controlsRequired: [nobody-knows]'))).toEqual([
    'p0.yaml:4:24: unknown control `nobody-knows`',
  ])
  expect(problems(`${sound}beneficiaryRisk: { agent: hihg }\n`)).toEqual([
    'p0.yaml:55:27: unknown tier `hihg`; did you mean `high`?',
  ])
})

test('[B06] empty never means all: no pools, no countersigner and no resources are refused', () => {
  expect(problems(soundWith('pools: [approvers]', 'pools: []'))).toEqual([
    'p0.yaml:5:12: expected at least 1 entry, got an empty list',
  ])
  expect(problems(soundWith('    pools: [approvers]\n', ''))).toEqual([
    'p0.yaml:2:3: missing field `pools`: expected a list',
  ])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    countersignersMin: 0'))).toEqual([
    'p0.yaml:4:24: expected at least 1, got the number `0`',
  ])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    steps: []'))).toEqual([
    'p0.yaml:4:12: expected at least 1 entry, got an empty list',
  ])
  expect(problems(soundWith('resources: [vendors]', 'resources: []'))).toEqual([
    'p0.yaml:31:20: expected at least 1 entry, got an empty list',
  ])
})

test('[two-step/distinct-people] steps end with the countersignature, each once', () => {
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    steps: [endorse]'))).toEqual([
    'p0.yaml:4:12: the last step must be `countersign`',
  ])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    steps: [countersign, countersign]'))).toEqual([
    'p0.yaml:4:26: `countersign` stands twice; use `countersignersMin`',
  ])
})

test('a pool decides only what it says it decides', () => {
  expect(problems(soundWith('decides: [countersign, review]', 'decides: [review]'))).toEqual([
    'p0.yaml:5:13: the pool `approvers` does not decide `countersign`; see its `decides`',
    'p0.yaml:9:13: the pool `approvers` does not decide `countersign`; see its `decides`',
  ])
  expect(
    problems(soundWith('    rank: 1', '    rank: 1\n    steps: [endorse, countersign]\n    endorsePools: [approvers]')),
  ).toEqual(['p0.yaml:5:20: the pool `approvers` does not decide `endorse`; see its `decides`'])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    endorsePools: [approvers]'))).toContain(
    'p0.yaml:4:5: nobody endorses here: `steps` has no `endorse`',
  )
})

test('who endorses: by default the owners of the target; never an empty list; `target-owners` is no pool', () => {
  const twoSteps = (more: string) => soundWith('    rank: 1', `    rank: 1\n    steps: [endorse, countersign]${more}`)
  expect(policyOf(sound).tiers.low?.endorsePools).toEqual([])
  expect(policyOf(twoSteps('')).tiers.low?.endorsePools).toEqual(['target-owners'])
  expect(policyOf(twoSteps('\n    endorsePools: [target-owners]')).tiers.low?.endorsePools).toEqual(['target-owners'])
  expect(problems(twoSteps('\n    endorsePools: []'))).toEqual([
    'p0.yaml:5:19: expected at least 1 entry, got an empty list',
  ])
  expect(problems(soundWith('pools: [approvers]', 'pools: [target-owners]'))).toEqual([
    'p0.yaml:5:13: unknown pool `target-owners`',
  ])
  expect(
    problems(
      soundWith('pools:\n  approvers:', 'pools:\n  target-owners: { name: T, decides: [review] }\n  approvers:'),
    ),
  ).toEqual(['p0.yaml:35:3: `target-owners` stands for the owners of a system; name the pool otherwise'])
})

test('[extension/new-approval] only the lowest tier may let the same person countersign again', () => {
  const relaxed = '    extension: { distinctCountersigner: false }'
  expect(problems(soundWith('    rank: 1', `    rank: 1\n${relaxed}`))).toEqual([])
  expect(problems(soundWith('    rank: 3', `    rank: 3\n${relaxed}`))).toEqual([
    'p0.yaml:8:41: only the lowest tier may let the same person countersign again',
  ])
})

test('[window/always-expires] windows, caps and cadences have to make sense', () => {
  expect(problems(soundWith('windowMax: PT8H', 'windowMax: P90D'))).toEqual([
    'p0.yaml:4:16: is longer than P30D; that is standing access, not a waiver',
    'p0.yaml:2:3: must be longer than the cumulative time, or the cap would never end access',
  ])
  expect(problems(soundWith('windowMax: PT8H', 'windowMax: PT0S'))).toEqual([
    'p0.yaml:4:16: expected more than no time at all',
  ])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    extension: { cumulativeMax: PT1H }'))).toEqual([
    'p0.yaml:4:33: is shorter than `windowMax` (PT8H); no such window could start',
  ])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    extension: { cumulativeMax: P2D, over: P1D }'))).toEqual([
    'p0.yaml:4:44: must be longer than the cumulative time, or the cap would never end access',
  ])
  expect(problems(soundWith('activityEvery: PT5M', 'activityEvery: PT5H'))).toEqual([
    'p0.yaml:11:20: is longer than `windowMax`; activity would never be read while access lasts',
  ])
  expect(problems(soundWith('rank: 3', 'rank: 1'))).toEqual([
    'p0.yaml:7:11: rank 1 is already the rank of `low`; each rank once',
  ])
})

test('[break-glass/activator-is-not-approver] break-glass needs a short, closely watched, soon reviewed tier', () => {
  expect(
    problems(soundWith('actions: [select, update]', 'actions: [select, update]\n        kinds: [break-glass]')),
  ).toEqual([])
  const onLow = soundWith('actions: [insert]', 'actions: [insert]\n        kinds: [break-glass]')
  expect(problems(onLow)).toEqual([
    'p0.yaml:33:16: break-glass needs a tier with a `windowMax` of at most PT4H; `low` is not',
    'p0.yaml:33:16: break-glass needs a tier reviewed within P1D; `low` is not',
    'p0.yaml:33:16: break-glass needs a tier whose `activityEvery` is at most PT15M; `low` is not',
  ])
})

test('the floor cannot be lowered: lingering, and fields that do not exist', () => {
  expect(problems(`${sound}  lingerDays: 7\n`)).toEqual(['p0.yaml:55:15: expected at least 30, got the number `7`'])
  expect(problems(soundWith('    rank: 1', '    rank: 1\n    selfApproval: true'))[0]).toContain(
    'p0.yaml:4:5: unknown field `selfApproval`',
  )
  expect(problems(`${sound}founders: [per_x]\n`)[0]).toContain('p0.yaml:55:1: unknown field `founders`')
})

test('[drift/found] from where on something is a habit is the policy’s to say, within bounds; the usual is not written down', () => {
  expect(habitLimitsOf(policyOf(sound))).toEqual({ repeatedFrom: 3, repeatedOverDays: 30, unusedOverDays: 90 })
  const usual = policyOf(`${sound}habits: { repeatedFrom: 3, unusedOverDays: 90 }\n`)
  expect(usual).toEqual(policyOf(sound))
  const own = policyOf(`${sound}habits:\n  repeatedFrom: 5\n  repeatedOverDays: 60\n`)
  expect(own.habits).toEqual({ repeatedFrom: 5, repeatedOverDays: 60 })
  expect(habitLimitsOf(own)).toEqual({ repeatedFrom: 5, repeatedOverDays: 60, unusedOverDays: 90 })
  expect(problems(`${sound}habits:\n  repeatedFrom: 1\n  unusedOverDays: P90D\n  repeatedDays: 30\n`)).toEqual([
    'p0.yaml:56:17: expected at least 2, got the number `1`',
    'p0.yaml:57:19: expected a number, got the text `P90D`',
    'p0.yaml:58:3: unknown field `repeatedDays`; did you mean `repeatedFrom` or `repeatedOverDays`?',
  ])
  expect(problems(`${sound}habits: { repeatedFrom: 5 }\n`, 'habits: { unusedOverDays: 30 }\n')).toEqual([
    'p1.yaml:1:1: `habits` is already written at p0.yaml:55:1',
  ])
})

test('a rule that could never apply is refused', () => {
  expect(problems(soundWith('    severity: high', '    severity: high\n    conflictsFrom: 3'))).toEqual([
    'p0.yaml:48:20: is more than the 2 functions; the rule could never apply',
  ])
})

const mitigated = `${sound}mitigations:
  ingrid-watched:
    holder: ingrid
    rule: vendor-and-ledger
    control: peer-watch
    owner: pavel
    from: 2026-11-01
    until: 2027-02-01
    every: PT1H
`

test('[window/always-expires] a mitigation has a holder, another who answers, an end, and evidence as often as asked', () => {
  expect(policyOf(mitigated).mitigations?.['ingrid-watched']).toEqual({
    id: 'ingrid-watched',
    holder: 'per_ingrid',
    rule: 'vendor-and-ledger',
    control: 'peer-watch',
    owner: 'per_pavel',
    from: '2026-11-01T00:00:00.000Z',
    until: '2027-02-01T00:00:00.000Z',
    everySeconds: 3_600,
  })
  expect('mitigations' in policyOf(sound)).toBe(false)
  const wrong = (written: string, instead: string) => problems(mitigated.replace(written, instead)).join('\n')
  expect(wrong('owner: pavel', 'owner: ingrid')).toContain('`ingrid` holds the conflict; name somebody else')
  expect(wrong('until: 2027-02-01', 'until: 2026-10-01')).toContain('ends before it begins')
  expect(wrong('until: 2027-02-01', 'until: 2027-11-03')).toContain('is more than a year after it begins')
  expect(wrong('every: PT1H', 'every: PT2H')).toContain('is less often than the control asks (`PT1H`)')
  expect(wrong('rule: vendor-and-ledger', 'rule: vendor-and-leger')).toContain('did you mean `vendor-and-ledger`')
  expect(wrong('controls: [peer-watch]\n    tier', 'tier')).toContain('does not take `peer-watch`')
  expect(wrong('holder: ingrid', 'holder: team_security')).toContain('`team_security` is a team')
})

test('ids of another kind, and one thing under two names, are refused', () => {
  expect(problems(soundWith('people: [ingrid]', 'people: [team_security, ingrid, per_ingrid]'))).toEqual([
    'p0.yaml:38:14: `team_security` is a team, expected a person',
    'p0.yaml:38:37: `per_ingrid` is listed twice; keep one',
  ])
  expect(
    problems(soundWith('teams: { everyone: all-staff }', 'teams: { everyone: all-staff, team_everyone: boundary }')),
  ).toEqual(['p0.yaml:54:33: `team_everyone` and `everyone` are the same'])
})

test('secrets are references, never values, and are not repeated in the message', () => {
  const secrets = [
    'password: hunter2',
    'password: "env:"',
    'url: postgres://app:hunter2@db.example/ledger',
    'nested: { list: [{ apiKey: hunter2 }] }',
    'note: ghp_hunter2hunter2hunter2',
    'pem: "-----BEGIN PRIVATE KEY-----hunter2"',
    'token: 12345',
  ]
  for (const secret of secrets) {
    const found = problems(soundWith('url: env:LEDGER_URL', secret))
    expect(found, secret).toHaveLength(1)
    expect(found[0], secret).toMatch(/^p0\.yaml:16:\d+: must be a reference such as/)
    expect(found[0], secret).not.toContain('hunter2')
  }
  for (const fine of [
    'password: env:LEDGER_PASSWORD',
    'password: file:/run/secrets/ledger',
    'url: postgres://db.example/ledger',
  ]) {
    expect(problems(soundWith('url: env:LEDGER_URL', fine)), fine).toEqual([])
  }
  expect(problems(soundWith('actions: [insert]', 'actions: [insert]\n        target: { secret: hunter2 }'))).toEqual([
    'p0.yaml:33:27: must be a reference such as `env:NAME` or `file:/run/secrets/name`, never the secret itself',
  ])
})

test('[B13] patterns in resources and actions are refused with the reason', () => {
  expect(problems(soundWith('resources: [vendors]', "resources: ['*']"))).toEqual([
    'p0.yaml:31:21: `*` looks like a pattern; terms name things exactly, so list each one',
  ])
  expect(problems(soundWith('actions: [insert]', 'actions: ["in\\u200bsert"]'))).toEqual([
    'p0.yaml:32:19: expected visible characters only, got `in\\u{200b}sert`',
  ])
  expect(problems(soundWith('resources: [vendors]', 'resources: ["ledger.post(integer[], text)"]'))).toEqual([])
  expect(problems(soundWith('resources: [vendors]', 'resources: ["ledger.[a-z]"]'))[0]).toContain(
    'looks like a pattern',
  )
})

test.each([
  ['one tier', [1], [true]],
  ['two', [1, 2], [false, true]],
  ['four, in any order', [30, 10, 40, 20], [true, false, true, true]],
])('[fail/closed] decisions are signed in all but the lowest of several tiers, with %s', (_, ranks, passkeys) => {
  const tiers = ranks.map((rank, index) => `  tier${index}: { rank: ${rank}, windowMax: PT1H, pools: [approvers] }`)
  const pools = 'pools:\n  approvers: { name: Approvers, decides: [countersign], people: [ingrid] }'
  const read = readPolicy([{ name: 'policy.yaml', text: `tiers:\n${tiers.join('\n')}\n${pools}\n` }])
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  expect(Object.values(read.policy.tiers).map(({ passkey }) => passkey)).toEqual(passkeys)
})
