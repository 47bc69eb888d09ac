/** Users and groups over HTTP (RFC 7644): the same six operations for both. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { canonicalJson } from '../../lib/digest.ts'
import { nameKey } from '../../lib/name-key.ts'
import type { ScimKind, ScimPlace, ScimQuery, ScimResource } from '../../store/scim-contract.ts'
import { resultsMax } from './definitions.ts'
import { ScimError } from './error.ts'
import { type Condition, conditionsOf, matches } from './filter.ts'
import { areSameMembers } from './members.ts'
import type { Json } from './normal.ts'
import type { ScimOptions, ScimSource } from './options.ts'
import { applyPatch } from './patch.ts'
import { asSent, checkedMembers, chosen, draftOf, etagOf, freshId, nodeOf, shown } from './resources.ts'

export interface ScimParts {
  readonly options: ScimOptions
  /** Without a slash at the end. */
  readonly base: string
  /** Whose token it was. */
  readonly sourceOf: (request: FastifyRequest) => ScimSource
}

interface Query {
  readonly filter?: string
  readonly startIndex?: string
  readonly count?: string
  readonly attributes?: string
  readonly excludedAttributes?: string
}

interface Asked {
  Querystring: Query
  Params: { readonly id: string }
}

/** Others may change a resource between looking and writing; then it is looked at again. */
const triesMax = 8
/** So many are looked through for conditions that no index answers. */
const scannedMax = 20_000

export function resourceRoutes(scope: FastifyInstance, parts: ScimParts, kind: ScimKind): void {
  const at = `/${kind}s`
  scope.get<Asked>(at, (request, reply) => list(parts, kind, request, reply))
  scope.post<Asked>(at, (request, reply) => create(parts, kind, request, reply))
  scope.get<Asked>(`${at}/:id`, (request, reply) => read(parts, kind, request, reply))
  scope.put<Asked>(`${at}/:id`, (request, reply) => change(parts, kind, request, reply, async () => request.body))
  scope.patch<Asked>(`${at}/:id`, (request, reply) =>
    change(parts, kind, request, reply, (before) => applyPatch(kind, asSent(before), request.body)),
  )
  scope.delete<Asked>(`${at}/:id`, (request, reply) => remove(parts, kind, request, reply))
}

async function list(parts: ScimParts, kind: ScimKind, request: FastifyRequest<Asked>, reply: FastifyReply) {
  const { filter, startIndex, count, ...choice } = request.query
  const place = placeOf(parts, kind, request)
  const conditions = filter === undefined ? [] : conditionsOf(kind, filter)
  const start = Math.max(1, wholeNumber(startIndex, 1))
  const size = Math.min(resultsMax, Math.max(0, wholeNumber(count, 100)))
  const found = await search(parts, place, conditions, start - 1, size)
  const resources = found.resources.map((one) => chosen(shown(one, parts), choice))
  return reply.send({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.total,
    startIndex: start,
    itemsPerPage: resources.length,
    Resources: resources,
  })
}

async function search(
  { options: { state }, base }: ScimParts,
  place: ScimPlace,
  conditions: readonly Condition[],
  offset: number,
  size: number,
) {
  const { by, rest } = indexed(place.kind, conditions)
  if (rest.length === 0) return state.search(place, by, offset, size)
  const { total, resources } = await state.search(place, by, 0, scannedMax)
  if (total > scannedMax)
    throw new ScimError(400, 'too many to look through: filter by name, id or externalId', 'invalidFilter')
  const found = resources.filter((one) => matches(shown(one, { base }), rest))
  return { total: found.length, resources: found.slice(offset, offset + size) }
}

/** What the database finds by itself; everything else is compared here. */
function indexed(kind: ScimKind, conditions: readonly Condition[]): { by: ScimQuery; rest: readonly Condition[] } {
  const names: Readonly<Record<string, keyof ScimQuery>> = { id: 'id', externalId: 'externalId' }
  const by: Record<string, string> = {}
  const rest: Condition[] = []
  for (const condition of conditions) {
    const { attribute, equals, extension } = condition
    const column = extension === undefined ? names[attribute.name] : undefined
    if (column === undefined || typeof equals !== 'string' || column in by) rest.push(condition)
    else by[column] = equals
  }
  const named = rest.find(
    ({ attribute, equals }) =>
      attribute.name === (kind === 'User' ? 'userName' : 'displayName') && typeof equals === 'string',
  )
  // The key folds more together than a filter does, so the name itself is compared as well.
  return named === undefined ? { by, rest } : { by: { ...by, nameKey: nameKey(named.equals as string) }, rest }
}

