/**
 * How do millions of short lists of small numbers lie in memory? One after another in one typed array, with a second
 * array that says where each begins. Nothing here knows what the numbers stand for.
 */

export type Numbers = Uint16Array | Uint32Array

/** List `n` is `items[starts[n]]` up to, not including, `items[starts[n + 1]]`. */
export interface Lists {
  readonly starts: Uint32Array
  readonly items: Numbers
}

/** Some part of an array. */
export interface Slice {
  readonly items: Numbers
  readonly from: number
  readonly to: number
}

/** Names to numbers and back, numbers in the order of arrival. */
export class Numbering {
  readonly names: string[] = []
  private readonly numbers = new Map<string, number>()

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.numberFor(name)
  }

  /** `undefined` for a name that never came. */
  numberOf(name: string): number | undefined {
    return this.numbers.get(name)
  }

  numberFor(name: string): number {
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    this.numbers.set(name, this.names.length)
    return this.names.push(name) - 1
  }
}

/** A typed array that makes room as it fills. Holds 32 bits a number while it grows. */
export class Growing {
  length = 0
  private room = new Uint32Array(1024)

  push(value: number): void {
    if (this.length === this.room.length) {
      const larger = new Uint32Array(this.room.length * 2)
      larger.set(this.room)
      this.room = larger
    }
    this.room[this.length++] = value
  }

  /** What was pushed, sharing memory with this. */
  filled(): Uint32Array {
    return this.room.subarray(0, this.length)
  }
}

/** @returns a copy in 16 bits a number where every number is below `limit` and that fits, else in 32. */
export function narrowest(values: Uint32Array, limit: number): Numbers {
  // The constructors copy at once; `from` would take the numbers one by one.
  return limit <= 0x1_0000 ? new Uint16Array(values) : new Uint32Array(values)
}

export function listsOf(lists: Iterable<Iterable<number>>, limit: number): Lists {
  const [starts, items] = [new Growing(), new Growing()]
  starts.push(0)
  for (const list of lists) {
    for (const item of list) items.push(item)
    starts.push(items.length)
  }
  return { starts: starts.filled().slice(), items: narrowest(items.filled(), limit) }
}

/** @returns the pairs as one ascending list without repeats for each `owner` below `ownersCount`. */
export function sortedLists(owners: Uint32Array, items: Uint32Array, ownersCount: number, limit: number): Lists {
  // Stable and by item first, so that the second sort leaves every list in order.
  const byItem = countingSort(undefined, items, limit)
  const order = countingSort(byItem, owners, ownersCount)
  const starts = new Uint32Array(ownersCount + 1)
  const kept = limit <= 0x1_0000 ? new Uint16Array(order.length) : new Uint32Array(order.length)
  let count = 0
  let place = 0
  for (let owner = 0; owner < ownersCount; owner++) {
    const begin = count
    for (; place < order.length && owners[order[place] as number] === owner; place++) {
      const item = items[order[place] as number] as number
      if (count === begin || kept[count - 1] !== item) kept[count++] = item
    }
    starts[owner + 1] = count
  }
  return { starts, items: count === kept.length ? kept : kept.slice(0, count) }
}

/** @returns the lists with some of them replaced, by ascending owner, and room for owners who had none. */
export function replaced(
  lists: Lists,
  changes: readonly (readonly [owner: number, items: Numbers])[],
  ownersCount: number,
  limit: number,
): Lists {
  const grown = changes.reduce((sum, [owner, items]) => sum + items.length - lengthOf(sliceAt(lists, owner)), 0)
  const total = lists.items.length + grown
  const items = limit <= 0x1_0000 ? new Uint16Array(total) : new Uint32Array(total)
  const starts = new Uint32Array(ownersCount + 1)
  let [owner, count] = [0, 0]
  const keepUntil = (end: number) => {
    const begin = sliceAt(lists, owner).from
    const shift = count - begin
    for (; owner < end; owner++) starts[owner + 1] = sliceAt(lists, owner).to + shift
    const kept = lists.items.subarray(begin, (starts[end] as number) - shift)
    items.set(kept, count)
    count += kept.length
  }
  for (const [changed, list] of changes) {
    keepUntil(changed)
    items.set(list, count)
    count += list.length
    starts[++owner] = count
  }
  keepUntil(ownersCount)
  return { starts, items }
}

/** The list of one owner; empty for one who has none yet. */
export function sliceAt({ starts, items }: Lists, owner: number): Slice {
  return owner + 1 < starts.length
    ? { items, from: starts[owner] as number, to: starts[owner + 1] as number }
    : { items, from: items.length, to: items.length }
}

export function whole(items: Numbers): Slice {
  return { items, from: 0, to: items.length }
}

export function lengthOf({ from, to }: Slice): number {
  return to - from
}

export function numbersIn({ items, from, to }: Slice): number[] {
  // Several times as fast as spreading, and asked once a holder.
  const numbers = new Array<number>(to - from)
  for (let place = from; place < to; place++) numbers[place - from] = items[place] as number
  return numbers
}

/** By halving: the numbers are ascending. */
export function listed({ items, from, to }: Slice, wanted: number): boolean {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((items[middle] as number) < wanted) low = middle + 1
    else high = middle
  }
  return low < to && items[low] === wanted
}

/** @returns the rows (all of them, or those of `rows`) in ascending order of their keys; equal keys keep their order. */
function countingSort(rows: Uint32Array | undefined, keys: Uint32Array, keyCount: number): Uint32Array {
  const next = new Uint32Array(keyCount + 1)
  for (let row = 0; row < keys.length; row++) next[(keys[row] as number) + 1]!++
  for (let key = 0; key < keyCount; key++) next[key + 1]! += next[key] as number
  const sorted = new Uint32Array(keys.length)
  for (let place = 0; place < keys.length; place++) {
    const row = rows === undefined ? place : (rows[place] as number)
    sorted[next[keys[row] as number]!++] = row
  }
  return sorted
}
