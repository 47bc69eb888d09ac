/** Who may be whom: links between accounts and people, proposed, suggested because names look alike, and confirmed by somebody else. */
import type { Assertion, Said } from '../../core/assertion.ts'
import { lookAlikes } from '../../core/names/look-alikes.ts'
import { assertionId, suggestionsInForce } from '../../engine/directories/own-word.ts'
import { assertionView, decide, propose, suggestionView } from '../assertions.ts'
import { creates, reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import * as schema from '../schema/assertion.ts'
import { namesIn, type Sight, seesSettings, sightFor } from '../sight.ts'

const shownMax = 1_000
const recordsMax = 100_000

export function linkRoutes(scope: Scope, parts: Parts): void {
  looking(scope, parts)
  proposing(scope, parts)
  deciding(scope, parts)
}

function looking(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'links',
    tags: ['directory'],
    summary: 'Who may be whom',
    description:
      'Links on record, entries whose names look alike, namesakes, and logins that look alike. Those who look after rules or security see all of it, others what is about themselves.',
    ok: schema.links,
  })
  scope.get('/v1/directory/links', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    return shownTo(sight, await known(parts, sight))
  })
}

interface Known {
  readonly links: readonly schema.AssertionView[]
  readonly namesakes: readonly (readonly string[])[]
  readonly accounts: readonly (readonly string[])[]
}

async function known(
  { machinery: { store, knowledge } }: Parts,
  { known: { directoryDigest } }: Sight,
): Promise<Known> {
  const records = (await store.records.list('link', recordsMax)) as readonly Assertion[]
  const facts = await knowledge.facts(directoryDigest)
  const { namesakes, accounts } = lookAlikes(facts.nodes)
  const suggested = suggestionsInForce(facts, records).map(suggestionView)
  const open = records.filter(({ status }) => status === 'proposed')
  const others = records.filter(({ status }) => status !== 'proposed')
  return { links: [...open.map(assertionView), ...suggested, ...others.map(assertionView)], namesakes, accounts }
}

function shownTo(sight: Sight, { links, namesakes, accounts }: Known): schema.Links {
  const sees = seesSettings(sight)
  const { id } = sight.caller
  const own = sees ? links : links.filter(({ from, to, author }) => [from, to, author].includes(id))
  const lists = { namesakes: sees ? namesakes : [], accounts: sees ? accounts : [] }
  const shown = {
    links: own.slice(0, shownMax),
    namesakes: lists.namesakes.slice(0, shownMax),
    accounts: lists.accounts.slice(0, shownMax),
  }
  const more = Math.max(own.length, lists.namesakes.length, lists.accounts.length) - shownMax
  return { ...shown, more: Math.max(0, more), names: namesIn(sight.index, shown) }
}

function proposing(scope: Scope, parts: Parts): void {
  const about = creates({
    operationId: 'proposeLink',
    tags: ['directory'],
    summary: 'Says whose an account is, or that two entries are one',
    description:
      'Counts against whom it names at once, and in their favour only after somebody independent has confirmed it. Of oneself one says whose an account is that nobody else has; the rest is for those who look after rules or security.',
    ok: schema.assertionDetail,
  })
  scope.post('/v1/directory/links', { schema: { ...about, body: schema.linkProposal } }, async (request, reply) => {
    const { from, to, evidence } = request.body
    const done = await propose(parts, request, saidOf(from, to), evidence)
    if (isProblem(done)) return parts.send(reply, done)
    return reply.code(201).header('location', `/v1/directory/links/${done.assertion.id}`).send(done)
  })
}

/** Two entries are one in either order, and are named in one. */
function saidOf(from: string, to: string): Said {
  if (from.startsWith('acc_')) return { kind: 'link', from, relation: 'belongs-to', to }
  const [one, other] = from < to ? [from, to] : [to, from]
  return { kind: 'link', from: one, relation: 'same-as', to: other }
}

function deciding(scope: Scope, parts: Parts): void {
  const about = (operationId: string, summary: string) =>
    writes({ operationId, tags: ['directory'], summary, ok: schema.assertionDetail })
  const isKnown = (id: string) => async () => {
    const { store, knowledge } = parts.machinery
    if ((await store.records.find(id)) !== undefined) return true
    const { directory } = await store.heads()
    return suggestionsInForce(await knowledge.facts(directory), []).some((said) => assertionId(said) === id)
  }
  scope.post(
    '/v1/directory/links/:link/confirmation',
    {
      schema: {
        ...about('confirmLink', 'Confirms a link'),
        params: schema.linkPath,
        body: schema.assertionConfirmation,
      },
    },
    async (request, reply) => {
      const { link } = request.params
      const done = await decide(parts, request, link, isKnown(link), { type: 'confirm', note: request.body.note })
      return isProblem(done) ? parts.send(reply, done) : done
    },
  )
  for (const [noun, type, operationId, summary] of [
    ['rejection', 'reject', 'rejectLink', 'Says that a link is wrong: it was never so'],
    ['end', 'end', 'endLink', 'Takes a link back, or ends it: it goes on counting for a while'],
  ] as const) {
    scope.post(
      `/v1/directory/links/:link/${noun}`,
      { schema: { ...about(operationId, summary), params: schema.linkPath, body: schema.assertionEnding } },
      async (request, reply) => {
        const { link } = request.params
        const done = await decide(parts, request, link, isKnown(link), { type, reason: request.body.reason })
        return isProblem(done) ? parts.send(reply, done) : done
      },
    )
  }
}
