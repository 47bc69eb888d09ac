import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOf, millisOf } from '../time.ts'
import { type Act, exercisedConflicts } from './exercised.ts'
import type { Duties, Exercise, SeparationRule } from './rules.ts'

function duties(exercised: Exercise, conflictsFrom = 2): Duties {
  return {
    entitlements: [],
    functions: [
      { id: 'ordering', name: 'Ordering', duties: ['order'], entitlements: ['sys_erp/buyer'] },
      { id: 'approving', name: 'Approving', duties: ['approve', 'release'] },
      { id: 'receiving', name: 'Receiving', duties: ['receive'] },
    ],
    rules: [
      {
        id: 'hands',
        name: 'Four hands',
        severity: 'high',
        functions: ['ordering', 'approving', 'receiving'],
        conflictsFrom,
        controls: [],
        held: false,
        exercised,
      },
    ],
  }
}

let serial = 0
function act(holder: string, duty: string, at: string, parts: Partial<Act> = {}): Act {
  return { id: `act-${String(++serial).padStart(6, '0')}`, holder, duty, at: `2026-11-22T${at}:00.000Z`, ...parts }
}

function found(rule: Exercise, acts: readonly Act[]) {
  return exercisedConflicts(duties(rule), acts).conflicts.map(({ holder, object, firstAt, lastAt, times }) => [
    holder,
    object,
    firstAt.slice(11, 16),
    lastAt.slice(11, 16),
    times,
  ])
}

describe('on the same object', () => {
  const rule: Exercise = { sameObject: true }

  test('whoever did both sides is found, with the acts', () => {
    const ordered = act('per_ana', 'order', '08:00', { object: 'PO-7' })
    const approved = act('per_ana', 'release', '09:00', { object: 'PO-7' })
    const acts = [
      approved,
      ordered,
      act('per_ana', 'approve', '09:30', { object: 'PO-8' }),
      act('per_ben', 'order', '09:31', { object: 'PO-8' }),
    ]
    expect(exercisedConflicts(duties(rule), acts)).toEqual({
      conflicts: [
        {
          holder: 'per_ana',
          rule: 'hands',
          object: 'PO-7',
          firstAt: approved.at,
          lastAt: approved.at,
          times: 1,
          acts: [
            { function: 'approving', act: approved },
            { function: 'ordering', act: ordered },
          ],
        },
      ],
      unjudged: [],
    })
  })

  test('both sides on different objects are no conflict', () => {
    expect(
      found(rule, [
        act('per_ana', 'order', '08:00', { object: 'PO-7' }),
        act('per_ana', 'approve', '09:00', { object: 'po-7' }),
      ]),
    ).toEqual([])
  })

  test('an act that names no object, or no readable time, is told', () => {
    const nowhere = act('per_ana', 'order', '08:00')
    const never = act('per_ana', 'approve', '99:00', { object: 'PO-7' })
    const harmless = act('per_ana', 'lunch', '99:00')
    expect(exercisedConflicts(duties(rule), [nowhere, never, harmless])).toEqual({
      conflicts: [],
      unjudged: [
        { act: nowhere, why: 'object-missing' },
        { act: never, why: 'time-unreadable' },
      ],
    })
  })
})

describe('in the same window', () => {
  const hour: Exercise = { sameObject: false, withinSeconds: 3600 }

  test('both sides within the window are a conflict, the bounds included', () => {
    expect(
      found(hour, [act('per_ana', 'order', '08:00'), act('per_ana', 'approve', '09:00', { object: 'PO-1' })]),
    ).toEqual([['per_ana', undefined, '09:00', '09:00', 1]])
    expect(found(hour, [act('per_ana', 'order', '08:00'), act('per_ana', 'approve', '09:01')])).toEqual([])
  })

  test('every act that completes it counts, from the first to the last', () => {
    const acts = [
      act('per_ana', 'approve', '08:00'),
      act('per_ana', 'order', '08:30'),
      act('per_ana', 'order', '08:45'),
      act('per_ana', 'order', '10:00'),
      act('per_ana', 'receive', '10:10'),
    ]
    expect(found(hour, acts)).toEqual([['per_ana', undefined, '08:30', '10:10', 3]])
  })

  test('the same instant is within any window', () => {
    expect(
      found({ sameObject: false, withinSeconds: 0 }, [
        act('per_ana', 'order', '08:00'),
        act('per_ana', 'approve', '08:00'),
      ]),
    ).toHaveLength(1)
  })
})

