/** Sources whose word is held because they suddenly say much less: looking at what would go, confirming it, rejecting it. */
import type { Hold, HoldCommand } from '../../core/hold.ts'
import { decideAboutHold, heldSources, holdOf, wouldBeGone } from '../../engine/directories/holds.ts'
import { type Asking, actOnce, outcomeOf } from '../act-once.ts'
import { reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import * as schema from '../schema/hold.ts'
import { namesIn, seesSettings, sightFor } from '../sight.ts'

const shownMax = 500

export function holdRoutes(scope: Scope, parts: Parts): void {
  looking(scope, parts)
  deciding(scope, parts)
}

function looking(scope: Scope, parts: Parts): void {
  const { machinery } = parts
  const listAbout = reads({
    operationId: 'holds',
    tags: ['directory'],
    summary: 'Sources whose word is held',
    description: 'A source that suddenly says much less is not believed before somebody independent confirms it.',
    ok: schema.holds,
  })
  scope.get('/v1/directory/holds', { schema: listAbout }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const holds = (await heldSources(machinery.store.records)).map(holdView)
    return { holds, names: namesIn(sight.index, holds) }
  })

  const oneAbout = reads({
    operationId: 'hold',
    tags: ['directory'],
    summary: 'What a held source would take away',
    ok: schema.holdDetail,
  })
  scope.get(
    '/v1/directory/holds/:source',
    { schema: { ...oneAbout, params: schema.holdPath } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const hold = await holdOf(machinery.store.records, request.params.source)
      if (hold === undefined) return parts.send(reply, unknownHold(request.params.source))
      const gone = seesSettings(sight) ? await wouldBeGone(machinery, hold) : undefined
      const lists = gone && { people: gone.people.slice(0, shownMax), teams: gone.teams.slice(0, shownMax) }
      const view = holdView(hold)
      return { hold: view, ...lists, names: namesIn(sight.index, view, lists) }
    },
  )
}

function deciding(scope: Scope, parts: Parts): void {
  const about = (operationId: string, summary: string) =>
    writes({ operationId, tags: ['directory'], summary, ok: schema.holdDetail })
  scope.post(
    '/v1/directory/holds/:source/confirmation',
    {
      schema: {
        ...about('confirmHold', 'Confirms what a held source says; it is in force at once'),
        params: schema.holdPath,
        body: schema.holdConfirmation,
      },
    },
    async (request, reply) => {
      const done = await act(parts, request, request.params.source, { type: 'confirm', ...request.body })
      return isProblem(done) ? parts.send(reply, done) : done
    },
  )
  scope.post(
    '/v1/directory/holds/:source/rejection',
    {
      schema: {
        ...about('rejectHold', 'Says that a held source is wrong'),
        params: schema.holdPath,
        body: schema.holdRejection,
      },
    },
    async (request, reply) => {
      const done = await act(parts, request, request.params.source, { type: 'reject', ...request.body })
      return isProblem(done) ? parts.send(reply, done) : done
    },
  )
}

async function act(
  parts: Parts,
  request: Asking,
  source: string,
  command: HoldCommand,
): Promise<schema.HoldDetail | Problem> {
  // What was never held has no record to refuse in.
  if ((await holdOf(parts.machinery.store.records, source)) === undefined) return unknownHold(source)
  const done = await actOnce<schema.HoldView>(parts, request, {
    name: `${command.type}-hold`,
    what: { hold: source, command },
    run: async (caller) =>
      outcomeOf(await decideAboutHold(parts.machinery, source, command, caller), ({ hold }) => holdView(hold)),
  })
  if (isProblem(done)) return done
  const { value: hold, replayed, sight } = done
  return { hold, replayed, names: sight === undefined ? {} : namesIn(sight.index, hold) }
}

function unknownHold(source: string): Problem {
  return problem('unknown-hold', `nothing of the source \`${source}\` is or was held`)
}

function holdView({ source, status, since, words, end }: Hold): schema.HoldView {
  const last = words.at(-1)
  if (last === undefined) throw new Error(`bug: \`${source}\` is held and has said nothing`)
  const { snapshot, revision, at, gone } = last
  return { source, status, since, snapshot, revision, at, gone, ...(end === undefined ? {} : { end }) }
}
