/** What the documents list is what there is. `GOLDEN=write` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findings } from '../../src/engine/seal/broken.ts'
import { auditFindings } from '../../src/proof/audit/audit.ts'
import { stepNames } from '../../src/proof/bundle/steps.ts'

test.each([
  ['docs/log.md', 'findings', findings],
  ['docs/log.md', 'audit', auditFindings],
  ['docs/proof.md', 'steps', stepNames],
])('%s has all %s, in the words of the code', (file, name, table) => {
  const rows = Object.entries(table).map(([code, says]) => `| \`${code}\` | ${says} |`)
  const page = readFileSync(file, 'utf8')
  const made = page.replace(
    new RegExp(`<!-- made: ${name} -->[\\s\\S]*?<!-- end: ${name} -->`),
    `<!-- made: ${name} -->\n${rows.join('\n')}\n<!-- end: ${name} -->`,
  )
  if (process.env.GOLDEN === 'write') writeFileSync(file, made)
  expect(page).toBe(made)
})
