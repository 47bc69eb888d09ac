/**
 * The same figures by team, by entitlement and by system. Spellings that differ only in case, spaces and signs are one
 * group, shown as it is spelled most often; nothing else is guessed.
 */
import type { ActRow, GrantRow, Rows } from './rows.ts'

export interface Group {
  /** `undefined`: the history does not say. */
  readonly name?: string
  readonly spellings: readonly string[]
  readonly grantsCount: number
  readonly decisionsCount: number
  readonly onePersonCount: number
  readonly notIndependentCount: number
  readonly independentCount: number
  readonly unknownCount: number
  readonly extendedCount: number
  readonly extendedAfterEndCount: number
  readonly withoutEndCount: number
  readonly removedLateCount: number
  readonly openPastEndCount: number
  readonly daysPastEnd: number
  readonly acts: readonly number[]
  readonly grants: readonly number[]
}

export interface Breakdowns {
  readonly team: readonly Group[]
  readonly entitlement: readonly Group[]
  readonly system: readonly Group[]
}

type Named = { readonly team?: string; readonly entitlement?: string; readonly system?: string }

export function breakdownsOf(rows: Rows, isOnePerson: ReadonlySet<number>): Breakdowns {
  const by = (field: keyof Named) => groupsBy(rows, (named) => named[field], isOnePerson)
  return { team: by('team'), entitlement: by('entitlement'), system: by('system') }
}

/** Those with the most grants first. */
function groupsBy(rows: Rows, nameOf: (named: Named) => string | undefined, onePerson: ReadonlySet<number>): Group[] {
  const acts = Map.groupBy(rows.act, ({ act }) => keyOf(nameOf(act)))
  const grants = Map.groupBy(rows.grant, ({ life }) => keyOf(nameOf(life)))
  const groups = [...new Set([...acts.keys(), ...grants.keys()])].map((key) => {
    const [own, lives] = [acts.get(key) ?? [], grants.get(key) ?? []]
    return groupOf(key === undefined ? [] : spellingsOf(own, lives, nameOf), own, lives, onePerson)
  })
  return groups.sort((a, b) => b.grantsCount - a.grantsCount || compare(a.name ?? '', b.name ?? ''))
}

function groupOf(
  spellings: readonly string[],
  acts: readonly ActRow[],
  grants: readonly GrantRow[],
  onePerson: ReadonlySet<number>,
): Group {
  const count = <Row>(rows: readonly Row[], is: (row: Row) => boolean) => rows.filter(is).length
  const concluded = (wanted: string) => count(acts, ({ judgement }) => judgement?.conclusion === wanted)
  const [name] = spellings
  return {
    ...(name === undefined ? {} : { name }),
    spellings,
    grantsCount: grants.length,
    decisionsCount: count(acts, ({ decision }) => decision !== undefined),
    onePersonCount: count(acts, ({ index }) => onePerson.has(index)),
    notIndependentCount: concluded('not-independent'),
    independentCount: concluded('independent'),
    unknownCount: concluded('unknown'),
    extendedCount: count(acts, ({ meaning }) => meaning.move === 'later'),
    extendedAfterEndCount: count(acts, ({ meaning }) => meaning.move === 'later' && meaning.afterEnd === true),
    withoutEndCount: count(acts, ({ act }) => act.kind === 'granted' && act.until === 'none'),
    removedLateCount: count(grants, ({ outcome }) => outcome === 'removed-late'),
    openPastEndCount: count(grants, ({ outcome }) => outcome === 'open-past-end'),
    daysPastEnd: grants.reduce((days, row) => days + row.daysPastEnd, 0),
    acts: acts.map(({ index }) => index),
    grants: grants.map(({ index }) => index),
  }
}

/** Most frequent first. */
function spellingsOf(
  acts: readonly ActRow[],
  grants: readonly GrantRow[],
  nameOf: (named: Named) => string | undefined,
): string[] {
  const counts = new Map<string, number>()
  for (const named of [...acts.map(({ act }) => act), ...grants.map(({ life }) => life)]) {
    const name = nameOf(named)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([a, many], [b, more]) => more - many || compare(a, b)).map(([name]) => name)
}

function keyOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const plain = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  return plain === '' ? name : plain
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
