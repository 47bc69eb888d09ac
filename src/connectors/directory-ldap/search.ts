/**
 * Asks an LDAP server, and takes an answer only when it is whole: a result that was cut short, that refers elsewhere, or of
 * which nobody can say whether more would follow is an error. Reads and never writes.
 */
import {
  type Client,
  InvalidCredentialsError,
  type Entry as RawEntry,
  ResultCodeError,
  type SearchOptions,
  SizeLimitExceededError,
} from 'ldapts'

/** Attributes by name in lower case. */
export interface Entry {
  readonly dn: string
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

export interface Query {
  readonly base: string
  readonly filter: string
  readonly attributes: readonly string[]
}

/** An answer that cannot be taken for the whole truth. */
export class IncompleteError extends Error {
  override readonly name = 'IncompleteError'
}

/**
 * @returns every entry below the base that fits.
 * @throws {IncompleteError} when it may not be all.
 */
export async function searchAll(client: Client, query: Query, pageSizeMax: number): Promise<readonly Entry[]> {
  for (const pageSize of [pageSizeMax, pageSizeMax - 1]) {
    const pages = await pagesOf(client, query, pageSize)
    // An empty last page may be the end or a pause; with pages of another length the end falls elsewhere.
    if (pages.length === 1 || pages.at(-1)?.length !== 0) return withRanges(client, pages.flat())
  }
  throw new IncompleteError(`the server does not say whether more follows below \`${query.base}\``)
}

/** The entry itself, when it is there and may be seen. */
export async function searchOne(client: Client, dn: string): Promise<boolean> {
  try {
    const { searchEntries } = await client.search(dn, { scope: 'base', attributes: ['1.1'], filter: '(objectClass=*)' })
    return searchEntries.length > 0
  } catch (error) {
    if (error instanceof ResultCodeError && (error.code === noSuchObject || error.code === invalidDn)) return false
    throw error
  }
}

const noSuchObject = 32
const invalidDn = 34

async function pagesOf(client: Client, query: Query, pageSize: number): Promise<Entry[][]> {
  const pages: Entry[][] = []
  const options: SearchOptions = {
    scope: 'sub',
    derefAliases: 'never',
    filter: query.filter,
    attributes: [...query.attributes],
    paged: { pageSize },
  }
  for await (const { searchEntries, searchReferences } of client.searchPaginated(query.base, options)) {
    if (searchReferences.length > 0)
      throw new IncompleteError(`below \`${query.base}\` the server refers to another one, which is not asked`)
    pages.push(searchEntries.map(entryOf))
  }
  return pages
}

function entryOf({ dn, ...attributes }: RawEntry): Entry {
  const read = Object.entries(attributes).map(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).map((each) =>
      typeof each === 'string' ? each : each.toString('hex'),
    )
    return [name.toLowerCase(), values] as const
  })
  return { dn, attributes: new Map(read) }
}

const rangePattern = /^(.+);range=(\d+)-(\d+|\*)$/

/** Active Directory gives long lists of members in parts: `member;range=0-1499`. */
async function withRanges(client: Client, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const whole: Entry[] = []
  for (const entry of entries) {
    const parts = [...entry.attributes.keys()].filter((name) => rangePattern.test(name))
    whole.push(parts.length === 0 ? entry : await withAllValues(client, entry, parts))
  }
  return whole
}

/** @throws {IncompleteError} when the parts do not add up. Exported for its test: no server of ours gives parts. */
export async function withAllValues(
  client: Pick<Client, 'search'>,
  entry: Entry,
  parts: readonly string[],
): Promise<Entry> {
  const attributes = new Map(entry.attributes)
  for (const part of parts) {
    let [, name = '', from, to] = rangePattern.exec(part) as RegExpExecArray
    const values = [...(attributes.get(part) ?? [])]
    attributes.delete(part)
    while (to !== '*') {
      if (Number(from) + (Number(to) - Number(from)) + 1 !== values.length)
        throw new IncompleteError(`the server gave the values of \`${name}\` of \`${entry.dn}\` in parts with gaps`)
      const asked = `${name};range=${Number(to) + 1}-*`
      const { searchEntries } = await client.search(entry.dn, { scope: 'base', attributes: [asked] })
      const [next] = searchEntries.map(entryOf)
      const found = [...(next?.attributes ?? [])].find(([key]) => rangePattern.exec(key)?.[1] === name)
      if (found === undefined)
        throw new IncompleteError(`the server did not give all of \`${name}\` of \`${entry.dn}\``)
      ;[, name, from, to] = rangePattern.exec(found[0]) as unknown as [string, string, string, string]
      values.push(...found[1])
    }
    attributes.set(name, values)
  }
  return { dn: entry.dn, attributes }
}

const messages: Readonly<Record<number, string>> = {
  3: 'the server took longer than it allows itself',
  11: 'the server refuses so much at once; lower `pageSize`, or raise its limit for the account that reads',
  [noSuchObject]: 'a base is not there, or the account that reads may not see it',
  50: 'the account that reads may not',
}

/** What went wrong in words; never with the password. */
export function reasonOf(error: unknown): string {
  if (error instanceof IncompleteError) return error.message
  if (error instanceof SizeLimitExceededError)
    return 'the server gives only part of the entries; raise its limit for the account that reads'
  if (error instanceof InvalidCredentialsError) return 'the server does not accept the account or its password'
  if (error instanceof ResultCodeError) return messages[error.code] ?? `the server says: ${error.message}`
  if (!(error instanceof Error)) return 'no reason is known'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
