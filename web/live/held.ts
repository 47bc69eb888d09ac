/**
 * The page holds still under a pressed button. What arrives between down and up could move the button away, and the click
 * would be lost, or be somebody else's. So it is shown when the button is up, or when this is clearly no click any more.
 */

/** Longer than any click, and short enough that nobody who marks a text looks at what is old. */
export const pressMillisMax = 2_000

/** @returns what runs something as soon as nothing is pressed, after the click that the press comes to */
export function heldWhilePressed(
  events: EventTarget,
  later: (run: () => void, millis: number) => unknown = setTimeout,
): (run: () => void) => void {
  const held: (() => void)[] = []
  let presses = 0
  let pressed = false
  const show = () => {
    for (const run of held.splice(0)) run()
  }
  const release = () => {
    pressed = false
    // A click follows in the same turn.
    later(() => {
      if (!pressed) show()
    }, 0)
  }
  events.addEventListener(
    'pointerdown',
    () => {
      pressed = true
      const press = ++presses
      later(() => {
        if (pressed && press === presses) release()
      }, pressMillisMax)
    },
    true,
  )
  for (const over of ['pointerup', 'pointercancel', 'blur']) events.addEventListener(over, release, true)
  return (run) => {
    if (pressed) held.push(run)
    else later(run, 0)
  }
}
