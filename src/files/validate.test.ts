import { expect, test } from 'vitest'
import { z } from 'zod'
import { inert, readAll } from './validate.ts'
import { idText, listOf, mapOf, moment, nameText, seconds, termsName } from './values.ts'

function problems(text: string, schema: z.ZodType): readonly string[] {
  const read = readAll([{ name: 'a.yaml', text }], schema)
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where}: ${message}`) : []
}

function value<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> | undefined {
  const read = readAll([{ name: 'a.yaml', text }], schema)
  return 'problems' in read ? undefined : read.value[0]?.content
}

const team = z.strictObject({
  name: z.string(),
  size: z.int().min(1).max(9).optional(),
  members: z.array(z.string()).min(1),
})
const teams = z.strictObject({ teams: mapOf(team) })

test('an unknown field is named at its key, with the one that was probably meant', () => {
  expect(problems('teams:\n  a:\n    name: A\n    member: [x]\n', teams)).toEqual([
    'a.yaml:2:3: missing field `members`: expected a list',
    'a.yaml:4:5: unknown field `member`; did you mean `members`?',
  ])
})

test('an unknown field that resembles nothing comes with the fields there are', () => {
  expect(problems('groups: {}\nteams: {}', teams)).toEqual(['a.yaml:1:1: unknown field `groups`; known here: `teams`'])
})

test('what was expected and what stands there', () => {
  expect(
    problems("teams:\n  a: {name: 7, size: '1', members: []}\n  b: {name: x, size: 10, members: [~]}", teams),
  ).toEqual([
    'a.yaml:2:13: expected text, got the number `7`; put it in quotes',
    'a.yaml:2:22: expected a number, got the text `1`',
    'a.yaml:2:36: expected at least 1 entry, got an empty list',
    'a.yaml:3:22: expected at most 9, got the number `10`',
    'a.yaml:3:36: expected text, got nothing',
  ])
})

test('problems come in the order of the file', () => {
  const places = problems('teams:\n  a: {}\n  B: {}\n  c: {}\n', teams).map((line) => line.split(':')[1])
  expect(places).toEqual([...places].sort())
  expect(places.length).toBeGreaterThan(3)
})

test('a choice offers what was probably meant', () => {
  expect(problems('kind: servce', z.strictObject({ kind: z.enum(['service', 'agent']) }))).toEqual([
    'a.yaml:1:7: expected one of `service`, `agent`, got `servce`; did you mean `service`?',
  ])
})

test('a union speaks for the branch that came closest, or lists the kinds of value', () => {
  const either = z.strictObject({ x: z.union([z.string(), z.strictObject({ id: z.string(), n: z.number() })]) })
  expect(problems('x: {id: a, n: b}', either)).toEqual(['a.yaml:1:15: expected a number, got the text `b`'])
  expect(problems('x: 7', either)).toEqual(['a.yaml:1:4: expected text or a mapping, got the number `7`'])
})

test('durations become seconds, moments become instants, and neither is guessed', () => {
  const times = z.strictObject({ d: seconds, m: moment })
  expect(value('d: PT1H30M\nm: 2026-11-22', times)).toEqual({ d: 5400, m: '2026-11-22T00:00:00.000Z' })
  expect(value('d: P1W\nm: 2026-11-22T10:00:00+02:00', times)).toEqual({ d: 604_800, m: '2026-11-22T08:00:00.000Z' })
  for (const wrong of ['P1Y', 'P1M', '4h', 'PT', 'P', 'PT1.5H', '-PT1H', 'P1DT']) {
    expect(problems(`d: ${wrong}\nm: 2026-11-22`, times)[0]).toContain('a.yaml:1:4: expected a duration such as')
  }
  expect(problems('d: PT1H\nm: 2026-02-30', times)).toEqual(['a.yaml:2:4: is no moment in the calendar'])
  expect(problems('d: PT1H\nm: 2026-02-03T10:00:00', times)[0]).toContain('expected a moment such as')
})

test('ids are lower-case and short; `constructor` is none', () => {
  expect(problems('Payments: {name: a, members: [x]}', mapOf(team))[0]).toContain(
    'a.yaml:1:1: expected an id of lower-case',
  )
  expect(problems('constructor: {name: a, members: [x]}', mapOf(team))[0]).toContain('cannot be an id')
  expect(value('x: eu.payments_2-a', z.strictObject({ x: idText }))).toEqual({ x: 'eu.payments_2-a' })
})

test('[B13] names that terms choose from are no patterns and hold nothing invisible', () => {
  const schema = z.strictObject({ resources: listOf(termsName) })
  expect(problems('resources: [ledger.*]', schema)).toEqual([
    'a.yaml:1:13: `ledger.*` looks like a pattern; terms name things exactly, so list each one',
  ])
  expect(problems('resources: ["a\\u202Eb", " a", "a\\nb"]', schema)).toEqual([
    'a.yaml:1:13: expected visible characters only, got `a\\u{202e}b`',
    'a.yaml:1:25: expected no spaces at the beginning or the end',
    'a.yaml:1:31: expected visible characters only, got `a\\u{a}b`',
  ])
  expect(problems('resources: [a, b, a]', schema)).toEqual(['a.yaml:1:19: `a` is listed twice; keep one'])
})

test("people's names keep their script, and lose nothing but what hides or reverses", () => {
  const schema = z.strictObject({ name: nameText })
  for (const name of ['Ngũgĩ wa Thiong’o', '山田 花子', 'می‌خواهم', "O'Brien-Łukasiewicz"]) {
    expect(value(`name: ${JSON.stringify(name)}`, schema)).toEqual({ name })
  }
  expect(problems('name: "Anna \\u202Enimda"', schema)[0]).toContain('without control or direction characters')
})

test('text of others cannot break or reverse a message', () => {
  expect(inert('a\u001b[31m\u202e')).toBe('a\\u{1b}[31m\\u{202e}')
  expect(inert('x'.repeat(500))).toHaveLength(60)
})

test('several files report together', () => {
  const read = readAll(
    [
      { name: 'a.yaml', text: 'x: 1' },
      { name: 'b.yaml', text: 'x: [' },
    ],
    z.strictObject({ x: z.string() }),
  )
  expect('problems' in read && read.problems.map(({ where }) => where.split(':')[0])).toEqual(['a.yaml', 'b.yaml'])
})
