/**
 * Users and groups: from what a client sends to what is kept, and back to what it is shown. What a resource is in the
 * directory is decided once, when it is created, and is nothing a client can say or change afterwards.
 */
import type { NodeId, SourceId } from '../../core/directory.ts'
import { newId } from '../../lib/id.ts'
import { nameKey } from '../../lib/name-key.ts'
import type { ScimDraft, ScimKind, ScimResource, ScimState } from '../../store/scim-contract.ts'
import { coerced, enterpriseSchema, schemas } from './definitions.ts'
import { invalid, ScimError } from './error.ts'
import { type Member, membersIn } from './members.ts'
import { type Json, normalResource } from './normal.ts'
import type { ScimSource } from './options.ts'

/** Larger groups are no teams; and every member is checked. */
const membersMax = 50_000
const textMax = 1_000

/** @throws {ScimError} for what does not fit the schema. */
export function draftOf(kind: ScimKind, sent: unknown): ScimDraft {
  let body: Json
  try {
    const { members, ...normal } = normalResource(kind, sent)
    const { id: _, meta: __, schemas: ___, ...whole } = coerced(kind, normal, 'in') as Json
    body = kind === 'User' || members === undefined ? whole : { ...whole, members: membersIn(members) }
  } catch (error) {
    throw invalid(error)
  }
  const name = kind === 'User' ? body.userName : body.displayName
  if (typeof name !== 'string' || name.trim() === '')
    throw new ScimError(400, `\`${kind === 'User' ? 'userName' : 'displayName'}\` is needed`, 'invalidValue')
  wellFormed(body)
  const { externalId } = body
  return {
    nameKey: nameKey(name),
    active: kind === 'Group' || body.active !== false,
    body,
    ...(typeof externalId === 'string' && externalId !== '' ? { externalId } : {}),
  }
}

/** @returns what the library patches: the resource with what it needs to know it by. */
export function asSent({ kind, id, body }: ScimResource): Json {
  const extended = enterpriseSchema in body ? [enterpriseSchema] : []
  return { schemas: [schemas[kind].id, ...extended], id, ...body }
}

/** @returns what a new resource is in the directory. */
export async function nodeOf(
  source: ScimSource,
  kind: ScimKind,
  id: string,
  draft: ScimDraft,
  state: Pick<ScimState, 'formerNode'>,
): Promise<NodeId> {
  if (kind === 'Group') return `team_${source.idPrefix}${id}`
  // Whoever comes back is who they were: a deleted entry is no way to a new beginning.
  const former = await state.formerNode({ source: source.source, kind }, draft)
  if (former !== undefined) return former
  return `per_${source.idPrefix}${source.ids === 'generated' ? id : givenId(source.ids, draft)}`
}

export function freshId(): string {
  return newId('scim').slice('scim_'.length)
}

function givenId(ids: Exclude<ScimSource['ids'], 'generated'>, { nameKey: name, externalId, body }: ScimDraft): string {
  const extension = body[enterpriseSchema] as Json | undefined
  const values = { userName: name, externalId, employeeNumber: extension?.employeeNumber }
  const value = values[ids]
  if (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,150}$/.test(value)) return value
  throw new ScimError(
    400,
    `\`${ids}\` is what people are called here: 1 to 151 of A-Z a-z 0-9 . _ : @ + -`,
    'invalidValue',
  )
}

/** Members are users and groups of the same source, each once. @throws {ScimError} */
export async function checkedMembers(
  source: SourceId,
  { body, ...draft }: ScimDraft,
  before: Pick<ScimResource, 'id' | 'body'> | undefined,
  state: Pick<ScimState, 'existing'>,
): Promise<ScimDraft> {
  if (!Array.isArray(body.members)) return { ...draft, body }
  const members = body.members as readonly Member[]
  if (members.length > membersMax) throw new ScimError(400, `a group has at most ${membersMax} members`, 'invalidValue')
  // Who is in it already was looked at then; whoever was deleted since does not stand in the way of others.
  const known = new Set(((before?.body.members ?? []) as readonly Member[]).map(({ value }) => value))
  const fresh = members.map(({ value }) => value).filter((value) => !known.has(value))
  const ids = fresh.filter((id) => typeof id === 'string')
  const there = ids.length === 0 ? new Set<string>() : await state.existing(source, ids)
  if (ids.length !== fresh.length || ids.some((id) => !there.has(id) || id === before?.id))
    throw new ScimError(400, 'a member is the `id` of another user or group that is there', 'invalidValue')
  return { ...draft, body }
}

export interface Shown {
  readonly base: string
  readonly groups?: readonly { readonly id: string; readonly body: Json }[]
}

export function shown(resource: ScimResource, { base, groups }: Shown): Json {
  const { kind, id, version, created, modified, body } = resource
  const location = `${base}/${kind}s/${id}`
  const active = kind === 'User' ? { active: resource.active } : {}
  return {
    ...asSent(resource),
    ...active,
    ...(groups === undefined
      ? {}
      : {
          groups: groups.map((group) => ({
            value: group.id,
            $ref: `${base}/Groups/${group.id}`,
            ...(typeof group.body.displayName === 'string' ? { display: group.body.displayName } : {}),
          })),
        }),
    ...(Array.isArray(body.members) ? { members: body.members } : {}),
    meta: { resourceType: kind, created, lastModified: modified, location, version: etagOf(version) },
  }
}

export function etagOf(version: number): string {
  return `W/"${version}"`
}

const always: ReadonlySet<string> = new Set(['schemas', 'id', 'meta'])

/** `attributes` and `excludedAttributes`, by top-level name. */
export function chosen(
  resource: Json,
  query: { readonly attributes?: string; readonly excludedAttributes?: string },
): Json {
  const names = (list: string) =>
    new Set(list.split(',').map((name) => (name.trim().split('.')[0] ?? '').toLowerCase()))
  if (query.attributes !== undefined && query.attributes !== '') {
    const wanted = names(query.attributes)
    return pick(resource, (key) => wanted.has(key.toLowerCase()) || wanted.has(key.toLowerCase().split('.')[0] ?? ''))
  }
  if (query.excludedAttributes === undefined || query.excludedAttributes === '') return resource
  const unwanted = names(query.excludedAttributes)
  return pick(resource, (key) => !unwanted.has(key.toLowerCase()))
}

function pick(resource: Json, wants: (key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(resource).filter(([key]) => always.has(key) || wants(key)))
}

/** No text that could not be stored, shown or compared. */
function wellFormed(value: unknown): void {
  if (typeof value === 'string') {
    if (value.length > textMax || !value.isWellFormed() || value.includes('\0'))
      throw new ScimError(400, `text has at most ${textMax} characters, is well-formed and has no NUL`, 'invalidValue')
  } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(wellFormed)
}
