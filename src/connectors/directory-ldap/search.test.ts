/** What no server at hand does: long lists in parts, as Active Directory gives them, and last pages that say nothing. */
import type { Client, SearchOptions, SearchResult } from 'ldapts'
import { expect, test } from 'vitest'
import { searchAll, withAllValues } from './search.ts'

const dn = 'cn=all,dc=x'
const members = Array.from({ length: 7 }, (_, number) => `uid=p${number},dc=x`)

/** Gives at most three values at a time. */
function inParts(broken?: (name: string) => string): Pick<Client, 'search'> {
  return {
    async search(_: unknown, options: SearchOptions = {}): Promise<SearchResult> {
      const from = Number(/range=(\d+)-/.exec(options.attributes?.[0] ?? '')?.[1])
      const values = members.slice(from, from + 3)
      const isLast = from + values.length === members.length
      const name = `member;range=${from}-${isLast ? '*' : from + values.length - 1}`
      return { searchEntries: [{ dn, [broken?.(name) ?? name]: values }], searchReferences: [] }
    },
  } as Pick<Client, 'search'>
}

const first = { dn, attributes: new Map([['member;range=0-2', members.slice(0, 3)]]) }

test('a long list of members is asked for part by part, to the last one', async () => {
  const whole = await withAllValues(inParts(), first, ['member;range=0-2'])
  expect([...whole.attributes]).toEqual([['member', members]])
})

test('[fail/closed] a part that does not come, or leaves a gap, makes the answer none', async () => {
  await expect(
    withAllValues(
      inParts(() => 'member'),
      first,
      ['member;range=0-2'],
    ),
  ).rejects.toThrow('did not give all')
  await expect(
    withAllValues(
      inParts((name) => name.replace('3-5', '3-9')),
      first,
      ['member;range=0-2'],
    ),
  ).rejects.toThrow('in parts with gaps')
})

/** Pages of any length, the last one empty; what lies behind it is not told. */
function ending(lengths: (pageSize: number) => readonly number[]): Client {
  return {
    async *searchPaginated(_: unknown, options: { paged: { pageSize: number } }) {
      for (const length of lengths(options.paged.pageSize)) {
        const searchEntries = Array.from({ length }, (_, number) => ({ dn: `uid=${number}` }))
        yield { searchEntries, searchReferences: [] }
      }
    },
  } as unknown as Client
}

test('an empty last page may be a pause: pages of another length must end with one that is not', async () => {
  const query = { base: 'dc=x', filter: '(a=b)', attributes: [] }
  const multiple = (pageSize: number) => (pageSize === 3 ? [3, 3, 0] : [2, 2, 2])
  expect(await searchAll(ending(multiple), query, 3)).toHaveLength(6)
  expect(
    await searchAll(
      ending(() => [0]),
      query,
      3,
    ),
  ).toEqual([])
  await expect(
    searchAll(
      ending(() => [3, 0]),
      query,
      3,
    ),
  ).rejects.toThrow('does not say whether more follows')
})
