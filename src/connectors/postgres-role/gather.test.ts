import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { done, notDone, type Outcome, unknown } from '../access.ts'
import { gather } from './gather.ts'

/** Answers when told to, so that calls can pile up. */
function recorder(
  limits = { together: 3, atOnce: 1 },
  answer: (item: number, of: number) => Outcome<number> = (item) => done(item),
) {
  const messages: (readonly number[])[] = []
  const gates: (() => void)[] = []
  const call = gather<number, number>(async (items) => {
    messages.push(items)
    const { promise, resolve } = Promise.withResolvers<void>()
    gates.push(resolve)
    await promise
    return items.map((item) => answer(item, items.length))
  }, limits)
  const openAll = async () => {
    for (let turn = 0; turn < 100; turn++) {
      gates.shift()?.()
      await Promise.resolve()
    }
  }
  return { call, messages, openAll }
}

describe('gather', () => {
  test('calls of the same moment go together, later ones after them, nobody waits for company', async () => {
    const { call, messages, openAll } = recorder()
    const first = [call(1), call(2)]
    await Promise.resolve()
    expect(messages).toEqual([[1, 2]])
    const later = [3, 4, 5, 6].map(call)
    await Promise.resolve()
    expect(messages).toEqual([[1, 2]])
    await openAll()
    expect(await Promise.all([...first, ...later])).toEqual([1, 2, 3, 4, 5, 6].map(done))
    expect(messages).toEqual([[1, 2], [3, 4, 5], [6]])
  })

  test('what could not be done together is tried alone, so that one does not keep the others from it', async () => {
    const { call, messages, openAll } = recorder({ together: 3, atOnce: 1 }, (item, of) =>
      of > 1 || item === 2 ? notDone('no', true) : done(item),
    )
    const calls = [1, 2, 3].map(call)
    await openAll()
    expect(await Promise.all(calls)).toEqual([done(1), notDone('no', true), done(3)])
    expect(messages).toEqual([[1, 2, 3], [1], [2], [3]])
  })

  test('[B10] an unknown outcome is nobody’s to repeat', async () => {
    const { call, messages, openAll } = recorder({ together: 3, atOnce: 1 }, () => unknown('lost'))
    const calls = [1, 2].map(call)
    await openAll()
    expect(await Promise.all(calls)).toEqual([unknown('lost'), unknown('lost')])
    expect(messages).toHaveLength(1)
  })

  test('everybody gets their own answer, however calls and answers interleave', async () => {
    const schedule = fc.array(fc.nat(3), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(
        schedule,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (bursts, together, atOnce) => {
          const { call, messages, openAll } = recorder({ together, atOnce })
          const calls: Promise<Outcome<number>>[] = []
          for (const burst of bursts) {
            for (let item = 0; item < burst; item++) calls.push(call(calls.length))
            await Promise.resolve()
          }
          await openAll()
          await openAll()
          expect(await Promise.all(calls)).toEqual(calls.map((_, index) => done(index)))
          expect(messages.flat().sort((a, b) => a - b)).toEqual(calls.map((_, index) => index))
          expect(Math.max(0, ...messages.map((items) => items.length))).toBeLessThanOrEqual(together)
        },
      ),
    )
  })
})
