/**
 * Small random directories with questions about them, for property tests: everything that can go wrong in a real one
 * goes wrong here often. Circles, contradictions, relations between things that cannot be related, ends in the past,
 * in the future and unreadable, ids that nobody describes.
 */
import fc from 'fast-check'
import type { DirectoryFacts, DirectoryNode, Relation, RelationKind, Shift } from '../../src/core/directory.ts'
import type { IndependenceHistory, Matter } from '../../src/core/independence.ts'
import type { Policy } from '../../src/core/policy.ts'
import { daysAgo, freshSource, policyWith, poolWith } from './directories.ts'

export interface Question {
  readonly facts: DirectoryFacts
  readonly matter: Matter
  readonly person: string
  readonly history: IndependenceHistory
  readonly policy: Policy
}

const people = ['per_0', 'per_1', 'per_2', 'per_3', 'per_4', 'per_5']
const accounts = ['acc_0', 'acc_1', 'acc_2']
const teams = ['team_0', 'team_1', 'team_2', 'team_3']
const workloads = ['wl_0', 'wl_1', 'wl_2']
const systems = ['sys_target', 'sys_countersign', 'sys_hr']
const rotas = ['rota_0', 'rota_1']
const ids = [...people, ...accounts, ...teams, ...workloads, ...systems, ...rotas]
const unheardOf = ['per_nobody', 'wl_nothing', '__proto__', '']

const one = (...values: readonly string[]) => fc.constantFrom(...values)
const actor = one(...people, ...teams)

/** What the relation is meant to connect. */
const meant: readonly (readonly [RelationKind, fc.Arbitrary<string>, fc.Arbitrary<string>])[] = [
  ['member-of', one(...people), one(...teams)],
  ['part-of', one(...teams), one(...teams)],
  ['maintains', one(...people), one(...teams)],
  ['reports-to', one(...people), one(...people)],
  ['belongs-to', one(...accounts), one(...people, ...workloads)],
  ['same-as', one(...people), one(...people)],
  ['owns', actor, one(...workloads, ...systems)],
  ['operates', actor, one(...workloads, ...systems)],
  ['created', one(...people), one(...workloads)],
  ['holds-credential-of', actor, one(...workloads, ...systems)],
  ['can-change', actor, one(...workloads)],
  ['delegates-to', one(...people, ...workloads), one(...workloads)],
  ['delegate-of', one(...people), one(...people)],
  ['administers', actor, one(...systems)],
  ['on-rota', one(...people), one(...rotas)],
  ['sponsors', one(...people), one(...people)],
]

const kinds = meant.map(([kind]) => kind)
const until = fc.constantFrom(daysAgo(10), daysAgo(29.9), daysAgo(30), daysAgo(45), daysAgo(-5), 'soon')
const since = fc.constantFrom(daysAgo(5), daysAgo(20), daysAgo(400), daysAgo(-5), 'long ago')

const times = fc.record({ since: fc.option(since, { nil: undefined }), until: rarely(until, 5) })

const sensible: fc.Arbitrary<Relation> = fc
  .tuple(
    fc.oneof(...meant.map(([relation, from, to]) => fc.record({ from, relation: fc.constant(relation), to }))),
    times,
    one('hr', 'git'),
  )
  .map(([triple, time, source]) => ({ ...triple, ...given(time), source }))

const senseless: fc.Arbitrary<Relation> = fc
  .tuple(one(...ids, ...unheardOf), fc.constantFrom(...kinds), one(...ids, ...unheardOf), times, one('hr', 'git'))
  .map(([from, relation, to, time, source]) => ({ from, relation, to, ...given(time), source }))

/** `wild` adds what no directory should contain. */
export function relationsIn(wild: boolean): fc.Arbitrary<Relation> {
  return wild ? fc.oneof({ weight: 12, arbitrary: sensible }, { weight: 1, arbitrary: senseless }) : sensible
}

const shift: fc.Arbitrary<Shift> = fc.record({
  rota: one(...rotas),
  person: one(...people),
  start: fc.constantFrom(daysAgo(50), daysAgo(1), daysAgo(-3)),
  end: fc.constantFrom(daysAgo(40), daysAgo(20), daysAgo(-4)),
  source: fc.constant('hr'),
})

function nodesIn(wild: boolean): fc.Arbitrary<DirectoryNode[]> {
  const left = rarely(fc.constantFrom(daysAgo(3), daysAgo(-3), 'once'), 12)
  const everybody = ids.map((id) => left.map((end) => described(id, end)))
  if (!wild) return fc.tuple(...ids.map((id) => fc.constant(described(id, undefined))))
  const strange = fc.record({
    id: one(...ids),
    kind: fc.constantFrom('person', 'team', 'workload'),
    name: one('x'),
    source: one('git'),
  })
  return fc
    .tuple(
      fc.tuple(...everybody),
      fc.array(strange as fc.Arbitrary<DirectoryNode>, { maxLength: 1 }),
      fc.integer({ min: -12, max: ids.length - 1 }),
    )
    .map(([nodes, more, missing]) => [...nodes.filter((_, i) => i !== missing), ...more])
}