test('an access that the function names counts as well as a duty', () => {
  const rule: Exercise = { sameObject: false }
  expect(
    found(rule, [
      act('per_ana', 'browse', '08:00', { entitlement: 'sys_erp/buyer' }),
      act('per_ana', 'approve', '22:00'),
    ]),
  ).toHaveLength(1)
})

test('a duty written in other letters is doubted', () => {
  const odd = act('per_ana', 'Order', '08:00')
  expect(exercisedConflicts(duties({ sameObject: false }), [odd]).unjudged).toEqual([
    { act: odd, why: 'differs-in-case' },
  ])
})

test('a rule about what is held asks nothing of acts', () => {
  const { exercised: _, ...held } = duties({ sameObject: true }).rules[0] as SeparationRule
  const acts = [
    act('per_ana', 'order', '08:00', { object: 'PO-7' }),
    act('per_ana', 'approve', '09:00', { object: 'PO-7' }),
  ]
  expect(exercisedConflicts({ ...duties({ sameObject: true }), rules: [{ ...held, held: true }] }, acts)).toEqual({
    conflicts: [],
    unjudged: [],
  })
})

test('the conflicts are those of trying every window and every object', () => {
  const one = fc.record({
    id: fc.uuid(),
    holder: fc.constantFrom('per_ana', 'per_ben'),
    duty: fc.constantFrom('order', 'approve', 'release', 'receive', 'lunch'),
    object: fc.constantFrom('PO-1', 'PO-2'),
    at: fc
      .integer({ min: 0, max: 20 })
      .map((minute) => instantOf(millisOf('2026-11-22T08:00:00.000Z') + minute * 60_000)),
  })
  const rule = fc.record({ sameObject: fc.boolean(), withinSeconds: fc.integer({ min: 0, max: 1200 }) })
  fc.assert(
    fc.property(
      fc.uniqueArray(one, { selector: ({ id }) => id, maxLength: 14 }),
      rule,
      fc.constantFrom(1, 2, 3),
      (acts, exercised, from) => {
        const all = duties(exercised, from)
        const side = (duty: string) => all.functions.find((each) => each.duties.includes(duty))?.id
        const complete = acts.filter((last) => {
          if (side(last.duty) === undefined) return false
          const together = acts.filter(
            (each) =>
              each.holder === last.holder &&
              (!exercised.sameObject || each.object === last.object) &&
              (each.at < last.at || (each.at === last.at && each.id <= last.id)) &&
              millisOf(last.at) - millisOf(each.at) <= exercised.withinSeconds * 1000,
          )
          return new Set(together.flatMap((each) => side(each.duty) ?? [])).size >= from
        })
        const groups = Map.groupBy(complete, ({ holder, object }) =>
          exercised.sameObject ? `${holder} ${object}` : holder,
        )
        const expected = [...groups].map(([key, own]) => {
          const times = own.map(({ at }) => at).sort()
          return [key, times[0], times.at(-1), own.length]
        })
        const { conflicts } = exercisedConflicts(all, acts)
        const answer = conflicts.map(({ holder, object, firstAt, lastAt, times }) => [
          object === undefined ? holder : `${holder} ${object}`,
          firstAt,
          lastAt,
          times,
        ])
        expect(answer).toEqual(expected.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
      },
    ),
    { numRuns: 1000 },
  )
})
