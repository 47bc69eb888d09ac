import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { termsFor } from '../../test/support/life.ts'
import {
  type ArgumentCondition,
  type ConditionReason,
  type Conditions,
  type ConditionUse,
  conditionMalformations,
  conditionWidenings,
  forbiddenByConditions,
  type Hours,
  normalizeConditions,
} from './conditions.ts'
import { malformations } from './terms.ts'
import { instantOf, secondsOf } from './time.ts'

const sundayNoon = '2026-11-22T12:00:00.000Z'
const digest = (letter: string) => `sha256:${letter.repeat(64)}`

const rule: fc.Arbitrary<ArgumentCondition> = fc
  .tuple(
    fc.constantFrom('path', 'region', '/target/size'),
    fc.oneof(
      fc.record({ oneOf: fc.subarray(['/data/a', '/data/b', '/etc', 'eu', 5, 50, true], { minLength: 1 }) }),
      fc.record({ exactly: fc.subarray(['/data/a', 'eu', 5, true], { minLength: 1, maxLength: 2 }) }),
      fc.record({ startsWith: fc.subarray(['/data/', '/data/a', '/', 'e'], { minLength: 1 }) }),
      fc.record({ atLeast: fc.constantFrom(0, 5, 10), atMost: fc.constantFrom(10, 50, 100) }),
      fc.record({ atMost: fc.constantFrom(5, 50) }),
      fc.constant({ absent: true as const }),
    ),
  )
  .map(([argument, what]) => ({ argument, ...what }))

const hours: fc.Arbitrary<Hours> = fc.record(
  {
    days: fc.subarray(['mon', 'sat', 'sun'] as const, { minLength: 1 }),
    from: fc.constantFrom('00:00', '08:00', '11:30'),
    to: fc.constantFrom('12:00', '12:30', '24:00'),
    offset: fc.constantFrom('+00:00', '-01:00', '+05:30'),
  },
  { requiredKeys: ['from', 'to', 'offset'] },
)

