/** The secrets of sources that are pushed: long enough, each its own, and never in a message. */
import { expect, test } from 'vitest'
import { scimSourcesFrom } from '../src/scim.ts'
import { directorySourceSchema } from '../src/sources.ts'

const source = (id: string, token: string) => directorySourceSchema.parse({ id, kind: 'scim', token })
const secrets: Readonly<Record<string, string>> = {
  'env:A': 'a'.repeat(32),
  'env:B': 'b'.repeat(32),
  'env:SHORT': 'hunter2',
}
const read = (reference: string) => secrets[reference] ?? ''

test('each source has a secret of its own, kept as its hash', () => {
  const [one, two] = scimSourcesFrom([source('one', 'env:A'), source('two', 'env:B')], read)
  expect(one).toMatchObject({ source: 'one', ids: 'generated', idPrefix: '' })
  expect(one?.tokenDigest.equals(two?.tokenDigest ?? Buffer.alloc(0))).toBe(false)
  expect(JSON.stringify(one)).not.toContain('aaaa')
})

test('[fail/closed] a short secret, or one that two sources share, is an error that does not say it', () => {
  expect(() => scimSourcesFrom([source('one', 'env:SHORT')], read)).toThrow(
    /`env:SHORT`: the token of `one` needs at least 32/,
  )
  expect(() => scimSourcesFrom([source('one', 'env:SHORT')], read)).not.toThrow(/hunter2/)
  expect(() => scimSourcesFrom([source('one', 'env:A'), source('two', 'env:A')], read)).toThrow('have the same token')
})
