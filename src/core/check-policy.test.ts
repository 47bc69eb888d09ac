import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPolicy, type Finding, peopleNeeded } from './check-policy.ts'
import { compileDirectory } from './compile.ts'
import { countersignSystem, type DirectoryFacts, kindOf, type NodeId, type Relation, type Shift } from './directory.ts'
import { noHistory } from './independence.ts'
import type { Policy, Pool, Tier } from './policy.ts'
import { route } from './route.ts'

const now = '2026-11-22T10:00:00.000Z'

/** Sentences such as `per_a member-of team_x`; whatever is named in them exists. */
function organisation(
  sentences: readonly string[],
  more: Partial<DirectoryFacts> & { readonly external?: readonly NodeId[] } = {},
): DirectoryFacts {
  const relations = sentences.map((sentence): Relation => {
    const [from = '', relation = '', to = ''] = sentence.split(' ')
    return { from, relation: relation as Relation['relation'], to, source: 'hr' }
  })
  const shifts: readonly Shift[] = more.shifts ?? []
  const ids = new Set([
    ...relations.flatMap(({ from, to }) => [from, to]),
    ...shifts.flatMap(({ rota, person }) => [rota, person]),
  ])
  return {
    nodes: [...ids].sort().map((id) => ({
      id,
      kind: kindOf(id) ?? 'person',
      name: id,
      source: 'hr',
      ...(more.external?.includes(id) ? { external: true } : {}),
    })),
    relations,
    shifts,
    sources: [{ id: 'hr', revision: 'r1', observedAt: now, staleAfterSeconds: 3600 }],
    ...(more.nodes === undefined ? {} : { nodes: more.nodes }),
    ...(more.sources === undefined ? {} : { sources: more.sources }),
  }
}

const tier: Tier = {
  rank: 1,
  windowSecondsMax: 3600,
  steps: ['countersign'],
  countersignersMin: 1,
  pools: ['approvers'],
  endorsePools: [],
  controlsRequired: [],
  missedControl: 'suspend',
  decideWithinSeconds: 3600,
  activateWithinSeconds: 3600,
  activation: 'manual',
  extension: { countMax: 0, cumulativeSecondsMax: 3600, overSeconds: 86_400, distinctCountersigner: true },
  reviewWithinSeconds: 86_400,
  passkey: true,
}

function pool(members: readonly NodeId[], more: Partial<Pool> = {}): Pool {
  return {
    id: 'approvers',
    name: 'Approvers',
    members,
    decides: ['countersign', 'review', 'rules', 'security'],
    rotas: [],
    ...more,
  }
}

function policyOf(
  members: readonly NodeId[],
  more: { tier?: Partial<Tier>; pool?: Partial<Pool>; policy?: Partial<Policy> } = {},
): Policy {
  return {
    tiers: { high: { ...tier, ...more.tier } },
    beneficiaryRisk: {},
    connectors: { db: { id: 'db', kind: 'postgres-role', settings: {} } },
    systems: {
      sys_db: {
        id: 'sys_db',
        name: 'Database',
        connector: 'db',
        entitlements: {
          write: {
            id: 'write',
            name: 'Write',
            tier: 'high',
            resources: ['t'],
            actions: ['insert'],
            duties: [],
            target: {},
            kinds: ['access-override'],
          },
        },
      },
    },
    pools: { approvers: pool(members, more.pool) },
    functions: {},
    dutyRules: {},
    controls: {},
    independence: {
      lingerDays: 30,
      reportingLine: 'conflict',
      reciprocal: { mode: 'second-countersigner', overDays: 90, from: 2, ringMax: 4 },
      poolTenureDays: 14,
      teams: {},
      lastGoodSecondsMax: 3600,
    },
    changeDelaySeconds: 86_400,
    founders: [],
    ...more.policy,
  }
}

function told(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, code, about }) => `${severity} ${code} ${about}`)
}

/** Two engineers, one administrator, three approvers elsewhere. */
const sound = [
  'per_ann member-of team_payments',
  'per_bob member-of team_payments',
  'per_dba administers sys_db',
  'per_sec1 member-of team_security',
  'per_sec2 member-of team_risk',
  'per_sec3 member-of team_audit',
]
const approvers = ['per_sec1', 'per_sec2', 'per_sec3']

test('a policy with people enough on all sides has no findings', () => {
  expect(checkPolicy(policyOf(approvers), organisation(sound), now)).toEqual([])
})

