/**
 * How are millions of rows put in order in a second? By counting, not by comparing: the keys are small numbers. Only rows
 * that are equal in all keys are compared, in short runs.
 */

/** 0, 1, 2 and so on. */
export function consecutive(count: number): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = i
  return numbers
}

/** Stable, in one pass over as many buckets as there are keys. `keys` by row. */
export function countingSort(
  order: Uint32Array,
  keyCount: number,
  keys: Int32Array | Uint8Array,
): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(keyCount + 1)
  for (let place = 0; place < order.length; place++) next[(keys[order[place] as number] as number) + 1]!++
  for (let key = 0; key < keyCount; key++) next[key + 1]! += next[key] as number
  const sorted = new Uint32Array(order.length)
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number
    sorted[next[keys[row] as number]!++] = row
  }
  return sorted
}

/** Sorts every run of rows that are the same, where it stands. */
export function sortRuns(
  order: Uint32Array,
  isSame: (a: number, b: number) => boolean,
  compare: (a: number, b: number) => number,
): void {
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && isSame(order[start] as number, order[end] as number)) end++
    if (end - start > 1) order.subarray(start, end).sort(compare)
    start = end
  }
}

export function pick<T extends Int32Array | Uint8Array | Uint32Array>(values: T, order: Uint32Array, into: T): T {
  for (let place = 0; place < order.length; place++) into[place] = values[order[place] as number] as number
  return into
}
