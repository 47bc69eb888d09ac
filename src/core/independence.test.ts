import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, directoryOf, judge, matterOf, noon, policyWith } from '../../test/support/directories.ts'
import { naiveIndependence } from '../../test/support/naive-independence.ts'
import { type Question, questions, relationsIn } from '../../test/support/random-directories.ts'
import { compileDirectory } from './compile.ts'
import { type Conflict, type ConflictCode, floorConflicts, policyConflicts, type Verdict } from './conflict.ts'
import type { DirectoryFacts, Relation } from './directory.ts'
import { independence, noHistory, poolsOf, prepareMatter, verdictOf } from './independence.ts'
import { route } from './route.ts'

function ask({ matter, person, facts, history, policy }: Question): Verdict {
  return independence(matter, person, compileDirectory(facts), history, policy, noon)
}

describe('a verdict', () => {
  test('[independence/outside-requesting-path] [independence/outside-granting-path] somebody outside is independent', () => {
    const text = `
      per_asker member-of team_pay
      per_asker reports-to per_lead
      team_pay owns wl_bot
      team_dba administers sys_target
      per_bob member-of team_dba
      per_ann member-of team_risk
      per_ann reports-to per_lead
      acc_1 belongs-to per_ann confirmed`
    expect(judge(text, 'per_ann')).toEqual({
      person: 'per_ann',
      independent: true,
      conflicts: [],
      additionalCountersigners: 0,
    })
  })

  test('lists each code once, in the order of the list of codes', () => {
    const text = `
      per_ann member-of team_pay
      per_asker member-of team_pay
      per_ann member-of team_web
      per_asker member-of team_web
      per_ann on-rota rota_x
      per_asker on-rota rota_x
      per_ann administers sys_target
      per_asker reports-to per_ann
      per_ann delegate-of per_asker
      per_ann operates sys_countersign`
    expect(codesOf(judge(text, 'per_ann'))).toEqual([
      'on-requesting-team',
      'on-granting-team',
      'on-requesting-rota',
      'operates-countersign',
      'delegate-of-conflicted',
      'in-reporting-line',
    ])
  })

  test('[independence/relation-not-title] is the same whatever people and teams are called', () => {
    const facts = directoryOf(
      'sys_target\nper_asker member-of team_pay\nper_ann member-of team_risk\nper_bob member-of team_pay',
    )
    const titled = facts.nodes.map((node) => ({ ...node, name: 'Independent Approver, Chief Risk Officer' }))
    for (const person of ['per_ann', 'per_bob', 'per_asker']) {
      expect(judge({ ...facts, nodes: titled }, person)).toEqual(judge(facts, person))
    }
  })

  test('a prepared matter answers the same for everybody', () => {
    const facts = directoryOf('sys_target\nper_asker member-of team_pay\nper_ann member-of team_pay\nper_bob')
    const prepared = prepareMatter(matterOf(), compileDirectory(facts), noHistory, policyWith(), noon)
    for (const person of ['per_ann', 'per_bob', 'per_asker', 'per_nobody']) {
      expect(verdictOf(prepared, person)).toEqual(judge(facts, person))
    }
  })
})

describe('poolsOf', () => {
  test('[B06] an empty pool, an unknown pool and no pool have nobody', () => {
    const policy = policyWith({ pools: [{ ...poolOf('pool_empty', []) }] })
    const directory = compileDirectory(directoryOf('per_ann'))
    expect(poolsOf('per_ann', ['pool_empty', 'pool_gone', 'constructor'], directory, policy, noon)).toEqual([])
    expect(poolsOf('per_ann', [], directory, policy, noon)).toEqual([])
  })

  test('[B08] membership is what holds right now: begun, not ended, of somebody who is still there', () => {
    const policy = policyWith({ pools: [poolOf('pool_a', ['team_risk', 'per_gone'])] })
    const facts = directoryOf(`
      per_ann member-of team_risk
      per_left member-of team_risk until ${daysAgo(1)}
      per_soon member-of team_risk since ${daysAgo(-1)}
      per_sub member-of team_audit
      team_audit part-of team_risk
      per_gone until ${daysAgo(1)}`)
    const directory = compileDirectory(facts)
    const inPool = (person: string) => poolsOf(person, ['pool_a'], directory, policy, noon).length > 0
    expect(['per_ann', 'per_left', 'per_soon', 'per_sub', 'per_gone', 'per_nobody'].filter(inPool)).toEqual([
      'per_ann',
      'per_sub',
    ])
  })

  function poolOf(id: string, members: string[]) {
    return { id, name: id, members, decides: ['countersign' as const], rotas: [] }
  }
})