async function create(parts: ScimParts, kind: ScimKind, request: FastifyRequest<Asked>, reply: FastifyReply) {
  const { state } = parts.options
  const source = parts.sourceOf(request)
  const id = freshId()
  const draft = await checkedMembers(source.source, draftOf(kind, request.body), undefined, state)
  const node = await nodeOf(source, kind, id, draft, state)
  const created = await state.create({ source: source.source, kind, id, node, ...draft })
  if (created === 'name-taken') throw new ScimError(409, 'another user has this `userName`', 'uniqueness')
  if (created === 'node-taken')
    throw new ScimError(409, 'another user is called the same in the directory', 'uniqueness')
  await inForce(parts, source, !created.active)
  const resource = shown(created, parts)
  return reply.code(201).headers(headersOf(created, parts)).send(chosen(resource, request.query))
}

async function read(parts: ScimParts, kind: ScimKind, request: FastifyRequest<Asked>, reply: FastifyReply) {
  const resource = await found(parts, kind, request)
  if (request.headers['if-none-match'] === etagOf(resource.version)) return reply.code(304).send()
  const groups = kind === 'User' ? { groups: await parts.options.state.groupsOf(resource.source, resource.id) } : {}
  return reply.headers(headersOf(resource, parts)).send(chosen(shown(resource, { ...parts, ...groups }), request.query))
}

/** PUT and PATCH: what is there is looked at, changed, and written if it is still what was looked at. */
async function change(
  parts: ScimParts,
  kind: ScimKind,
  request: FastifyRequest<Asked>,
  reply: FastifyReply,
  changed: (before: ScimResource) => Promise<unknown>,
) {
  const { state } = parts.options
  for (let tries = 0; tries < triesMax; tries++) {
    const before = await found(parts, kind, request)
    unlessChanged(request, before)
    const draft = await checkedMembers(before.source, draftOf(kind, await changed(before)), before, state)
    const after = isSame(before, draft) ? before : await state.replace(before, draft)
    if (after === 'name-taken') throw new ScimError(409, 'another user has this `userName`', 'uniqueness')
    if (after === 'changed') continue
    if (after !== before) await inForce(parts, parts.sourceOf(request), before.active && !after.active)
    return reply.headers(headersOf(after, parts)).send(chosen(shown(after, parts), request.query))
  }
  throw new ScimError(409, 'others were quicker several times; try again')
}

async function remove(parts: ScimParts, kind: ScimKind, request: FastifyRequest<Asked>, reply: FastifyReply) {
  for (let tries = 0; tries < triesMax; tries++) {
    const before = await found(parts, kind, request)
    unlessChanged(request, before)
    if ((await parts.options.state.remove(before)) === 'changed') continue
    await inForce(parts, parts.sourceOf(request), true)
    return reply.code(204).send()
  }
  throw new ScimError(409, 'others were quicker several times; try again')
}

/** Somebody goes: whoever said so hears yes when it is in force. Everything else follows in a moment. */
async function inForce({ options }: ScimParts, { source }: ScimSource, somebodyGoes: boolean): Promise<void> {
  if (somebodyGoes) await options.readNow(source)
  else options.readSoon(source)
}

async function found(parts: ScimParts, kind: ScimKind, request: FastifyRequest<Asked>): Promise<ScimResource> {
  const resource = await parts.options.state.find(placeOf(parts, kind, request), request.params.id)
  if (resource === undefined) throw new ScimError(404, `there is no such ${kind}`)
  return resource
}

function unlessChanged({ headers }: FastifyRequest<Asked>, { version }: ScimResource): void {
  const wanted = headers['if-match']
  if (wanted === undefined || wanted === '*') return
  if (!wanted.split(',').some((one) => one.trim() === etagOf(version)))
    throw new ScimError(412, 'it was changed since that version')
}

function placeOf(parts: ScimParts, kind: ScimKind, request: FastifyRequest<Asked>): ScimPlace {
  return { source: parts.sourceOf(request).source, kind }
}

function headersOf({ kind, id, version }: ScimResource, { base }: ScimParts): Record<string, string> {
  return { etag: etagOf(version), location: `${base}/${kind}s/${id}` }
}

function isSame(before: ScimResource, { body, active }: { readonly body: Json; readonly active: boolean }): boolean {
  const [{ members: old, ...rest }, { members: young, ...others }] = [before.body, body]
  return before.active === active && areSameMembers(old, young) && canonicalJson(rest) === canonicalJson(others)
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^-?\d{1,9}$/.test(text)) throw new ScimError(400, '`startIndex` and `count` are whole numbers', 'invalidValue')
  return Number(text)
}