test('[on-call/never-both-sides] a small team that would have to approve itself is found before it asks', () => {
  const people = [
    'per_ann member-of team_payments',
    'per_bob member-of team_payments',
    'per_dba administers sys_db',
    'per_dba member-of team_platform',
  ]
  const findings = checkPolicy(policyOf(['per_ann', 'per_bob', 'per_dba']), organisation(people), now)
  expect(told(findings)).toEqual([
    'high no-independent-approver team_payments',
    'high no-independent-reviewer team_payments',
  ])
  const [finding] = findings.filter(
    ({ code, about }) => code === 'no-independent-approver' && about === 'team_payments',
  )
  expect(finding?.message).toBe(
    'what `team_payments` (`per_ann`, `per_bob`) asks for in tier `high` on `sys_db` needs 1 to countersign and has 0 ' +
      '(2 `on-requesting-team`, 1 `is-requester`, 1 `is-beneficiary`, 1 `on-granting-team`)',
  )
  expect(finding?.advice).toContain('a pool of outside approvers; never relax a rule')
})

test('an outside approver ends the deadlock', () => {
  const people = [
    'per_ann member-of team_payments',
    'per_bob member-of team_payments',
    'per_dba administers sys_db',
    'per_ann sponsors per_out',
    'per_bob sponsors per_out2',
    'per_dba sponsors per_out3',
  ]
  const outside = organisation(people, { external: ['per_out', 'per_out2', 'per_out3'] })
  const findings = checkPolicy(policyOf(['per_ann', 'per_bob', 'per_out', 'per_out2', 'per_out3']), outside, now)
  // A sponsor stands above the outsider: of three, one is left out for each of their sponsors.
  expect(told(findings).filter((line) => line.startsWith('high'))).toEqual([])
})

test('whoever hangs on one person is told so, and that an extension would find nobody else', () => {
  const people = [...sound, 'per_sec1 administers sys_db', 'per_sec2 member-of team_payments']
  const extension = { countMax: 1, cumulativeSecondsMax: 3600, overSeconds: 86_400, distinctCountersigner: true }
  expect(told(checkPolicy(policyOf(approvers, { tier: { extension } }), organisation(people), now))).toEqual(
    expect.arrayContaining(['medium only-one-approver team_payments', 'medium nobody-else-extends team_payments']),
  )
})

test('[two-step/distinct-people] a tier that takes more people than its pools have', () => {
  const findings = checkPolicy(policyOf(approvers, { tier: { countersignersMin: 4 } }), organisation(sound), now)
  expect(told(findings)).toContain('high tier-short-of-people tiers.high')
  expect(findings.find(({ code }) => code === 'tier-short-of-people')?.message).toBe(
    'needs 4 different people to countersign, and its pools have 3',
  )
})

test('an endorsement needs somebody besides whoever asks', () => {
  const twoSteps = { steps: ['endorse', 'countersign'], endorsePools: ['target-owners'] } as const
  const policy = policyOf(approvers, { tier: twoSteps })
  expect(told(checkPolicy(policy, organisation(sound), now))).toEqual([])
  const alone = organisation([...sound, 'per_dba member-of team_platform'])
  expect(told(checkPolicy(policy, alone, now))).toEqual(['high no-endorser team_platform'])
})

test('workloads ask too, and the risk of who asks raises the tier', () => {
  const people = [
    ...sound,
    'team_payments owns wl_bot',
    'per_sec1 can-change wl_bot',
    'per_sec2 can-change wl_bot',
    'per_sec3 can-change wl_bot',
  ]
  expect(told(checkPolicy(policyOf(approvers), organisation(people), now))).toEqual([
    'high no-independent-approver wl_bot',
    'high no-independent-reviewer wl_bot',
  ])
  const raised = policyOf(['per_sec1'], {
    policy: {
      beneficiaryRisk: { workload: 'critical' },
      tiers: { high: tier, critical: { ...tier, rank: 2, countersignersMin: 2 } },
    },
  })
  const findings = checkPolicy(raised, organisation([...sound, 'team_payments owns wl_bot']), now)
  expect(
    findings.find(({ about, code }) => about === 'wl_bot' && code === 'no-independent-approver')?.message,
  ).toContain('tier `critical`')
})

test('[nhi/least-and-short] a workload behind which nobody is known is a finding of its own', () => {
  const nodes = [...organisation(sound).nodes, { id: 'wl_lost', kind: 'workload' as const, name: 'Lost', source: 'hr' }]
  expect(told(checkPolicy(policyOf(approvers), organisation(sound, { nodes }), now))).toEqual([
    'medium workload-without-controller wl_lost',
  ])
})

