/** Where things stand in a chart: round numbers along its side, and how long something took in a word or two. */

/** @returns round numbers from 0 up to or above the largest, at most five. */
export function ticksFor(largest: number): readonly number[] {
  if (largest <= 0) return [0, 1]
  const rough = largest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough)
  const ticks: number[] = []
  for (let tick = 0; tick < largest + step; tick += step) ticks.push(tick)
  return ticks
}
