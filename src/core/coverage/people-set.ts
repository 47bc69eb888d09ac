/** Sets of the people who could decide, as bits: small enough to intersect for every hour of many weeks. */

/** Bit `n` stands for the person of number `n`; all sets of one coverage have the same length. */
export type PeopleSet = Uint32Array

export function noPeople(size: number): PeopleSet {
  return new Uint32Array((size + 31) >> 5)
}

export function addPerson(set: PeopleSet, person: number): void {
  set[person >> 5]! |= 1 << (person & 31)
}

export function hasPerson(set: PeopleSet, person: number): boolean {
  return ((set[person >> 5] as number) & (1 << (person & 31))) !== 0
}

export function both(a: PeopleSet, b: PeopleSet): PeopleSet {
  return a.map((word, place) => word & (b[place] as number))
}

export function either(a: PeopleSet, b: PeopleSet): PeopleSet {
  return a.map((word, place) => word | (b[place] as number))
}

export function butNot(a: PeopleSet, b: PeopleSet): PeopleSet {
  return a.map((word, place) => word & ~(b[place] as number))
}

export function countOf(set: PeopleSet): number {
  let count = 0
  for (const word of set) count += bitsIn(word)
  return count
}

/** Their numbers, in order. */
export function peopleIn(set: PeopleSet): number[] {
  const people: number[] = []
  for (let person = 0; person < set.length << 5; person++) if (hasPerson(set, person)) people.push(person)
  return people
}

/** Equal for equal sets. */
export function keyOf(set: PeopleSet): string {
  return set.join(' ')
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