test('[break-glass/activator-is-not-approver] an envelope for a rota needs somebody who is not on it', () => {
  const rota = [
    'per_ann on-rota rota_pay',
    'per_sec1 on-rota rota_pay',
    'per_sec2 on-rota rota_pay',
    'per_sec3 on-rota rota_pay',
  ]
  const policy = policyOf(approvers)
  const write = policy.systems.sys_db?.entitlements.write
  if (write === undefined) throw new Error('no such entitlement')
  const sealed: Policy = {
    ...policy,
    systems: { sys_db: { ...policy.systems.sys_db!, entitlements: { write: { ...write, kinds: ['break-glass'] } } } },
  }
  const findings = checkPolicy(sealed, organisation([...sound, ...rota]), now)
  expect(told(findings)).toContain('high no-independent-approver rota_pay')
})

test('[B06] pools that mean nobody, or hang on one, or on names that lead nowhere', () => {
  expect(told(checkPolicy(policyOf([]), organisation(sound), now))).toEqual(
    expect.arrayContaining([
      'high pool-empty pools.approvers',
      'high nobody-decides pools',
      'high no-independent-approver team_payments',
    ]),
  )
  expect(told(checkPolicy(policyOf(['per_sec1']), organisation(sound), now))).toContain(
    'medium pool-of-one pools.approvers',
  )
  const wrong = checkPolicy(policyOf([...approvers, 'per_nobody', 'sys_db']), organisation(sound), now)
  expect(wrong.map(({ message }) => message)).toEqual([
    '`per_nobody` is no person and no team of the directory',
    '`sys_db` is no person and no team of the directory',
  ])
  const nodes = organisation(sound).nodes.map((node) =>
    node.id === 'per_sec3' ? { ...node, until: '2026-10-01T00:00:00.000Z' } : node,
  )
  expect(told(checkPolicy(policyOf(approvers), organisation(sound, { nodes }), now))).toContain(
    'low member-has-left pools.approvers',
  )
})

test('pools whose people are never on duty, and rotas that do not exist', () => {
  const shift = { rota: 'rota_duty', person: 'per_sec1', start: now, end: '2026-11-23T10:00:00.000Z', source: 'hr' }
  const withRotas = (rotas: readonly NodeId[]) => policyOf(approvers, { pool: { rotas } })
  expect(told(checkPolicy(withRotas(['rota_duty']), organisation(sound, { shifts: [shift] }), now))).toEqual([])
  const over = { ...shift, start: '2026-11-01T10:00:00.000Z', end: '2026-11-02T10:00:00.000Z' }
  expect(told(checkPolicy(withRotas(['rota_duty']), organisation(sound, { shifts: [over] }), now))).toEqual([
    'medium pool-never-on-duty pools.approvers',
  ])
  expect(told(checkPolicy(withRotas(['rota_dutty']), organisation(sound, { shifts: [shift] }), now))).toEqual([
    'medium pool-never-on-duty pools.approvers',
    'medium unknown-rota pools.approvers',
  ])
})

test('who runs this installation does not decide about targets, and the check says so', () => {
  const runs = organisation([...sound, `team_risk operates ${countersignSystem}`])
  expect(told(checkPolicy(policyOf([...approvers, 'per_ann']), runs, now))).toEqual([
    'low pool-member-runs-countersign pools.approvers',
  ])
})

test('systems nobody administers, and marks for teams that do not exist', () => {
  const nobody = sound.filter((sentence) => !sentence.includes('sys_db'))
  expect(told(checkPolicy(policyOf(approvers), organisation(nobody), now))).toContain('high unknown-system sys_db')
  const policy = policyOf(approvers)
  const marked = { ...policy, independence: { ...policy.independence, teams: { team_gone: 'all-staff' as const } } }
  expect(told(checkPolicy(marked, organisation(sound), now))).toEqual(['medium unknown-team team_gone'])
})

test('a list of everybody that counts as a team is found, until it is marked', () => {
  const crowd = Array.from({ length: 40 }, (_, index) => [
    `per_p${index} member-of team_t${index % 8}`,
    `per_p${index} member-of team_all`,
  ]).flat()
  const people = organisation([...sound, ...crowd, ...approvers.map((person) => `${person} member-of team_all`)])
  const policy = policyOf(approvers)
  const far = checkPolicy(policy, people, now).filter(({ code }) => code === 'team-reaches-far')
  expect(far.map(({ about }) => about)).toEqual(['team_all'])
  expect(far[0]?.message).toBe('`team_all` makes colleagues of 43 of 45 people, who work in 11 other teams')
  const marked = { ...policy, independence: { ...policy.independence, teams: { team_all: 'all-staff' as const } } }
  expect(told(checkPolicy(marked, people, now))).toEqual([])
})

