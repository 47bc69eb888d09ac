/**
 * People and groups of an LDAP server, as a directory: reads all of them with every reading, over a connection that nobody
 * listens to, and hands over what they mean. It reads everything or nothing.
 */
import { Client } from 'ldapts'
import type { SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { revisionOfTexts, type SourceOptions, stateOf } from '../facts-draft.ts'
import { draftOf } from './facts.ts'
import { type Entry, type Query, reasonOf, searchAll, searchOne } from './search.ts'
import type { LdapSettings } from './settings.ts'

export interface DirectoryLdapOptions extends SourceOptions, LdapSettings {}

const connectMillisMax = 10_000
const answerMillisMax = 60_000

/** @throws {SourceError} from `read`, with the address of the server and the entry. */
export function directoryLdap(options: DirectoryLdapOptions): DirectorySource {
  return {
    kind: 'directory-ldap',
    async read(now: Instant): Promise<SourceSnapshot> {
      requirePrivacy(options)
      return withClient(options, async (client) => {
        const { people, groups } = queriesOf(options)
        const found = {
          people: await searchAll(client, people, options.pageSize),
          groups: groups === undefined ? [] : await searchAll(client, groups, options.pageSize),
          isElsewhere: (dn: string) => searchOne(client, dn),
        }
        const draft = await draftOf(found, options)
        // An account that may see nobody reads an empty server, and everybody would have left.
        if (found.people.length === 0) draft.report(options.url, `nobody is found below \`${options.people.base}\``)
        return draft.snapshot(stateOf(options, revisionOf([...found.people, ...found.groups]), now))
      })
    },
  }
}

async function withClient<Value>(
  options: DirectoryLdapOptions,
  use: (client: Client) => Promise<Value>,
): Promise<Value> {
  const { url, startTls, ca, bindDn, password } = options
  const tlsOptions = ca === undefined ? {} : { ca }
  const client = new Client({
    url,
    timeout: answerMillisMax,
    connectTimeout: connectMillisMax,
    ...(url.startsWith('ldaps:') ? { tlsOptions } : {}),
  })
  try {
    if (startTls) await client.startTLS(tlsOptions)
    if (bindDn !== undefined) await client.bind(bindDn, password ?? '')
    return await use(client)
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw new SourceError([{ where: url, message: `cannot be read: ${reasonOf(error)}` }])
  } finally {
    await client.unbind().catch(() => {})
  }
}

/** On the way, an answer could be changed by anybody who can listen to the question. */
function requirePrivacy({ url, startTls, bindDn, password }: DirectoryLdapOptions): void {
  const isHere = /^ldap:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?\/?$/.test(url)
  const problem =
    url.startsWith('ldaps:') || startTls || isHere
      ? undefined
      : 'is not read over a connection that anybody can listen to; use `ldaps:` or `startTls`'
  // An empty password is an anonymous question that looks like a sign-in.
  const half = bindDn !== undefined && (password ?? '') === '' ? '`bindDn` needs a `password`' : undefined
  const message = problem ?? half
  if (message !== undefined) throw new SourceError([{ where: url, message }])
}

function queriesOf({ people, groups }: LdapSettings): { people: Query; groups: Query | undefined } {
  const asked = [people.id, people.name, people.manager, people.department, people.external?.attribute]
  const conditions = [...people.deactivated, ...people.accounts].map(({ attribute }) => attribute)
  const ofPeople = [...asked.filter((name) => name !== undefined), ...conditions, 'modifyTimestamp', 'whenChanged']
  const ofGroups = groups && [
    groups.id,
    groups.name,
    ...groups.members,
    ...groups.memberIds,
    ...groups.maintainers,
    'objectClass',
  ]
  return {
    people: { base: people.base, filter: people.filter, attributes: [...new Set(ofPeople)] },
    groups: groups && { base: groups.base, filter: groups.filter, attributes: [...new Set(ofGroups)] },
  }
}

/** What the server says of itself changes with every write to it; what was read changes only when it does. */
function revisionOf(entries: readonly Entry[]): string {
  const texts = entries.map(({ dn, attributes }) => {
    const said = [...attributes].filter(([name]) => name !== 'modifytimestamp' && name !== 'whenchanged')
    return JSON.stringify([dn, said.map(([name, values]) => [name, [...values].sort()]).sort()])
  })
  return revisionOfTexts(texts.sort())
}
