/**
 * What does the history not say, and how often? Everything that became "unknown" in the report stands here once, so that
 * nobody mistakes a quiet record for a clean one.
 */
import { type Unknown, unknowns } from '../judge/verdict.ts'
import type { ActRow, Rows } from './rows.ts'

export interface Silence {
  readonly what: string
  readonly count: number
  readonly total: number
  readonly ofWhat: string
}

export function silencesOf({ act: acts, grant }: Rows): Silence[] {
  const decisions = acts.filter(({ decision }) => decision !== undefined)
  const grants = acts.filter(({ act }) => act.kind === 'granted')
  const of = (rows: readonly ActRow[], ofWhat: string) => (what: string, is: (row: ActRow) => boolean) => ({
    what,
    count: rows.filter(is).length,
    total: rows.length,
    ofWhat,
  })
  const ofDecisions = of(decisions, 'decisions')
  const ofGrants = of(grants, 'grants')
  return [
    ...doubtCodes.map((code) => ofDecisions(unknowns[code], (row) => hasDoubt(row, code))),
    ofGrants('the history does not say when the access ends', ({ act }) => act.until === 'unknown'),
    ofGrants('the history does not say why', ({ act }) => act.reason === undefined),
    ofGrants('neither the history nor the directory says for which team', ({ act }) => act.team === undefined),
    of(acts, 'acts')(
      'an end was changed, and the history does not say how',
      ({ meaning }) => meaning.move === 'unknown',
    ),
    {
      what: 'the history does not say when the access began',
      count: grant.filter(({ life }) => life.start === undefined).length,
      total: grant.length,
      ofWhat: 'grants',
    },
    { what: 'acts that stand behind a later one', count: outOfTime(acts), total: acts.length, ofWhat: 'acts' },
    alikeNames(acts),
  ].filter(({ count }) => count > 0)
}

const doubtCodes = Object.keys(unknowns) as readonly Unknown[]

function hasDoubt({ judgement }: ActRow, wanted: Unknown): boolean {
  if (judgement === undefined || judgement.conclusion !== 'unknown') return false
  const own = judgement.doubts.some(({ code }) => code === wanted)
  return own || judgement.approvers.some(({ doubts }) => doubts.some(({ code }) => code === wanted))
}

/** One person in two spellings would be two here; whether it is one, the history does not say. */
function alikeNames(acts: readonly ActRow[]): Silence {
  const names = new Set(acts.flatMap(({ act }) => [...(act.askedBy ?? []), ...(act.approvedBy ?? [])]))
  for (const { act } of acts) if (act.beneficiary !== undefined) names.add(act.beneficiary)
  const spellings = Map.groupBy(names, (name) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, ''),
  )
  const alike = [...spellings.values()].filter((group) => group.length > 1)
  const example = alike[0] === undefined ? '' : `, such as ${alike[0].slice(0, 2).join(' and ')}`
  return {
    what: `names that differ only in case, spaces or signs${example}; they were taken for different people`,
    count: alike.reduce((sum, group) => sum + group.length, 0),
    total: names.size,
    ofWhat: 'names',
  }
}

function outOfTime(acts: readonly ActRow[]): number {
  let latest = ''
  return acts.filter(({ act }) => {
    const isLate = act.at < latest
    if (!isLate) latest = act.at
    return isLate
  }).length
}
