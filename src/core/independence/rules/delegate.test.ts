import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo } from '../../../../test/support/directories.ts'

describe('delegate-of-conflicted', () => {
  test('[B02] the requester’s delegate is not outside', () => {
    const verdict = judge('per_ann delegate-of per_asker', 'per_ann')
    expect(codesOf(verdict)).toEqual(['delegate-of-conflicted'])
    expect(pathTo(verdict, 'delegate-of-conflicted')).toBe('per_ann —delegate of→ per_asker —requested→ per_asker')
  })

  test('[B02] nor is somebody whose delegate asks', () => {
    expect(pathTo(judge('per_asker delegate-of per_ann', 'per_ann'), 'delegate-of-conflicted')).toBe(
      'per_ann ←delegate of— per_asker —requested→ per_asker',
    )
  })

  test('[independence/outside-granting-path] nor the delegate of somebody who runs the target, or decided before', () => {
    expect(
      pathTo(judge('per_ann delegate-of per_bob\nper_bob administers sys_target', 'per_ann'), 'delegate-of-conflicted'),
    ).toBe('per_ann —delegate of→ per_bob —administers→ sys_target')
    const took = [{ person: 'per_bob', part: 'endorsed' as const, event: 'evt_1' }]
    expect(codesOf(judge('per_ann delegate-of per_bob', 'per_ann', { matter: { took } }))).toEqual([
      'delegate-of-conflicted',
    ])
  })

  test('the delegate of somebody independent is independent, and of a delegate too', () => {
    expect(judge('per_ann delegate-of per_bob', 'per_ann').independent).toBe(true)
    expect(judge('per_ann delegate-of per_bob\nper_bob delegate-of per_asker', 'per_ann').independent).toBe(true)
  })

  test('[B08] for thirty days after the delegation ended', () => {
    const ended = (days: number) => judge(`per_ann delegate-of per_asker until ${daysAgo(days)}`, 'per_ann')
    expect(codesOf(ended(29))).toEqual(['delegate-of-conflicted'])
    expect(ended(31).independent).toBe(true)
  })
})
