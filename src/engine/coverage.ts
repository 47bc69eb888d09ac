/**
 * Coverage of the installation as it is now: the directory, the rules and the record in force. It takes a while in a large
 * organisation, so answers are made one at a time, in small steps between which everybody else is served, and kept until
 * one of the three changes or the hour is over.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type CoverageQuestion,
  type CoverageReport,
  coverageReport,
  hourMillis,
  prepareCoverage,
  type Standby,
  standbyOf,
} from '../core/coverage.ts'
import type { NodeId, SystemId } from '../core/directory.ts'
import { type Instant, instantOf, millisOf } from '../core/time.ts'
import { canonicalJson } from '../lib/digest.ts'
import type { Known } from '../proof/circumstances.ts'
import type { Machinery } from './handle.ts'

export interface CoverageAsked extends Omit<CoverageQuestion, 'facts'> {
  readonly now: Instant
  readonly from: Instant
  readonly hours: number
  /** Also look for the smallest change. */
  readonly remedy: boolean
}

export interface StandbyAsked {
  readonly group: NodeId
  readonly system?: SystemId
  readonly now: Instant
}

export interface CoverageDesk {
  ask(known: Known, asked: CoverageAsked): Promise<CoverageReport>
  /** One group in the hour that begins now: quick enough to be answered at once. */
  standby(known: Known, asked: StandbyAsked): readonly Standby[]
  /** Of the next seven days; begins to look when it does not know, and does not wait. */
  ahead(known: Known, now: Instant): CoverageReport['totals'] | undefined
}

const answersMax = 24
/** After so long everybody else has a turn. */
const turnMillis = 10
const aheadHours = 168

export function coverageDesk({ knowledge, log }: Pick<Machinery, 'knowledge' | 'log'>): CoverageDesk {
  const answers = new Map<string, Promise<CoverageReport>>()
  let ahead: { readonly key: string; readonly totals?: CoverageReport['totals'] } | undefined
  let last: Promise<unknown> = Promise.resolve()

  function ask(known: Known, asked: CoverageAsked): Promise<CoverageReport> {
    const key = keyOf(known, asked)
    const before = answers.get(key)
    if (before !== undefined) return before
    const answer = last.then(() => answerTo(knowledge, known, asked))
    last = answer.catch(() => {})
    answers.set(key, answer)
    answer.catch(() => answers.delete(key))
    if (answers.size > answersMax) answers.delete(answers.keys().next().value as string)
    return answer
  }

  return {
    ask,
    standby({ directory, today, rules }, { group, system, now }) {
      const history = { decisions: [], ...rules }
      return standbyOf(prepareCoverage({ directory, policy: today, history, now, from: now, hours: 1 }), group, system)
    },
    ahead(known, now) {
      const from = instantOf(Math.floor(millisOf(now) / hourMillis) * hourMillis)
      const asked: CoverageAsked = {
        now,
        from,
        hours: aheadHours,
        of: 'teams-and-rotas',
        rowsMax: 0,
        gapsMax: 0,
        remedy: false,
      }
      const key = keyOf(known, asked)
      if (ahead?.key !== key) {
        ahead = { key }
        ask(known, asked).then(
          ({ totals }) => {
            if (ahead?.key === key) ahead = { key, totals }
          },
          (error: unknown) => {
            // Whoever asks next tries again.
            if (ahead?.key === key) ahead = undefined
            log.warn({ error: String(error) }, 'the coverage of the hours ahead could not be computed')
          },
        )
      }
      return ahead?.totals
    },
  }
}

async function answerTo(
  knowledge: Machinery['knowledge'],
  { directory, directoryDigest, today, rules }: Known,
  { now, from, hours, remedy, ...question }: CoverageAsked,
): Promise<CoverageReport> {
  const facts = remedy ? await knowledge.facts(directoryDigest) : undefined
  const history = { decisions: [], ...rules }
  const prepared = prepareCoverage({ directory, policy: today, history, now, from, hours })
  const steps = coverageReport(prepared, { ...question, ...(facts === undefined ? {} : { facts }) })
  let began = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() - began < turnMillis) continue
    await nextTurn()
    began = performance.now()
  }
}

/** Everything the answer rests on; a source that grows too old in between is another answer. */
function keyOf({ directory, directoryDigest, todayDigest, rules }: Known, { now, ...asked }: CoverageAsked): string {
  const at = millisOf(now)
  const old = directory.sources.filter(({ freshUntil }) => !(at <= freshUntil)).map(({ id }) => id)
  return canonicalJson({ directoryDigest, todayDigest, changes: rules.ruleChanges.length, old, ...asked })
}