describe('against a plain and slow rendering of the same rules', () => {
  test.each([
    ['sensible', false, 14],
    ['crowded', false, 36],
    ['senseless', true, 14],
  ] as const)(
    '[independence/relation-not-title] every code and every shortest path agree on %s directories',
    (_, wild, size) => {
      fc.assert(
        fc.property(questions(wild, size), (question) => {
          const { matter, person, facts, history, policy } = question
          const expected = naiveIndependence(matter, person, facts, history, policy, noon)
          const { conflicts } = ask(question)
          expect(conflicts.map(({ code }) => code).sort()).toEqual([...expected.keys()].sort())
          for (const { code, path } of conflicts) {
            const length = expected.get(code)
            if (length !== undefined) expect([code, path.length]).toEqual([code, length])
          }
        }),
        { numRuns: 1500 },
      )
    },
  )
})

describe('whatever the directory', () => {
  test('[fail/closed] it answers, and only people whom nothing speaks against are independent', () => {
    fc.assert(
      fc.property(questions(true, 20), (question) => {
        const verdict = ask(question)
        expect(verdict.independent).toBe(codesOf(verdict).every((code) => code === 'reciprocal'))
        expect(verdict.additionalCountersigners).toBe(codesOf(verdict).includes('reciprocal') ? 1 : 0)
        if (!question.person.startsWith('per_')) expect(verdict.independent).toBe(false)
      }),
    )
  })

  test('the order of the facts makes no difference, not even to the path', () => {
    fc.assert(
      fc.property(questions(true, 24), fc.infiniteStream(fc.nat()), (question, stream) => {
        const facts = {
          nodes: shuffled(question.facts.nodes, stream),
          relations: shuffled(question.facts.relations, stream),
          shifts: shuffled(question.facts.shifts, stream),
          sources: shuffled(question.facts.sources, stream),
        }
        expect(ask({ ...question, facts })).toEqual(ask(question))
      }),
      { numRuns: 500 },
    )
  })

  test('every path hangs together, begins at the person and consists of facts that count', () => {
    fc.assert(
      fc.property(questions(false, 24), (question) => {
        for (const conflict of ask(question).conflicts) expectProof(conflict, question)
      }),
      { numRuns: 500 },
    )
  })
})

/** Codes that one more relation may rightly take away: it may show who stands behind a workload, or lead into a pool. */
const inFavour: readonly ConflictCode[] = [
  'unresolved-identity',
  'joined-pool-too-recently',
  'can-change-approver-pool',
]

describe('more is never better', () => {
  test('[B02] one more relation takes no conflict away', () => {
    fc.assert(
      fc.property(questions(false, 16), relationsIn(false), (question, relation) => {
        const facts = { ...question.facts, relations: [...question.facts.relations, relation] }
        expectNothingLost(ask(question), ask({ ...question, facts }))
      }),
      { numRuns: 1500 },
    )
  })

  test('[independence/unknown-is-not-independent] one more source clears nobody', () => {
    const third = fc.array(relationsIn(false), { maxLength: 6 })
    fc.assert(
      fc.property(questions(false, 16), third, fc.boolean(), (question, stated, isFresh) => {
        const more = stated.map((relation) => ({ ...relation, source: 'crm' }))
        const observedAt = isFresh ? daysAgo(0.001) : daysAgo(2)
        const facts: DirectoryFacts = {
          ...question.facts,
          relations: [...question.facts.relations, ...more],
          sources: [...question.facts.sources, { id: 'crm', revision: '1', observedAt, staleAfterSeconds: 3600 }],
        }
        const [before, after] = [ask(question), ask({ ...question, facts })]
        expectNothingLost(before, after)
        if (!isFresh) expect(after.independent).toBe(false)
      }),
      { numRuns: 800 },
    )
  })

  test('[B08] a relation that ends right now goes on counting as if it had not', () => {
    fc.assert(
      fc.property(questions(false, 16), fc.nat(), (question, choice) => {
        const { relations } = question.facts
        if (relations.length === 0) return
        const place = choice % relations.length
        const ended = relations.map((relation, i) => (i === place ? withEnd(relation) : relation))
        expectNothingLost(ask(question), ask({ ...question, facts: { ...question.facts, relations: ended } }))
      }),
      { numRuns: 800 },
    )
  })

  function withEnd(relation: Relation): Relation {
    const isOver = relation.until !== undefined && !(Date.parse(relation.until) > Date.parse(noon))
    return isOver ? relation : { ...relation, until: noon }
  }
})

