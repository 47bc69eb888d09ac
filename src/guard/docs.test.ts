import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('docs/guard.md explains every option that is not for tests, and no other', () => {
  const page = read('../../docs/guard.md')
  const source = read('guard.ts')
  const body = /interface GuardOptions \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  const options = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(rows).toEqual(options.filter((name) => name !== 'fetch' && name !== 'now'))
})
