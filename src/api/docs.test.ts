import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { refusals } from '../core/refusal.ts'
import { openApiDocument, problemTables, withMadeParts } from './docs.ts'

test('docs/api.md has every operation and every problem, and no other', async () => {
  const page = readFileSync('docs/api.md', 'utf8')
  const made = withMadeParts(page, await openApiDocument())
  if (process.env.GOLDEN === 'write') writeFileSync('docs/api.md', made)
  expect(readFileSync('docs/api.md', 'utf8')).toBe(made)
})

test('every refusal of the core is in the tables, with the very sentence people hear', () => {
  const rows = problemTables().split('\n')
  for (const [code, sentence] of Object.entries(refusals)) {
    expect(
      rows.filter((row) => row.startsWith(`| \`${code}\` |`) && row.endsWith(`| ${sentence} |`)),
      code,
    ).toHaveLength(1)
  }
})

test('a page without the marks is an error, not a page without tables', () => {
  expect(() => withMadeParts('# nothing', { paths: {} })).toThrow('has no place for `operations`')
})
