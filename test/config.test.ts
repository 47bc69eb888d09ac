/** What the configuration says of directory sources: each kind with its own settings, mistakes pointed at. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { sourceKinds } from '../src/sources.ts'
import { folderWith } from './support/sources.ts'

const rest = `
publicUrl: https://countersign.example
identity:
  issuers: [{ key: company, issuer: https://login.example, decisionClients: [decide] }]
`

async function read(directory: string) {
  const folder = await folderWith({ 'countersign.yaml': `directory:\n${directory}${rest}` })
  return readConfig(join(folder, 'countersign.yaml'))
}

async function problems(directory: string): Promise<readonly string[]> {
  const config = await read(directory)
  if (!('problems' in config)) throw new Error('the configuration could be read')
  return config.problems.map(({ where, message }) => `${where.split('countersign.yaml:').at(-1)}: ${message}`)
}

test('every kind of source has its own settings, and what is common to all', async () => {
  const config = await read(
    '  - { id: hr, kind: yaml, path: hr }\n  - { id: forge, kind: github, path: forge, machines: { ci: { owners: [maria] } } }\n',
  )
  if ('problems' in config) throw new Error(JSON.stringify(config.problems))
  const shrink = { share: 0.2, atLeast: 5, within: 86_400 }
  expect(config.value.directory).toEqual([
    { id: 'hr', kind: 'yaml', path: 'hr', every: 60, staleAfter: 3_600, shrink },
    {
      id: 'forge',
      kind: 'github',
      path: 'forge',
      every: 60,
      staleAfter: 3_600,
      shrink,
      idPrefix: '',
      machines: { ci: { kind: 'service-account', owners: ['maria'] } },
    },
  ])
})

test('an unknown kind, a missing one, and a setting of another kind are pointed at', async () => {
  expect(await problems('  - { id: hr, kind: yml, path: hr }\n')).toEqual([
    expect.stringMatching(/^2:21: expected one of `yaml`, `github`.*, got `yml`; did you mean `yaml`\?$/),
  ])
  expect(await problems('  - { id: hr, path: hr }\n')).toEqual([
    expect.stringMatching(/^2:5: missing field `kind`: expected one of `yaml`, `github`/),
  ])
  expect(await problems('  - { id: hr, kind: yaml, path: hr, namespace: wg }\n')).toEqual([
    expect.stringMatching(/^2:37: unknown field `namespace`/),
  ])
})

test('[B13] two sources cannot have one id, nor one namespace', async () => {
  expect(await problems('  - { id: hr, kind: yaml, path: a }\n  - { id: hr, kind: yaml, path: b }\n')).toEqual([
    '3:5: `hr` is the id of another source already',
  ])
  const groups = (id: string) => `  - { id: ${id}, kind: working-groups, path: ${id} }\n`
  expect(await problems(groups('a') + groups('b'))).toEqual([
    '3:5: `wg` is the namespace of `a` already; its groups would be taken for those of this source',
  ])
})

test('the sources that docs/directory.md shows are understood, and every kind is shown', async () => {
  const text = readFileSync('docs/directory.md', 'utf8')
  const shown = [...text.matchAll(/```yaml\n(- [\s\S]*?)```/g)].map(([, block = '']) => block)
  const kinds = await Promise.all(
    shown.map(async (block) => {
      const config = await read(block)
      if ('problems' in config) throw new Error(JSON.stringify(config.problems))
      return config.value.directory.map(({ kind }) => kind)
    }),
  )
  expect([...new Set(kinds.flat())].sort()).toEqual([...sourceKinds].sort())
})