test('a division counts with what is inside it, until it is a boundary', () => {
  const crowd = Array.from({ length: 40 }, (_, index) => `per_p${index} member-of team_t${index % 8}`)
  const parts = Array.from({ length: 8 }, (_, index) => `team_t${index} part-of team_division`)
  const people = organisation([...sound, ...crowd, ...parts])
  const policy = policyOf(approvers)
  expect(told(checkPolicy(policy, people, now))).toContain('medium team-reaches-far team_division')
  const marked = { ...policy, independence: { ...policy.independence, teams: { team_division: 'boundary' as const } } }
  expect(told(checkPolicy(marked, people, now))).toEqual([])
})

test('[fail/closed] facts that are too old are said once, not of every team', () => {
  const sources = [{ id: 'hr', revision: 'r1', observedAt: '2026-11-20T10:00:00.000Z', staleAfterSeconds: 3600 }]
  expect(told(checkPolicy(policyOf(approvers), organisation(sound, { sources }), now))).toEqual([
    'high directory-too-old hr',
  ])
  expect(told(checkPolicy(policyOf(approvers), organisation(sound, { sources: [] }), now))).toEqual([
    'high directory-too-old directory',
  ])
})

test('small things: duties no rule can see, changes without delay, outsiders nobody stands for', () => {
  const policy = policyOf(approvers, { policy: { changeDelaySeconds: 0 } })
  const write = policy.systems.sys_db?.entitlements.write
  if (write === undefined) throw new Error('no such entitlement')
  const dutiful: Policy = {
    ...policy,
    systems: { sys_db: { ...policy.systems.sys_db!, entitlements: { write: { ...write, duties: ['pay-vendor'] } } } },
  }
  const people = organisation([...sound, 'per_vendor member-of team_payments'], { external: ['per_vendor'] })
  expect(told(checkPolicy(dutiful, people, now))).toEqual([
    'low changes-at-once changeDelay',
    'low outsider-without-sponsor per_vendor',
    'low duty-without-function sys_db',
  ])
})

test('how many people a tier takes, and how many there are', () => {
  const extension = { countMax: 1, cumulativeSecondsMax: 3600, overSeconds: 86_400, distinctCountersigner: true }
  const policy = policyOf(approvers, {
    tier: { countersignersMin: 2, steps: ['endorse', 'countersign'], endorsePools: ['target-owners'], extension },
  })
  expect(peopleNeeded(policy, organisation(sound), now)).toEqual([
    {
      tier: 'high',
      rank: 1,
      countersigners: { needed: 2, has: 3 },
      endorsers: { needed: 1, has: undefined },
      extenders: { needed: 1, has: 1 },
      reviewers: { needed: 1, has: 3 },
      together: 5,
    },
  ])
})

test('a team is in trouble exactly when routing finds too few for one of its members', () => {
  const people = ['per_a', 'per_b', 'per_c', 'per_d', 'per_e', 'per_f']
  const teams = ['team_x', 'team_y', 'team_z']
  const person = fc.constantFrom(...people)
  const team = fc.constantFrom(...teams)
  const sentence = fc.oneof(
    fc.tuple(person, team).map(([a, t]) => `${a} member-of ${t}`),
    fc
      .tuple(person, person)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => `${a} reports-to ${b}`),
    fc.tuple(person, team).map(([a, t]) => `${a} maintains ${t}`),
    fc.oneof(person, team).map((holder) => `${holder} administers sys_db`),
    person.map((a) => `${a} on-rota rota_r`),
    fc
      .tuple(person, person)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => `${a} sponsors ${b}`),
    fc
      .tuple(person, person)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => `${a} delegate-of ${b}`),
  )
  const everybody = people.map((each, index) => `${each} member-of ${teams[index % teams.length]}`)
  fc.assert(
    fc.property(
      fc.array(sentence, { maxLength: 12 }),
      fc.uniqueArray(fc.oneof(person, team), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 2 }),
      (sentences, members, countersignersMin) => {
        const facts = organisation([...everybody, ...sentences, 'team_x owns sys_db'])
        const policy = policyOf(members, { tier: { countersignersMin } })
        const settled = { ...policy, independence: { ...policy.independence, poolTenureDays: 0 } }
        const directory = compileDirectory(facts)
        const stuck = people.filter((requester) => {
          const matter = {
            requester,
            chain: [],
            beneficiary: requester,
            system: 'sys_db',
            took: [],
            pools: ['approvers'],
            rules: [],
          }
          return route(matter, directory, noHistory, settled, now).eligible.length < countersignersMin
        })
        const teamsOfStuck = facts.relations
          .filter(({ from, relation }) => relation === 'member-of' && stuck.includes(from))
          .map(({ to }) => to)
        const found = checkPolicy(policy, facts, now).filter(({ code }) => code === 'no-independent-approver')
        expect(found.map(({ about }) => about).sort()).toEqual([...new Set(teamsOfStuck)].sort())
      },
    ),
    { numRuns: 300 },
  )
})
