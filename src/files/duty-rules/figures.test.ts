/**
 * Do the figures agree with figures taken another way? Real matrices under rules that a line of awk can state, and
 * generated ones, scanned here and joined on PostgreSQL. What awk said is written down.
 */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../../../test/support/directories.ts'
import { createDatabase } from '../../../test/support/postgres.ts'
import { type Assignment, compileDuties, countConflicts, type SeparationRule, scan } from '../../core/duties.ts'
import { readAssignments } from './assignments.ts'
import { readErpRules } from './erp.ts'
import { realData } from './sources.contract.ts'
import { type JoinInput, joins, loadJoin } from './sql-join.contract.ts'

type Context = Parameters<typeof realData>[2]

let client: Client
beforeAll(async () => {
  client = new Client((await createDatabase()).connection)
  client.on('error', () => {})
  await client.connect()
})
afterAll(() => client.end())

async function joined(input: JoinInput, ways = Object.values(joins)): Promise<string[]> {
  await client.query('DROP TABLE IF EXISTS assignment, function_entitlement, rule_function, rule, side, side_bits')
  const tables = await loadJoin(client, input)
  const answers = []
  for (const join of ways) answers.push(await tables.conflicts(join))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  return answers[0] ?? []
}

function scanned({ assignments, functions, rules }: JoinInput) {
  const held = [...assignments]
  const entitlements = [...new Set(held.map(({ entitlement }) => entitlement))].map((id) => ({ id, duties: [] }))
  const named = functions.map((each) => ({ ...each, name: each.id, duties: [] }))
  const holdings = scan(compileDuties({ entitlements, functions: named, rules }), held)
  return { holdings, all: [...holdings.allBroken()].map(({ holder, rule }) => `${holder} ${rule}`).sort() }
}

function matrix(name: string, context: Context): readonly Assignment[] {
  const read = readAssignments(realData(`matrices/${name}.txt`, 'the matrices were not scanned', context))
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value.assignments
}

function rule(id: string, functions: readonly string[], conflictsFrom: number): SeparationRule {
  return { id, name: id, severity: 'high', functions, conflictsFrom, controls: [] }
}

describe('the matrices under 300 rules', () => {
  // Function j of 600 names every permission p with p mod 600 = j; rule i names functions i, i + 211 and i + 407,
  // and is broken from three of them where 3 divides i, else from two. In awk:
  //   {u[$1]; f[$1,$2%600]}
  //   END {for (x in u) {b=0; for (i=0;i<300;i++) {n=((x,i) in f)+((x,(i+211)%600) in f)+((x,(i+407)%600) in f)
  //        if (n>=(i%3==0?3:2)) {c++; b++; r[i]++}} if (b) h++}}
  const counted = {
    americas_small: { conflicts: 4719, holders: 277, most: [170, 131] },
    apj: { conflicts: 52, holders: 24, most: [208, 10] },
    fire1: { conflicts: 4080, holders: 237, most: [158, 204] },
    domino: { conflicts: 25, holders: 3, most: [1, 1] },
    hc: { conflicts: 0, holders: 0, most: [0, 0] },
  } as const
  const functions = Array.from({ length: 600 }, (_, j) => ({
    id: `f${j}`,
    entitlements: Array.from({ length: 3 }, (_, turn) => String(turn * 600 + j)).filter((each) => each !== '0'),
  }))
  const rules = Array.from({ length: 300 }, (_, i) =>
    rule(
      `r${i}`,
      [i, (i + 211) % 600, (i + 407) % 600].map((j) => `f${j}`),
      i % 3 === 0 ? 3 : 2,
    ),
  )

  for (const [name, { conflicts, holders, most }] of Object.entries(counted)) {
    test(`${name}: ${conflicts} conflicts of ${holders} holders, by this scan, by awk and by a SQL join`, async (context) => {
      const input = { assignments: matrix(name, context), functions, rules }
      const { holdings, all } = scanned(input)
      const counts = countConflicts(holdings)
      expect(counts.total).toEqual({ conflicts, holders })
      expect(counts.rules.find(({ rule: id }) => id === `r${most[0]}`)?.holders).toBe(most[1])
      expect(Math.max(...counts.rules.map((each) => each.holders))).toBe(most[1])
      expect(await joined(input)).toEqual(all)
    })
  }
})