describe('less is never better', () => {
  const eligible = ({ matter, facts, history, policy }: Question) =>
    route(matter, compileDirectory(facts), history, policy, noon).eligible.map(({ person }) => person)

  test('[fail/closed] [B06] taking somebody out of the pools lets nobody else in', () => {
    fc.assert(
      fc.property(questions(false, 12), (question) => {
        const before = eligible(question)
        for (const gone of ['per_0', 'per_3', 'team_1']) {
          const pools = Object.values(question.policy.pools).map((pool) => ({
            ...pool,
            members: pool.members.filter((member) => member !== gone),
          }))
          const policy = { ...question.policy, pools: Object.fromEntries(pools.map((pool) => [pool.id, pool])) }
          for (const person of eligible({ ...question, policy })) expect(before).toContain(person)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('[fail/closed] [B06] emptying the pools leaves nobody', () => {
    fc.assert(
      fc.property(questions(true, 12), (question) => {
        const pools = Object.values(question.policy.pools).map((pool) => [pool.id, { ...pool, members: [] }])
        expect(eligible({ ...question, policy: { ...question.policy, pools: Object.fromEntries(pools) } })).toEqual([])
        expect(eligible({ ...question, matter: { ...question.matter, pools: [] } })).toEqual([])
      }),
    )
  })

  test('[fail/closed] [B06] [independence/unknown-is-not-independent] a person whom no source describes any more lets nobody else in', () => {
    fc.assert(
      fc.property(questions(false, 12), (question) => {
        const before = eligible(question)
        for (const gone of ['per_0', 'per_1', 'per_4']) {
          const nodes = question.facts.nodes.filter(({ id }) => id !== gone)
          for (const person of eligible({ ...question, facts: { ...question.facts, nodes } })) {
            expect(before).toContain(person)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('[fail/closed] taking a source away clears nobody', () => {
    fc.assert(
      fc.property(questions(false, 12), (question) => {
        const sources = question.facts.sources.filter(({ id }) => id !== 'git')
        const isCited = question.facts.relations.some(({ source }) => source === 'git')
        const after = ask({ ...question, facts: { ...question.facts, sources } })
        if (isCited) expect(codesOf(after)).toContain('directory-too-old')
      }),
    )
  })
})

function expectNothingLost(before: Verdict, after: Verdict): void {
  const kept = codesOf(before).filter((code) => !inFavour.includes(code) && code !== 'reciprocal')
  expect(codesOf(after)).toEqual(expect.arrayContaining(kept))
  // Somebody who turns out to be the requester approves nobody else's request, but is no more independent for it.
  const isRingLost = codesOf(before).includes('reciprocal') && !codesOf(after).includes('reciprocal')
  if (isRingLost) expect(codesOf(after)).toContain('same-person-other-account')
}

/** Codes whose path begins elsewhere, or that have none: they are about the request, or about nobody being known. */
const withoutOwnPath: readonly ConflictCode[] = ['not-a-person', 'unresolved-identity', 'directory-too-old']

function expectProof({ code, path }: Conflict, { facts, person }: Question): void {
  expect([...floorConflicts, ...policyConflicts]).toContain(code)
  if (!withoutOwnPath.includes(code)) expect(path[0]?.from).toBe(person)
  for (const [i, step] of path.entries()) {
    if (i > 0) expect(step.from).toBe(path[i - 1]?.to)
    if (step.source === 'countersign') continue
    const [from, to] = step.against ? [step.to, step.from] : [step.from, step.to]
    const stated = [
      ...facts.relations,
      ...facts.shifts.map((shift) => ({
        from: shift.person,
        relation: 'on-rota',
        to: shift.rota,
        source: shift.source,
        until: shift.end,
      })),
    ]
    const fact = stated.filter(
      (one) => one.from === from && one.relation === step.relation && one.to === to && one.source === step.source,
    )
    expect(fact.length).toBeGreaterThan(0)
    if (step.until !== undefined) expect(fact.map(({ until }) => until)).toContain(step.until)
    expect(step.revision).toBe(`${step.source}@1`)
  }
}

function shuffled<T>(values: readonly T[], stream: fc.Stream<number>): T[] {
  return values
    .map((value) => ({ value, key: stream.next().value ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}
