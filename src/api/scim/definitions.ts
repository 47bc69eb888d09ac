/**
 * The schemas of SCIM 2.0 as the library has them, and our own description of what is offered. Users carry the enterprise
 * extension; nothing else is extended, so that what is stored is what the standard names.
 */
import SCIMMY from 'scimmy'
import type { ScimKind } from '../../store/scim-contract.ts'

const { User, Group, EnterpriseUser } = SCIMMY.Schemas
if (!User.definition.attributes.includes(EnterpriseUser.definition as never))
  User.definition.extend(EnterpriseUser.definition, false)

export const userSchema: string = User.definition.id
export const groupSchema: string = Group.definition.id
export const enterpriseSchema: string = EnterpriseUser.definition.id

/** An attribute by its exact name. */
export interface AttributeKind {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly caseExact: boolean
  /** By lower-case name. */
  readonly parts: ReadonlyMap<string, AttributeKind>
}

export interface SchemaKind {
  readonly id: string
  /** By lower-case name; extensions apart. */
  readonly attributes: ReadonlyMap<string, AttributeKind>
  /** By lower-case URN. */
  readonly extensions: ReadonlyMap<string, ReadonlyMap<string, AttributeKind>>
}

export const schemas: Readonly<Record<ScimKind, SchemaKind>> = {
  User: {
    id: userSchema,
    attributes: attributesOf(User.definition),
    extensions: new Map([[enterpriseSchema.toLowerCase(), attributesOf(EnterpriseUser.definition)]]),
  },
  Group: { id: groupSchema, attributes: attributesOf(Group.definition), extensions: new Map() },
}

interface Described {
  readonly name: string
  readonly type: string
  readonly config?: { readonly multiValued?: boolean; readonly caseExact?: boolean }
  readonly subAttributes?: readonly Described[]
}

function attributesOf({ attributes }: { readonly attributes: readonly unknown[] }): ReadonlyMap<string, AttributeKind> {
  const own = (attributes as readonly Described[]).filter(({ config }) => config !== undefined)
  return new Map(own.map((attribute) => [attribute.name.toLowerCase(), attributeOf(attribute)]))
}

function attributeOf({ name, type, config = {}, subAttributes = [] }: Described): AttributeKind {
  const { multiValued = false, caseExact = false } = config
  const parts = new Map(subAttributes.map((part) => [part.name.toLowerCase(), attributeOf(part)]))
  return { name, type, multiValued, caseExact, parts }
}

/** @returns the resource as the schema has it. @throws a `TypeError` with a sentence where it does not fit. */
export function coerced(kind: ScimKind, body: object, direction: 'in' | 'both'): object {
  const resource = kind === 'User' ? new User(body, direction) : new Group(body, direction)
  return JSON.parse(JSON.stringify(resource)) as object
}

/** One operation of a PATCH, as the library applies it; undefined when it changes nothing. */
export async function patched(kind: ScimKind, body: object, operation: object): Promise<object | undefined> {
  const resource = kind === 'User' ? new User(body, 'both') : new Group(body, 'both')
  const message = new SCIMMY.Messages.PatchOp({ schemas: [patchSchema], Operations: [operation] } as never)
  const after = await message.apply(resource as never)
  return after === undefined ? undefined : (JSON.parse(JSON.stringify(after)) as object)
}

export const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

export function filterOf(expression: string): readonly unknown[] {
  return [...new SCIMMY.Types.Filter(expression)]
}

export const resultsMax = 200

export function serviceProviderConfig(base: string): object {
  const no = { supported: false }
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    documentationUri: 'https://datatracker.ietf.org/doc/html/rfc7644',
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: resultsMax },
    changePassword: no,
    sort: no,
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A secret of its own for each source, set by the operator of this installation',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

export function resourceTypes(base: string): readonly { readonly id: string }[] {
  const type = (id: ScimKind, endpoint: string, description: string, extensions: readonly object[]) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id,
    name: id,
    endpoint,
    description,
    schema: schemas[id].id,
    ...(extensions.length === 0 ? {} : { schemaExtensions: extensions }),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  })
  return [
    type('User', '/Users', 'People', [{ schema: enterpriseSchema, required: false }]),
    type('Group', '/Groups', 'Teams', []),
  ]
}

export function schemaDocuments(base: string): readonly { readonly id: string }[] {
  return [User, Group, EnterpriseUser].map(({ definition }) => {
    const described = JSON.parse(JSON.stringify(definition.describe(`${base}/Schemas`))) as {
      id: string
      meta?: object
    }
    const meta = { resourceType: 'Schema', location: `${base}/Schemas/${described.id}` }
    return { ...described, meta }
  })
}