describe('the matrices under the ERP risks', () => {
  // Permission n is taken to be the (n mod 176)-th of the 176 transaction codes in the order of the alphabet. By jq, the
  // codes and the rows `risk, function, code`; by awk, for every user the functions of each risk.
  const counted = {
    americas_small: {
      conflicts: 24_466,
      holders: 3409,
      rules: { 'p2p-01': 210, 'p2p-03': 3003, 'r2r-01': 3061, 'ca-04': 163, 'cp-05': 268, 'o2c-06': 46 },
    },
    apj: {
      conflicts: 729,
      holders: 377,
      rules: { 'p2p-01': 23, 'p2p-03': 28, 'r2r-02': 1, 'ca-04': 39, 'cp-05': 8, 'o2c-06': 1 },
    },
  } as const

  for (const [name, { conflicts, holders, rules }] of Object.entries(counted)) {
    test(`${name}: ${conflicts} conflicts of ${holders} holders, by this scan and by jq and awk`, (context) => {
      const assignments = matrix(name, context)
      const read = readErpRules(realData('erp-sod-ruleset.json', 'the ERP risks were not scanned', context))
      if ('problems' in read) throw new Error(JSON.stringify(read.problems))
      const codes = [...new Set(read.value.functions.flatMap(({ duties }) => duties))].sort()
      const permissions = [...new Set(assignments.map(({ entitlement }) => entitlement))]
      const entitlements = permissions.map((id) => ({ id, duties: [codes[Number(id) % 176] as string] }))
      const counts = countConflicts(scan(compileDuties({ entitlements, ...read.value }), assignments))
      expect(counts.total).toEqual({ conflicts, holders })
      expect(Object.fromEntries(counts.rules.map((each) => [each.rule, each.holders]))).toMatchObject(rules)
    })
  }
})

test('a generated organisation of 10,000 is scanned as it is joined, and still so after 2,000 changes', async () => {
  const random = seededRandom(4)
  const below = (limit: number) => Math.floor(random() * limit)
  const some = (count: number, limit: number, name: (n: number) => string) => [
    ...new Set(Array.from({ length: count }, () => name(below(limit)))),
  ]
  const functions = Array.from({ length: 300 }, (_, j) => ({
    id: `f${j}`,
    entitlements: some(4, 2000, (n) => `e${n}`),
  }))
  const rules = Array.from({ length: 200 }, (_, i) => {
    const sides = some(2 + below(3), 300, (n) => `f${n}`)
    return rule(`r${i}`, sides, Math.min(sides.length, 2))
  })
  const assignments = Array.from({ length: 10_000 }, (_, n) =>
    some(1 + below(40), 2000, (e) => `e${e}`).map((entitlement) => ({ holder: `per_${n}`, entitlement })),
  ).flat()
  const { holdings, all } = scanned({ assignments, functions, rules })
  expect(all.length).toBeGreaterThan(5_000)
  expect(await joined({ assignments, functions, rules })).toEqual(all)
  for (let change = 0; change < 2000; change++) {
    const assignment = { holder: `per_${below(10_000)}`, entitlement: `e${below(2000)}` }
    const held = assignments[below(assignments.length)] as Assignment
    if (change % 2 === 0) holdings.add(assignment)
    else holdings.remove(held)
  }
  const now = [...holdings.allAssignments()]
  expect([...holdings.allBroken()].map(({ holder, rule: id }) => `${holder} ${id}`).sort()).toEqual(
    await joined({ assignments: now, functions, rules }, Object.values(joins).slice(0, 1)),
  )
})