export function directories(wild: boolean, relationsMax: number): fc.Arbitrary<DirectoryFacts> {
  return fc
    .record({
      nodes: nodesIn(wild),
      relations: fc.array(relationsIn(wild), { minLength: relationsMax >> 1, maxLength: relationsMax }),
      shifts: fc.array(shift, { maxLength: 2 }),
    })
    .map((facts) => ({ ...facts, sources: ['hr', 'git'].map(freshSource) }))
}

const matters: fc.Arbitrary<Matter> = fc
  .record({
    requester: one(...people, ...workloads, ...accounts.slice(0, 1)),
    chain: fc.array(one(...people, ...workloads), { maxLength: 2 }),
    beneficiary: one(...people, ...workloads, ...rotas),
    isForSelf: fc.boolean(),
    took: fc.array(
      fc.record({
        person: one(...people, 'wl_0', 'acc_1'),
        part: fc.constantFrom('endorsed', 'activated'),
        event: one('evt_1', 'evt_2'),
      }),
      { maxLength: 1 },
    ),
    pools: fc.subarray(['pool_a', 'pool_b', 'pool_none']),
    hasTarget: fc.boolean(),
  })
  .map(({ isForSelf, hasTarget, ...matter }) => ({
    ...matter,
    took: matter.took as Matter['took'],
    beneficiary: isForSelf ? matter.requester : matter.beneficiary,
    ...(hasTarget ? { system: 'sys_target' } : {}),
    rules: ['tier_high', 'pool_a'],
  }))

const histories: fc.Arbitrary<IndependenceHistory> = fc.record({
  decisions: fc.array(
    fc.record({
      countersigner: one(...people),
      askedBy: fc.array(one(...people), { maxLength: 2 }),
      at: fc.constantFrom(daysAgo(1), daysAgo(80), daysAgo(100), 'once'),
      event: one('evt_a', 'evt_b', 'evt_c', 'evt_d', 'evt_e'),
    }),
    { maxLength: 8 },
  ),
  ruleChanges: fc.array(
    fc.record({
      author: one(...people),
      loosened: fc.subarray(['tier_high', 'tier_low', 'pool_a', 'pool_b']),
      at: fc.constant(daysAgo(3)),
      event: one('evt_r'),
    }),
    { maxLength: 1 },
  ),
  tenures: fc.array(
    fc.record({
      pool: one('pool_a', 'pool_b'),
      member: one(...people, ...teams),
      since: fc.constantFrom(daysAgo(5), daysAgo(400)),
    }),
    { maxLength: 8 },
  ),
})

const policies: fc.Arbitrary<Policy> = fc
  .record({
    lingerDays: fc.constantFrom(0, 30, 44, 60, Number.NaN),
    reportingLine: fc.constantFrom('conflict' as const, 'ignore' as const),
    poolTenureDays: fc.constantFrom(0, 14),
    teams: fc.dictionary(
      one(...teams),
      fc.constantFrom('all-staff' as const, 'boundary' as const, 'operational' as const),
      { maxKeys: 2 },
    ),
    reciprocal: fc.record({
      from: fc.constantFrom(1, 2),
      ringMax: fc.constantFrom(2, 3, 4),
      overDays: fc.constant(90),
    }),
    founders: fc.subarray(people.slice(0, 2)),
    a: fc.subarray([...people, ...teams]),
    b: fc.subarray([...people, ...teams]),
  })
  .map(({ a, b, ...parts }) => policyWith({ ...parts, pools: [poolWith('pool_a', a), poolWith('pool_b', b)] }))

export function questions(wild: boolean, relationsMax = 14): fc.Arbitrary<Question> {
  return fc.record({
    facts: directories(wild, relationsMax),
    matter: matters,
    person: wild ? one(...people, ...people, ...people, 'acc_0', 'wl_0', ...unheardOf) : one(...people),
    history: histories,
    policy: policies,
  })
}

function described(id: string, until: string | undefined): DirectoryNode {
  const kind = { per: 'person', acc: 'account', team: 'team', wl: 'workload', sys: 'system', rota: 'rota' } as const
  const node = { id, kind: kind[id.split('_')[0] as keyof typeof kind], name: id, source: 'hr' }
  return until === undefined ? node : { ...node, until }
}

function rarely<T>(values: fc.Arbitrary<T>, freq: number): fc.Arbitrary<T | undefined> {
  return fc
    .option(values, { nil: undefined, freq: freq })
    .chain((value) => (freq < 2 ? fc.constant(value) : fc.boolean().map((keep) => (keep ? value : undefined))))
}

function given(time: { since: string | undefined; until: string | undefined }): { since?: string; until?: string } {
  return {
    ...(time.since === undefined ? {} : { since: time.since }),
    ...(time.until === undefined ? {} : { until: time.until }),
  }
}
