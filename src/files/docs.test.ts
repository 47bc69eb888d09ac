/** The pages about files: their lists of fields are the schemas', and their examples are read. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { snapshotOf } from '../connectors/directory-yaml/snapshot.ts'
import { readCases } from './cases.ts'
import { readPolicy } from './policy.ts'
import { fieldTable, jsonSchemas } from './schemas.ts'

const docs = join(import.meta.dirname, '../../docs')

const readers: Readonly<Record<string, (text: string) => object>> = {
  policy: (text) => readPolicy([{ name: 'policy', text }]),
  cases: (text) => readCases([{ name: 'cases', text }]),
  directory: (text) =>
    snapshotOf([{ name: 'directory', text }], { source: 'docs', revision: 'r1', now: '2026-11-22T10:00:00.000Z' }),
}

test.each([
  ['policy.md', 'policy.schema.json', 2],
  ['directory.md', 'directory.schema.json', 1],
])('docs/%s lists every field, and its examples are read without a problem', async (page, schema, examples) => {
  const text = await readFile(join(docs, page), 'utf8')
  const table = `<!-- fields -->\n${fieldTable(jsonSchemas()[schema] ?? {})}\n<!-- /fields -->`
  // `vitest run src/files/docs.test.ts -u` writes the list anew.
  const wanted = text.replace(/<!-- fields -->[\s\S]*<!-- \/fields -->/, () => table)
  expect(wanted).toContain(table)
  await expect(wanted).toMatchFileSnapshot(join(docs, page))
  const blocks = [...text.matchAll(/```yaml (\w+)\n([\s\S]*?)```/g)]
  expect(blocks).toHaveLength(examples)
  for (const [, kind = '', block = ''] of blocks) expect(readers[kind]?.(block), block).not.toHaveProperty('problems')
})
