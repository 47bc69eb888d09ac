/** What `docs/log.md` lists is what there is. `GOLDEN=write` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findings } from '../../src/engine/seal/broken.ts'

test('every finding is in the document, in the words of the code', () => {
  const rows = Object.entries(findings).map(([name, says]) => `| \`${name}\` | ${says} |`)
  const page = readFileSync('docs/log.md', 'utf8')
  const made = page.replace(
    /<!-- made: findings -->[\s\S]*?<!-- end: findings -->/,
    `<!-- made: findings -->\n${rows.join('\n')}\n<!-- end: findings -->`,
  )
  if (process.env.GOLDEN === 'write') writeFileSync('docs/log.md', made)
  expect(page).toBe(made)
})
