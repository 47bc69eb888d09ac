/** Why are these two not independent? Asked of the engine that decides; the paths are for deciders and auditors. */
import { explainPair, type Pair } from '../../core/explain.ts'
import { poolsOf } from '../../core/independence.ts'
import { poolsThat } from '../../core/obligations.ts'
import { plusSeconds } from '../../core/time.ts'
import { requestingPersons } from '../../engine/circumstances.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, problem } from '../problem.ts'
import { type ExplanationView, explainQuery, explanation } from '../schema/explain.ts'
import { namesIn, type Sight, seesSettings, shownVerdict, sightFor } from '../sight.ts'

export function explainRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'explain',
    tags: ['directory'],
    summary: 'Why two are not independent of each other',
    description:
      'Without a waiver: whether the decider could decide what the asker asks for, and the other way round. Deciders and reviewers see the paths, everybody sees their own, others the codes.',
    ok: explanation,
  })
  scope.get('/v1/directory/explain', { schema: { ...about, querystring: explainQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { asker, decider, system } = request.query
    const unknown = [asker, decider, system].find((id) => id !== undefined && sight.index.node(id) === undefined)
    if (unknown !== undefined) return parts.send(reply, problem('unknown-node', `the directory has no \`${unknown}\``))
    return explained(parts, sight, { asker, decider, ...(system === undefined ? {} : { system }) })
  })
}

async function explained({ machinery }: Parts, sight: Sight, pair: Pair): Promise<ExplanationView> {
  const { directory, known, policy, now } = sight
  const { overDays, ringMax } = policy.independence.reciprocal
  const persons = requestingPersons(directory, [pair.asker, pair.decider], now, policy)
  const decisions = await machinery.store.transact((tx) =>
    tx.decisions(persons, plusSeconds(now, -overDays * 86_400), ringMax),
  )
  const { verdict, otherWay } = explainPair(pair, directory, { decisions, ...known.rules }, policy, now)
  const sees = decides(sight) || seesSettings(sight)
  const view = {
    ...pair,
    verdict: shownVerdict(sight, verdict, sees),
    otherWay: shownVerdict(sight, otherWay, sees),
    directory: known.directoryDigest,
    nowAt: now,
  }
  return { ...view, names: namesIn(sight.index, view) }
}

function decides({ caller, directory, policy, now }: Sight): boolean {
  return poolsOf(caller.id, poolsThat(policy, 'countersign'), directory, policy, now).length > 0
}
