/**
 * How long has somebody really had something? Grants of the same access that follow each other closely are one stay,
 * however often they were taken away in between and under how many names they were filed.
 */
import { type Day, daysBetween, laterDay, numberOfDay, type When } from '../calendar.ts'
import { endingOf, type GrantLife, lastOf } from './life.ts'

export interface Chain {
  readonly index: number
  /** By index, in the order in which they began. */
  readonly grants: readonly number[]
  readonly beneficiary?: string
  readonly system?: string
  readonly entitlement?: string
  readonly team?: string
  /** `undefined` when the history begins with it in force. */
  readonly first?: Day
  readonly last: Day
  readonly isOpen: boolean
  /** Days on which the access was there; days without it in between are not counted. */
  readonly daysInForce: number
  readonly daysPastEnd: number
  /** Times the end was moved later, and times the same was granted anew. */
  readonly laterCount: number
  readonly regrantsCount: number
  readonly movesCount: number
  /** At least one of its grants has, or had when it was taken away, no end. */
  readonly withoutEnd: boolean
}

/** @param gapDays grants at most this far apart follow each other. */
export function chainsOf(grants: readonly GrantLife[], gapDays: number, asOf: When): Chain[] {
  const stays = sameAccess(grants).flatMap((family) => stretches(family, gapDays, asOf))
  stays.sort((a, b) => (a[0] as GrantLife).index - (b[0] as GrantLife).index)
  return stays.map((stay, index) => chainOf(stay, index, asOf))
}

/** Same name, or same beneficiary, system and entitlement; both links hold across the whole family. */
function sameAccess(grants: readonly GrantLife[]): GrantLife[][] {
  const leader = grants.map(({ index }) => index)
  const find = (index: number): number => {
    let root = index
    while (leader[root] !== root) root = leader[root] as number
    for (let at = index; at !== root; ) [at, leader[at]] = [leader[at] as number, root]
    return root
  }
  const firstBy = new Map<string, number>()
  for (const life of grants) {
    for (const key of namesOf(life)) {
      const first = firstBy.get(key)
      if (first === undefined) firstBy.set(key, life.index)
      else leader[find(life.index)] = find(first)
    }
  }
  return [...Map.groupBy(grants, ({ index }) => find(index)).values()]
}

function namesOf({ key, beneficiary, system, entitlement }: GrantLife): string[] {
  return beneficiary === undefined ? [key] : [key, JSON.stringify([beneficiary, system, entitlement])]
}

function stretches(family: readonly GrantLife[], gapDays: number, asOf: When): GrantLife[][] {
  const found: GrantLife[][] = []
  let reach = Number.NEGATIVE_INFINITY
  for (const life of [...family].sort(byStart)) {
    const begin = life.start === undefined ? Number.NEGATIVE_INFINITY : numberOfDay(life.start.day)
    if (found.length === 0 || begin > reach + gapDays) found.push([life])
    else found.at(-1)?.push(life)
    reach = Math.max(reach, numberOfDay(lastOf(life, asOf).day))
  }
  return found
}

function byStart(a: GrantLife, b: GrantLife): number {
  const [first, second] = [a.start?.at ?? '', b.start?.at ?? '']
  return first < second ? -1 : first > second ? 1 : a.index - b.index
}

function chainOf(stay: readonly GrantLife[], index: number, asOf: When): Chain {
  const latest = stay.at(-1) as GrantLife
  const { beneficiary, system, entitlement, team } = latest
  const sum = (count: (life: GrantLife) => number) => stay.reduce((total, life) => total + count(life), 0)
  const first = stay[0]?.start?.day
  return {
    index,
    grants: stay.map((life) => life.index),
    ...(beneficiary === undefined ? {} : { beneficiary }),
    ...(system === undefined ? {} : { system }),
    ...(entitlement === undefined ? {} : { entitlement }),
    ...(team === undefined ? {} : { team }),
    ...(first === undefined ? {} : { first }),
    last: stay.map((life) => lastOf(life, asOf).day).reduce(laterDay),
    isOpen: stay.some(({ removed }) => removed === undefined),
    daysInForce: daysTogether(stay, asOf),
    daysPastEnd: sum((life) => endingOf(life, asOf).daysPastEnd),
    laterCount: sum(({ laterCount }) => laterCount),
    regrantsCount: stay.length - 1,
    movesCount: sum(({ movesCount }) => movesCount),
    withoutEnd: stay.some((life) => life.promises.at(-1)?.end === 'none'),
  }
}

/** Grants side by side count once. */
function daysTogether(stay: readonly GrantLife[], asOf: When): number {
  let reach: Day | undefined
  let days = 0
  for (const life of stay) {
    if (life.start === undefined) continue
    const last = lastOf(life, asOf).day
    const from = reach === undefined || life.start.day > reach ? life.start.day : reach
    days += Math.max(0, daysBetween(from, last))
    if (reach === undefined || last > reach) reach = last
  }
  return days
}
