import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { termsFor } from '../../test/support/life.ts'
import { malformations, narrows, normalizeTerms, type Terms, widenings } from './terms.ts'
import { instantOf } from './time.ts'

const names = (all: readonly string[]) => fc.subarray([...all], { minLength: 1 })
const base = Date.parse('2026-11-22T12:00:00Z')

/** Terms that differ in exactly what a countersigner may touch. */
const someTerms: fc.Arbitrary<Terms> = fc
  .record({
    resources: names(['a', 'b', 'c']),
    actions: names(['select', 'update', 'delete']),
    start: fc.integer({ min: 0, max: 5 }),
    length: fc.integer({ min: 1, max: 5 }),
    usesMax: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    exclusions: fc.option(names(['x', 'y']), { nil: undefined }),
    controls: fc.subarray(['watch', 'log']),
    minutes: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ resources, actions, start, length, usesMax, exclusions, controls, minutes }) =>
    normalizeTerms(
      termsFor({
        access: { ...termsFor().access, resources, actions },
        window: { start: instantOf(base + start * 60_000), end: instantOf(base + (start + length) * 60_000) },
        conditions: {
          ...(usesMax === undefined ? {} : { usesMax }),
          ...(exclusions === undefined ? {} : { exclusions }),
        },
        controls: controls.map((control) => ({ control, owner: 'per_lee', every: `PT${minutes}M` })),
      }),
    ),
  )

/** Takes away from terms whatever the drawn parts say. */
const smaller = fc
  .record({
    resources: fc.nat(),
    actions: fc.nat(),
    minutes: fc.nat(2),
    uses: fc.nat(),
    exclude: fc.boolean(),
    watch: fc.boolean(),
  })
  .map(({ resources, actions, minutes, uses, exclude, watch }) => (terms: Terms): Terms => {
    const { access, window, conditions, controls } = terms
    const some = (all: readonly string[], bits: number) => {
      const kept = all.filter((_, index) => ((bits >> index) & 1) === 1)
      return kept.length === 0 ? all : kept
    }
    const end = Math.max(Date.parse(window.start) + 60_000, Date.parse(window.end) - minutes * 60_000)
    const usesMax = Math.max(1, (conditions.usesMax ?? 9) - (uses % 3))
    const added = watch && !controls.some(({ control }) => control === 'four-eyes')
    return normalizeTerms({
      ...terms,
      access: { ...access, resources: some(access.resources, resources), actions: some(access.actions, actions) },
      window: { start: window.start, end: instantOf(end) },
      conditions: {
        ...conditions,
        usesMax,
        ...(exclude ? { exclusions: [...(conditions.exclusions ?? []), 'z'] } : {}),
      },
      controls: added ? [...controls, { control: 'four-eyes', owner: 'per_lee', every: 'PT1M' }] : controls,
    })
  })

describe('[terms/deny-or-narrow] narrowing is a partial order', () => {
  test('everything narrows itself', () => {
    fc.assert(fc.property(someTerms, (terms) => narrows(terms, terms)))
  })

  test('narrowing twice is narrowing', () => {
    fc.assert(
      fc.property(someTerms, smaller, smaller, (a, first, second) => {
        const b = first(a)
        const c = second(b)
        expect(narrows(a, b) && narrows(b, c)).toBe(true)
        return narrows(a, c)
      }),
      { numRuns: 2_000 },
    )
  })

  test('what narrows both ways is the same', () => {
    fc.assert(
      fc.property(someTerms, smaller, (a, shrink) => {
        const b = shrink(a)
        if (narrows(b, a)) expect(b).toEqual(a)
      }),
      { numRuns: 2_000 },
    )
  })

  test('nothing is allowed by the narrower that was not by the wider', () => {
    fc.assert(
      fc.property(someTerms, smaller, (asked, shrink) => {
        const offered = shrink(asked)
        expect(narrows(asked, offered)).toBe(true)
        expect(asked.access.resources).toEqual(expect.arrayContaining([...offered.access.resources]))
        expect(asked.access.actions).toEqual(expect.arrayContaining([...offered.access.actions]))
        expect(offered.window.start >= asked.window.start && offered.window.end <= asked.window.end).toBe(true)
        expect(offered.conditions.usesMax ?? Infinity).toBeLessThanOrEqual(asked.conditions.usesMax ?? Infinity)
        for (const exclusion of asked.conditions.exclusions ?? [])
          expect(offered.conditions.exclusions).toContain(exclusion)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('every widening is named, not only the first', () => {
  const wider = termsFor({
    beneficiary: 'per_sam',
    reason: 'other',
    access: { ...termsFor().access, actions: ['drop'] },
  })
  expect(widenings(termsFor(), wider)).toHaveLength(3)
})

test('[terms/deny-or-narrow] nothing is wider because its members were written in another order', () => {
  const asked = termsFor({
    kind: 'sod-exception',
    exception: { rule: 'post-and-approve', other: { system: 'sys_ledger', entitlement: 'ledger-approve' } },
    reference: { kind: 'incident', id: 'INC-7' },
  })
  const reordered: Terms = {
    ...asked,
    exception: { other: { entitlement: 'ledger-approve', system: 'sys_ledger' }, rule: 'post-and-approve' },
    reference: { id: 'INC-7', kind: 'incident' },
  }
  expect(widenings(asked, reordered)).toEqual([])
  const other: Terms = { ...reordered, reference: { id: 'INC-8', kind: 'incident' } }
  expect(widenings(asked, other)).toEqual(['reference may not change'])
})

test('the normal form does not depend on order or repetition', () => {
  const access = termsFor().access
  const one = normalizeTerms(termsFor({ access: { ...access, actions: ['update', 'select', 'select'] } }))
  const other = normalizeTerms(termsFor({ access: { ...access, actions: ['select', 'update'] } }))
  expect(one).toEqual(other)
})

test.each([
  ['a bidirectional override', 'ledger\u202eentries'],
  ['a zero-width space', 'ledger\u200b'],
  ['a line break', 'ledger\nentries'],
  ['a space at the end', 'ledger '],
  ['nothing', ''],
  ['too much', 'x'.repeat(301)],
  ['half a character', '\ud800'],
])('[B13] [B17] a name with %s is malformed', (_, name) => {
  expect(malformations(termsFor({ access: { ...termsFor().access, resources: [name] } }))).not.toEqual([])
})

test('a duration without a fixed length is malformed', () => {
  const control = (every: string) => termsFor({ controls: [{ control: 'watch', owner: 'per_lee', every }] })
  expect(malformations(control('P1M'))).not.toEqual([])
  expect(malformations(control('PT'))).not.toEqual([])
  expect(malformations(control('PT0S'))).not.toEqual([])
  expect(malformations(control('PT1H30M'))).toEqual([])
})
