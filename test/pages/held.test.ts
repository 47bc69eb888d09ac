// What arrives while a button is pressed must not move it away under the pointer, and must never be kept back for good.
import { expect, test } from 'vitest'
import { heldWhilePressed, pressMillisMax } from '../../web/live/held.ts'

interface Later {
  readonly run: () => void
  readonly millis: number
}

function page() {
  const events = new EventTarget()
  const later: Later[] = []
  const shown: string[] = []
  const deliver = heldWhilePressed(events, (run, millis) => later.push({ run, millis }))
  return {
    shown,
    does: (type: string) => events.dispatchEvent(new Event(type)),
    arrives: (what: string) => deliver(() => shown.push(what)),
    /** Lets everything run that was to run by then, and what follows from it. */
    passes(millis: number) {
      for (let due = later.findIndex((one) => one.millis <= millis); due >= 0; ) {
        later.splice(due, 1)[0]?.run()
        due = later.findIndex((one) => one.millis <= millis)
      }
    },
  }
}

test('what arrives between down and up is shown after the click, in its order', () => {
  const { does, arrives, passes, shown } = page()
  arrives('before')
  passes(0)
  does('pointerdown')
  arrives('one')
  arrives('two')
  passes(0)
  expect(shown).toEqual(['before'])
  does('pointerup')
  // The click itself comes now, and finds the page as it was.
  expect(shown).toEqual(['before'])
  passes(0)
  expect(shown).toEqual(['before', 'one', 'two'])
  arrives('after')
  passes(0)
  expect(shown).toEqual(['before', 'one', 'two', 'after'])
})

test.each(['pointercancel', 'blur'])('a press that ends with %s keeps nothing back', (end) => {
  const { does, arrives, passes, shown } = page()
  does('pointerdown')
  arrives('news')
  does(end)
  passes(0)
  expect(shown).toEqual(['news'])
})

test('a press that lasts is no click; an earlier one ends no later one', () => {
  const { does, arrives, passes, shown } = page()
  does('pointerdown')
  does('pointerup')
  does('pointerdown')
  arrives('news')
  passes(0)
  expect(shown).toEqual([])
  passes(pressMillisMax)
  expect(shown).toEqual(['news'])
})

test('what was let go is held again by a press that comes before it is shown', () => {
  const { does, arrives, passes, shown } = page()
  does('pointerdown')
  arrives('news')
  does('pointerup')
  does('pointerdown')
  passes(0)
  expect(shown).toEqual([])
  does('pointerup')
  passes(0)
  expect(shown).toEqual(['news'])
})
