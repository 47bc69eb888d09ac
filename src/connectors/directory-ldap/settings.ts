/** What is set for an LDAP server: how it is reached, where people and groups are, and which attribute says what. */
import { z } from 'zod'
import { idPrefix, namespace } from '../settings.ts'
import { sameDn } from './dn.ts'

const dn = z.string().refine((text) => sameDn(text) !== undefined, {
  error: 'expected a distinguished name such as `ou=people,dc=example,dc=org`',
})
const attribute = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error: 'expected the name of an attribute', abort: true })
const filter = z.string().regex(/^\(.+\)$/, { error: 'expected a filter such as `(objectClass=inetOrgPerson)`' })

/** Any of these makes somebody deactivated. */
const condition = z.union([
  z.strictObject({ attribute, present: z.literal(true) }),
  z.strictObject({ attribute, equals: z.string() }),
  z.strictObject({ attribute, bit: z.int().min(1) }),
])

const account = z.strictObject({
  on: z.string().min(1).describe('key of an issuer, or a system'),
  attribute,
  confirmed: z
    .boolean()
    .default(false)
    .describe('somebody else than its owner keeps this attribute right; only then an account counts in its favour'),
})

const people = z.strictObject({
  base: dn,
  filter: filter.default('(objectClass=inetOrgPerson)'),
  id: attribute.default('uid'),
  name: attribute.default('cn'),
  manager: attribute.default('manager'),
  department: attribute.exactOptional().describe('an attribute whose values are teams of their own'),
  external: z.strictObject({ attribute, equals: z.string() }).exactOptional(),
  deactivated: z.array(condition).default([]),
  accounts: z.array(account).default([]),
})

const groups = z.strictObject({
  base: dn,
  filter: filter.default('(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))'),
  id: attribute.default('cn'),
  name: attribute.default('cn'),
  members: z.array(attribute).default(['member', 'uniqueMember']).describe('attributes with names of entries'),
  memberIds: z.array(attribute).default(['memberUid']).describe('attributes with ids of people'),
  maintainers: z.array(attribute).default(['owner']),
})

export const ldapSettings = {
  url: z.string().regex(/^ldaps?:\/\/[^/?#@]+\/?$/, {
    error: 'expected `ldaps://host` or `ldap://host`, with a port where it is another',
  }),
  startTls: z.boolean().default(false).describe('begin `ldap:` in the open and encrypt before anything is said'),
  ca: z.string().min(1).exactOptional().describe('file with the certificates that are believed, from this file'),
  bindDn: dn.exactOptional().describe('the account that reads; without it nothing proves who asks'),
  password: z.string().min(1).exactOptional().describe('reference to its password: `env:NAME` or `file:/path`'),
  namespace: namespace.default('ldap').describe('groups are `team_<namespace>.<id>`'),
  idPrefix: idPrefix.describe('put before ids of people, where another source has people of its own'),
  people,
  groups: groups.exactOptional(),
  pageSize: z.int().min(2).max(10_000).default(500).describe('entries asked for at once'),
  missing: z
    .enum(['unknown', 'gone'])
    .default('unknown')
    .describe('names of entries that are nowhere: an unknown person, or a leftover that means nobody'),
}

export type PeopleSettings = z.output<typeof people>
export type GroupSettings = z.output<typeof groups>
export type Condition = z.output<typeof condition>

export interface LdapSettings {
  readonly url: string
  readonly startTls: boolean
  /** The certificates themselves. */
  readonly ca?: string
  readonly bindDn?: string
  /** The password itself. */
  readonly password?: string
  readonly namespace: string
  readonly idPrefix: string
  readonly people: PeopleSettings
  readonly groups?: GroupSettings
  readonly pageSize: number
  readonly missing: 'unknown' | 'gone'
}
