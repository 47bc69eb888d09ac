/** Why are these two not independent? Asked of the engine that decides; the paths are for deciders and auditors. */
import type { z } from 'zod'
import { type Explanation, explainPair, type Pair, pairMatter } from '../../core/explain.ts'
import { poolsOf } from '../../core/independence.ts'
import { poolsThat } from '../../core/obligations.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import { requestingPersons } from '../../engine/circumstances.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { drawnOf } from '../picture.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import { explainQuery, explanation } from '../schema/explain.ts'
import { picture } from '../schema/picture.ts'
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
    const asked = await explained(parts, callerOf(request), request.query)
    if (isProblem(asked)) return parts.send(reply, asked)
    const { sight, pair, verdict, otherWay, sees } = asked
    const view = {
      ...pair,
      verdict: shownVerdict(sight, verdict, sees),
      otherWay: shownVerdict(sight, otherWay, sees),
      directory: sight.known.directoryDigest,
      nowAt: sight.now,
    }
    return { ...view, names: namesIn(sight.index, view) }
  })

  const pictureAbout = reads({
    operationId: 'explainPicture',
    tags: ['directory'],
    summary: 'The same as a picture',
    description: 'The decider decides about what the asker asks for. Who sees paths in it is as for the words.',
    ok: picture,
  })
  scope.get(
    '/v1/directory/explain/picture',
    { schema: { ...pictureAbout, querystring: explainQuery } },
    async (request, reply) => {
      const asked = await explained(parts, callerOf(request), request.query)
      if (isProblem(asked)) return parts.send(reply, asked)
      const { sight, pair, verdict, sees } = asked
      const paths = sees || pair.decider === sight.caller.id
      const matter = { ...pairMatter(pair.asker, pair.system), pools: poolsThat(sight.policy, 'countersign') }
      const drawn = await drawnOf(sight, { matter, verdict, paths, around: sees })
      return { ...drawn, names: namesIn(sight.index, drawn) }
    },
  )
}

interface Explained extends Explanation {
  readonly sight: Sight
  readonly pair: Pair
  /** The paths of others. */
  readonly sees: boolean
}

async function explained(parts: Parts, caller: Actor, query: Asked): Promise<Explained | Problem> {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  const { asker, decider, system } = query
  const unknown = [asker, decider, system].find((id) => id !== undefined && sight.index.node(id) === undefined)
  if (unknown !== undefined) return problem('unknown-node', `the directory has no \`${unknown}\``)
  const pair = { asker, decider, ...(system === undefined ? {} : { system }) }
  const { directory, known, policy, now } = sight
  const { overDays, ringMax } = policy.independence.reciprocal
  const persons = requestingPersons(directory, [asker, decider], now, policy)
  const decisions = await parts.machinery.store.transact((tx) =>
    tx.decisions(persons, plusSeconds(now, -overDays * 86_400), ringMax),
  )
  const explanation = explainPair(pair, directory, { decisions, ...known.rules }, policy, now)
  return { ...explanation, sight, pair, sees: decides(sight) || seesSettings(sight) }
}

type Asked = z.output<typeof explainQuery>

function decides({ caller, directory, policy, now }: Sight): boolean {
  return poolsOf(caller.id, poolsThat(policy, 'countersign'), directory, policy, now).length > 0
}
