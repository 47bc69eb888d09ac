/**
 * What does the history not say, and how often? Everything that became "unknown" in the report stands here once, so that
 * nobody mistakes a quiet record for a clean one.
 */
import { type Unknown, unknowns } from '../judge/verdict.ts'
import type { ActRow, RowKind, Rows } from './rows.ts'

export interface Silence {
  readonly what: string
  readonly count: number
  readonly total: number
  readonly ofWhat: string
  /** The rows it is about, by index. */
  readonly of: RowKind
  readonly rows: readonly number[]
}

export function silencesOf({ act: acts, grant: lives }: Rows): Silence[] {
  const decisions = acts.filter(({ decision }) => decision !== undefined)
  const grants = acts.filter(({ act }) => act.kind === 'granted')
  const begun = lives.filter(({ life }) => life.start === undefined).map(({ index }) => index)
  return [
    ...doubtCodes.map((code) => silence(unknowns[code], decisions, 'decisions', (row) => hasDoubt(row, code))),
    silence('the history does not say when the access ends', grants, 'grants', ({ act }) => act.until === 'unknown'),
    silence('the history does not say why', grants, 'grants', ({ act }) => act.reason === undefined),
    silence(
      'neither the history nor the directory says for which team',
      grants,
      'grants',
      ({ act }) => act.team === undefined,
    ),
    silence(
      'an end was changed, and the history does not say how',
      acts,
      'acts',
      ({ meaning }) => meaning.move === 'unknown',
    ),
    {
      what: 'the history does not say when the access began',
      count: begun.length,
      total: lives.length,
      ofWhat: 'grants',
      of: 'grant' as const,
      rows: begun,
    },
    silence('the act stands in the history behind one of a later time', acts, 'acts', outOfTime()),
    alikeNames(acts),
  ].filter(({ count }) => count > 0)
}

function silence(what: string, rows: readonly ActRow[], ofWhat: string, is: (row: ActRow) => boolean): Silence {
  const found = rows.filter(is).map(({ index }) => index)
  return { what, count: found.length, total: rows.length, ofWhat, of: 'act', rows: found }
}

const doubtCodes = Object.keys(unknowns) as readonly Unknown[]

function hasDoubt({ judgement }: ActRow, wanted: Unknown): boolean {
  if (judgement === undefined || judgement.conclusion !== 'unknown') return false
  const own = judgement.doubts.some(({ code }) => code === wanted)
  return own || judgement.approvers.some(({ doubts }) => doubts.some(({ code }) => code === wanted))
}

/** One person in two spellings would be two here; whether it is one, the history does not say. */
function alikeNames(acts: readonly ActRow[]): Silence {
  const names = new Set(acts.flatMap(namesIn))
  const alike = [...Map.groupBy(names, plainly).values()].filter((group) => group.length > 1)
  const found = new Set(alike.flat())
  const example = alike[0] === undefined ? '' : `, such as ${alike[0].slice(0, 2).join(' and ')}`
  return {
    what: `names that differ only in case, spaces or signs${example}; they were taken for different people`,
    count: found.size,
    total: names.size,
    ofWhat: 'names',
    of: 'act',
    rows: acts.filter((row) => namesIn(row).some((name) => found.has(name))).map(({ index }) => index),
  }
}

function namesIn({ act }: ActRow): string[] {
  return [
    ...(act.askedBy ?? []),
    ...(act.approvedBy ?? []),
    ...(act.beneficiary === undefined ? [] : [act.beneficiary]),
  ]
}

function plainly(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Asked row by row, in the order of the history. */
function outOfTime(): (row: ActRow) => boolean {
  let latest = ''
  return ({ act }) => {
    const isLate = act.at < latest
    if (!isLate) latest = act.at
    return isLate
  }
}