const someConditions: fc.Arbitrary<Conditions> = fc
  .record(
    {
      usesMax: fc.integer({ min: 1, max: 4 }),
      exclusions: fc.subarray(['x', 'y'], { minLength: 1 }),
      tools: fc
        .uniqueArray(
          fc.record({
            name: fc.constantFrom('read', 'write'),
            digest: fc.option(fc.constantFrom(digest('a'), digest('b')), { nil: undefined }),
          }),
          { selector: ({ name }) => name, minLength: 1 },
        )
        .map((tools) =>
          tools.map(({ name, digest: pinned }) => (pinned === undefined ? { name } : { name, digest: pinned })),
        ),
      arguments: fc.uniqueArray(rule, { selector: ({ argument }) => argument, minLength: 1, maxLength: 3 }),
      argumentsClosed: fc.constant(true as const),
      rate: fc.record({
        usesMax: fc.integer({ min: 1, max: 3 }),
        per: fc.constantFrom('PT10S', 'PT20S', 'PT30S', 'PT1M'),
      }),
      bytesMax: fc.integer({ min: 1, max: 3 }),
      delegationDepthMax: fc.integer({ min: 0, max: 3 }),
      hours: fc.array(hours, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  .map(normalizeConditions)

/** Only one or two of them, so that what else may be said leaves them alone often enough. */
const fewConditions: fc.Arbitrary<Conditions> = fc
  .tuple(someConditions, fc.nat(), fc.nat())
  .map(([conditions, a, b]) => {
    const entries = Object.entries(conditions)
    const kept = new Set([a, b].map((n) => entries[n % Math.max(1, entries.length)]?.[0]))
    return Object.fromEntries(entries.filter(([key]) => kept.has(key))) as Conditions
  })

const someUse: fc.Arbitrary<ConditionUse> = fc.record(
  {
    resource: fc.constantFrom('a', 'x', 'y'),
    delegationDepth: fc.integer({ min: 0, max: 4 }),
    tool: fc.constantFrom('read', 'write', 'drop'),
    toolDigest: fc.constantFrom(digest('a'), digest('b')),
    arguments: fc.record(
      {
        path: fc.constantFrom('/data/a', '/data/b', '/data/../etc', '/etc', 5),
        region: fc.constantFrom<string | number | boolean>('eu', 'e', 5, 50, true),
        target: fc.record({ size: fc.constantFrom(0, 5, 50, 'eu') }),
        more: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['resource', 'delegationDepth'] },
)

/** Some moment of the week around that Sunday. */
const someMoment = fc.integer({ min: 0, max: 7 * 48 }).map((n) => instantOf(Date.parse(sundayNoon) + n * 1_800_000))
const anyBounds = { numRuns: 1_500 }

describe('[terms/deny-or-narrow] what conditions may become', () => {
  test('everything narrows itself, and what narrows both ways is the same', () => {
    fc.assert(
      fc.property(someConditions, (one) => conditionWidenings(one, one).length === 0),
      anyBounds,
    )
    fc.assert(
      fc.property(someConditions, someConditions, (one, other) => {
        if (conditionWidenings(one, other).length > 0 || conditionWidenings(other, one).length > 0) return
        expect(other).toEqual(one)
      }),
      anyBounds,
    )
  })

  test('narrowing twice is narrowing', () => {
    const merged = fc
      .tuple(someConditions, someConditions, someConditions)
      .map(([a, b, c]): Conditions[] => [a, { ...a, ...b }, { ...a, ...b, ...c }])
    fc.assert(
      fc.property(merged, ([a = {}, b = {}, c = {}]) => {
        if (conditionWidenings(a, b).length > 0 || conditionWidenings(b, c).length > 0) return
        expect(conditionWidenings(a, c)).toEqual([])
      }),
      anyBounds,
    )
  })

  test('nothing is allowed under the narrower that was not under the wider', () => {
    let compared = 0
    fc.assert(
      fc.property(fewConditions, fewConditions, someUse, someMoment, (asked, more, use, now) => {
        const offered = { ...asked, ...more }
        if (conditionWidenings(asked, offered).length > 0) return
        compared += 1
        if (forbiddenByConditions(offered, use, now) === undefined)
          expect(forbiddenByConditions(asked, use, now)).toBeUndefined()
        expect(offered.usesMax ?? Infinity).toBeLessThanOrEqual(asked.usesMax ?? Infinity)
        expect(offered.bytesMax ?? Infinity).toBeLessThanOrEqual(asked.bytesMax ?? Infinity)
      }),
      { numRuns: 8_000 },
    )
    // The property is about something: it was not passed by because nothing narrowed.
    expect(compared).toBeGreaterThan(300)
  })

  test('a rate that is narrower never lets more through in any stretch of the wider', () => {
    const rate = fc.record({
      usesMax: fc.integer({ min: 1, max: 3 }),
      per: fc.constantFrom('PT10S', 'PT15S', 'PT20S', 'PT30S'),
    })
    fc.assert(
      fc.property(rate, rate, fc.array(fc.nat(120), { maxLength: 30 }), (asked, offered, times) => {
        if (conditionWidenings({ rate: asked }, { rate: offered }).length > 0) return
        const let_ = through(
          times.sort((a, b) => a - b),
          offered,
        )
        expect(through(let_, asked)).toEqual(let_)
      }),
      anyBounds,
    )
  })
})

/** Those of the moments at which a use is let through, in stretches counted from the beginning. */
function through(seconds: readonly number[], { usesMax, per }: { usesMax: number; per: string }): number[] {
  const counts = new Map<number, number>()
  return seconds.filter((at) => {
    const stretch = Math.floor(at / (secondsOf(per) ?? 1))
    counts.set(stretch, (counts.get(stretch) ?? 0) + 1)
    return (counts.get(stretch) ?? 0) <= usesMax
  })
}

describe('[agent/runtime-check] what conditions forbid', () => {
  const why = (
    conditions: Conditions,
    use: Partial<ConditionUse> = {},
    now = sundayNoon,
  ): ConditionReason | undefined =>
    forbiddenByConditions(normalizeConditions(conditions), { resource: 'a', delegationDepth: 0, ...use }, now)
  const calling = (given: Record<string, unknown>) => ({ arguments: given })

  test('another tool, a tool that changed, a tool nobody names', () => {
    const tools = [{ name: 'read', digest: digest('a') }, { name: 'list' }]
    expect(why({ tools }, { tool: 'read', toolDigest: digest('a') })).toBeUndefined()
    expect(why({ tools }, { tool: 'list' })).toBeUndefined()
    expect(why({ tools }, { tool: 'read', toolDigest: digest('b') })).toBe('tool-changed')
    expect(why({ tools }, { tool: 'read' })).toBe('tool-changed')
    expect(why({ tools }, { tool: 'Read' })).toBe('tool-not-covered')
    expect(why({ tools })).toBe('tool-not-covered')
  })

  test('an argument of another value or type, or one that is left out', () => {
    const rules: Conditions = { arguments: [{ argument: 'env', oneOf: ['staging', 3] }] }
    expect(why(rules, calling({ env: 'staging', other: 1 }))).toBeUndefined()
    for (const given of [{ env: 'production' }, { env: '3' }, { env: ['staging', 'production'] }, { env: null }, {}])
      expect(why(rules, calling(given)), JSON.stringify(given)).toBe('argument-not-covered')
    expect(why(rules)).toBe('argument-not-covered')
    expect(why({ arguments: [{ argument: 'amount', atMost: 100 }] }, calling({ amount: '50' }))).toBe(
      'argument-not-covered',
    )
    expect(why({ arguments: [{ argument: 'amount', atMost: 100 }] }, calling({ amount: 50 }))).toBeUndefined()
    expect(why({ arguments: [{ argument: 'amount', atMost: 100 }] }, calling({ amount: Number.NaN }))).toBe(
      'argument-not-covered',
    )
  })

  test.each([
    '/data/../etc/passwd',
    '/data/./x',
    '/data/..',
    '/data\\..\\etc',
    '/data/%2e%2e/etc',
    '/data/%252e',
    '/data/\u0000',
    '/data/\u202etxt',
    '/etc',
    '/dat',
    '',
  ])('[B13] %j does not pass for something under /data/', (path) => {
    expect(why({ arguments: [{ argument: 'path', startsWith: ['/data/'] }] }, calling({ path }))).toBe(
      'argument-not-covered',
    )
  })

  test('every element of a list, nested values, and names that look like paths', () => {
    const each: Conditions = { arguments: [{ argument: '/files/*/name', startsWith: ['/data/'] }] }
    expect(why(each, calling({ files: [{ name: '/data/a' }, { name: '/data/b' }] }))).toBeUndefined()
    expect(why(each, calling({ files: [{ name: '/data/a' }, { name: '/etc' }] }))).toBe('argument-not-covered')
    expect(why(each, calling({ files: { '*': { name: '/data/a' } } }))).toBe('argument-not-covered')
    const slash: Conditions = { arguments: [{ argument: '/a~1b', oneOf: [1] }] }
    expect(why(slash, calling({ 'a/b': 1 }))).toBeUndefined()
    expect(why(slash, calling({ a: { b: 1 } }))).toBe('argument-not-covered')
  })

  test('[B14] what no rule names, where nothing else is allowed', () => {
    const closed: Conditions = { argumentsClosed: true, arguments: [{ argument: 'id', oneOf: [7] }] }
    expect(why(closed, calling({ id: 7 }))).toBeUndefined()
    for (const given of [
      { id: 7, force: true },
      { id: 7, more: {} },
      { id: 7, more: [] },
      { id: 7, constructor: 1 },
    ])
      expect(why(closed, calling(given)), JSON.stringify(given)).toBe('argument-not-covered')
    expect(why({ argumentsClosed: true }, calling({}))).toBeUndefined()
    expect(why({ argumentsClosed: true }, calling({ a: 1 }))).toBe('argument-not-covered')
    const without: Conditions = { arguments: [{ argument: 'force', absent: true }] }
    expect(why(without, calling({ force: false }))).toBe('argument-not-covered')
    expect(why(without, calling({ force: { a: 1 } }))).toBe('argument-not-covered')
    expect(why(without, calling({}))).toBeUndefined()
  })

  test('deeper and more than anybody reads', () => {
    let deep: unknown = 1
    for (let level = 0; level < 40; level++) deep = { deep }
    const rules: Conditions = { arguments: [{ argument: 'id', oneOf: [7] }] }
    expect(why(rules, calling({ id: 7, deep }))).toBe('argument-not-covered')
    expect(why(rules, calling({ id: 7, many: Array.from({ length: 3_000 }, () => 1) }))).toBe('argument-not-covered')
  })

  test('hours, by the clock they name', () => {
    const office: Conditions = { hours: [{ days: ['mon', 'tue'], from: '08:00', to: '18:00', offset: '+01:00' }] }
    const at = (now: string) => why(office, {}, now)
    expect(at('2026-11-23T07:00:00.000Z')).toBeUndefined()
    expect(at('2026-11-23T06:59:59.999Z')).toBe('outside-hours')
    expect(at('2026-11-23T16:59:59.999Z')).toBeUndefined()
    expect(at('2026-11-23T17:00:00.000Z')).toBe('outside-hours')
    expect(at('2026-11-22T10:00:00.000Z')).toBe('outside-hours')
    // Sunday 23:30 in UTC is Monday 00:30 there.
    expect(
      why({ hours: [{ days: ['mon'], from: '00:00', to: '01:00', offset: '+01:00' }] }, {}, '2026-11-22T23:30:00.000Z'),
    ).toBeUndefined()
    expect(
      why({ hours: [{ days: ['sun'], from: '23:00', to: '24:00', offset: '+00:00' }] }, {}, '2026-11-22T23:59:59.999Z'),
    ).toBeUndefined()
  })

  test('more behind the use than the terms allow', () => {
    expect(why({ delegationDepthMax: 1 }, { delegationDepth: 1 })).toBeUndefined()
    expect(why({ delegationDepthMax: 1 }, { delegationDepth: 2 })).toBe('delegation-too-deep')
    expect(why({ delegationDepthMax: 0 }, { delegationDepth: 1 })).toBe('delegation-too-deep')
  })
})

test.each<[string, unknown]>([
  ['[B06] no tool at all', { tools: [] }],
  ['[B06] no rule at all', { arguments: [] }],
  ['[B06] no hour at all', { hours: [] }],
  ['[B06] no value at all', { arguments: [{ argument: 'a', oneOf: [] }] }],
  ['[B06] exactly nothing', { arguments: [{ argument: 'a', exactly: [] }] }],
  ['[B06] a beginning that means anything', { arguments: [{ argument: 'a', startsWith: [''] }] }],
  ['[B06] no day at all', { hours: [{ days: [], from: '08:00', to: '09:00', offset: '+00:00' }] }],
  ['a tool twice', { tools: [{ name: 'a' }, { name: 'a', digest: digest('a') }] }],
  [
    'two rules for one argument',
    {
      arguments: [
        { argument: 'a', oneOf: [1] },
        { argument: '/a', oneOf: [2] },
      ],
    },
  ],
  ['a rule that says two things', { arguments: [{ argument: 'a', oneOf: [1], atMost: 2 }] }],
  ['a rule that says nothing', { arguments: [{ argument: 'a' }] }],
  ['a range without an inside', { arguments: [{ argument: 'a', atLeast: 2, atMost: 1 }] }],
  ['no number', { arguments: [{ argument: 'a', atMost: Number.NaN }] }],
  ['a path that ends nowhere', { arguments: [{ argument: '/a/', oneOf: [1] }] }],
  ['an invisible name', { tools: [{ name: 'a\u200b' }] }],
  ['a digest that is none', { tools: [{ name: 'a', digest: 'sha256:abc' }] }],
  ['hours that end before they begin', { hours: [{ from: '18:00', to: '08:00', offset: '+00:00' }] }],
  ['a clock without a distance', { hours: [{ from: '08:00', to: '18:00', offset: 'Europe/Berlin' }] }],
  ['a rate over no time', { rate: { usesMax: 1, per: 'PT0S' } }],
  ['half a call', { rate: { usesMax: 0.5, per: 'PT1M' } }],
  ['fewer than nobody behind it', { delegationDepthMax: -1 }],
  ['no bytes', { bytesMax: 0 }],
  ['closed by anything but true', { argumentsClosed: false }],
])('%s is malformed', (_, conditions) => {
  expect(malformations(termsFor({ conditions: conditions as Conditions }))).not.toEqual([])
})

test('what can be drawn is well-formed, and its normal form stays as it is', () => {
  fc.assert(
    fc.property(someConditions, (conditions) => {
      expect(conditionMalformations(conditions)).toEqual([])
      expect(normalizeConditions(conditions)).toEqual(conditions)
    }),
    anyBounds,
  )
})

test('[B06] a kind of rule that is not known allows nothing', () => {
  const unknown = { arguments: [{ argument: 'a', among: [1] }] } as unknown as Conditions
  const use = { resource: 'x', delegationDepth: 0, arguments: { a: 1 } }
  expect(forbiddenByConditions(unknown, use, sundayNoon)).toBe('argument-not-covered')
})
