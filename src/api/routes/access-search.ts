/** What could be said yes to: resources, actions, subjects. Each result was asked like any other question, and counts as no use. */
import type { LiveWaiver } from '../../core/runtime.ts'
import { resolveSubject } from '../../core/runtime.ts'
import { nodeKindOf } from '../../core/standing.ts'
import type { Actor } from '../../core/waiver.ts'
import { ask, type Question } from '../../engine/runtime/check.ts'
import type { Runtime } from '../../engine/runtime/runtime.ts'
import { questionOf } from '../access/question.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { problem } from '../problem.ts'
import { actionSearch, type Evaluation, resourceSearch, searchResult, subjectSearch } from '../schema/access.ts'

export const searchPaths = {
  subject: '/access/v1/search/subject',
  resource: '/access/v1/search/resource',
  action: '/access/v1/search/action',
} as const

/** Stands where the member that is searched for is missing from the question; no name is empty, so it matches nothing. */
const sought = ''

export function accessSearchRoutes(scope: Scope, parts: Parts): void {
  const about = (operationId: string, summary: string) =>
    reads({
      operationId,
      tags: ['access'],
      summary,
      description: 'OpenID AuthZEN Authorization API 1.0.',
      ok: searchResult,
    })

  const resources = about('searchResources', 'On which resources may this subject do this?')
  scope.post(searchPaths.resource, { schema: { ...resources, body: resourceSearch } }, async (request, reply) => {
    const { subject, action, resource, context } = request.body
    const question = asking({
      subject,
      action,
      resource: { ...resource, id: sought },
      ...(context === undefined ? {} : { context }),
    })
    if (typeof question === 'string') return parts.send(reply, problem('malformed-request', question))
    const found = candidates(parts, question, ({ resources: names }) => names)
    return {
      results: yes(parts, callerOf(request), found, (id) => ({ ...question, resource: id })).map((id) => ({
        type: resource.type,
        id,
      })),
    }
  })

  const actions = about('searchActions', 'What may this subject do on this resource?')
  scope.post(searchPaths.action, { schema: { ...actions, body: actionSearch } }, async (request, reply) => {
    const { subject, resource, context } = request.body
    const question = asking({
      subject,
      action: { name: sought },
      resource,
      ...(context === undefined ? {} : { context }),
    })
    if (typeof question === 'string') return parts.send(reply, problem('malformed-request', question))
    const found = candidates(parts, question, ({ actions: names }) => names)
    return {
      results: yes(parts, callerOf(request), found, (name) => ({ ...question, action: name })).map((name) => ({
        name,
      })),
    }
  })

  const subjects = about('searchSubjects', 'Who may do this on this resource?')
  scope.post(searchPaths.subject, { schema: { ...subjects, body: subjectSearch } }, async (request, reply) => {
    const { subject, action, resource, context } = request.body
    const { type } = subject
    const question = asking({
      subject: { type, id: sought },
      action,
      resource,
      ...(context === undefined ? {} : { context }),
    })
    if (typeof question === 'string') return parts.send(reply, problem('malformed-request', question))
    const found = users(parts, question, type)
    const asked = (id: string) => ({ ...question, subject: { type, id, actors: [] } })
    return { results: yes(parts, callerOf(request), found, asked).map((id) => ({ type, id })) }
  })
}

function asking(evaluation: Evaluation): Question | string {
  const question = questionOf(evaluation)
  return typeof question === 'string' ? question : { ...question, purpose: 'ask' }
}

/** Names that stand in some waiver of the subject on this system. */
function candidates(
  { options: { runtime } }: Parts,
  { subject, system }: Question,
  namesOf: (waiver: LiveWaiver) => Iterable<string>,
): Iterable<string> {
  const facts = runtime?.facts()
  if (runtime === undefined || facts === undefined || typeof facts === 'string') return []
  const resolved = resolveSubject(subject, facts.directory, facts.now)
  if (typeof resolved === 'string') return []
  return runtime.live.of(resolved.actor, system).flatMap((waiver) => [...namesOf(waiver)])
}

/** By the ids of the directory; accounts are not listed. */
function users({ options: { runtime } }: Parts, { system }: Question, type: string): Iterable<string> {
  const facts = runtime?.facts()
  if (runtime === undefined || facts === undefined || typeof facts === 'string') return []
  const kind = type === 'person' || type === 'user' ? 'person' : 'workload'
  return [...onSystem(runtime, system)].filter((user) => nodeKindOf(facts.directory, user) === kind)
}

function* onSystem(runtime: Runtime, system: string): Iterable<string> {
  for (const waiver of runtime.live.all()) if (waiver.system === system) yield waiver.user
}

function yes(
  { options: { runtime } }: Parts,
  caller: Actor,
  names: Iterable<string>,
  questionFor: (name: string) => Question,
): string[] {
  if (runtime === undefined) return []
  return [...new Set(names)].sort().filter((name) => ask(runtime, caller, questionFor(name)).allowed)
}
