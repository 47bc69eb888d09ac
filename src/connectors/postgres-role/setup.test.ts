import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { setupSql } from './setup.ts'
import { readTarget } from './target.ts'

const readme = await readFile(new URL('README.md', import.meta.url), 'utf8')
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``).exec(readme)?.[1]

test('the README shows the setup that the tests run', () => {
  const offer = {
    roles: ['payments_writer'],
    privileges: [{ resource: 'ledger.entries', actions: ['select', 'insert'] }],
  }
  expect(block('sql')).toBe(setupSql('countersign', offer))
})

test('the entitlements in the README are ones the connector takes', () => {
  const { entitlements } = parse(block('yaml') ?? '').systems['ledger-db']
  expect(readTarget(entitlements['entries-write']).actions).toEqual(['select', 'insert'])
  expect(readTarget(entitlements['payments-writer']).member).toBe('payments_writer')
})

test('[B13] names of an offer are quoted, and a resource is parsed before it is written', () => {
  expect(setupSql('a"b; --', { roles: ['c"d'] })).toContain('GRANT "c""d" TO "a""b; --" WITH ADMIN OPTION;')
  for (const login of ['a$$b', 'x'.repeat(64)]) expect(() => setupSql(login)).toThrow()
  expect(() => setupSql('login', { privileges: [{ resource: 'x; DROP TABLE y', actions: ['select'] }] })).toThrow(
    /not a resource/,
  )
  expect(() => setupSql('login', { privileges: [{ resource: 'a.b', actions: ['all'] }] })).toThrow(/not an action/)
})
