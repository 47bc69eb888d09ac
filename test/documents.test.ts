/** What the documents claim about the code is compared with the code. `GOLDEN=write` writes what can be generated. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runtimeReasons } from '../src/core/runtime.ts'
import { evidencedControlIds, evidencedControls, requirementInWords } from '../src/evidence/index.ts'
import { controls } from './controls.ts'

interface Package {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Package

function documents(): string[] {
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))
  const inExamples = readdirSync('examples', { recursive: true, encoding: 'utf8' }).map((name) =>
    join('examples', name),
  )
  const all = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', ...inDocs, ...inExamples]
  return all.filter((name) => name.endsWith('.md'))
}

test('every dependency has a line of reason, and nothing else has', () => {
  const listed = [...readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(
    ([, name]) => name,
  )
  expect(listed.sort()).toEqual(
    [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].sort(),
  )
})

test('every room stands on the map of the house, and the map has no other', () => {
  const map = /\n## The house\n([\s\S]*)/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''
  const shown = [...map.matchAll(/`src\/([a-z-]+)`/g)].map(([, room]) => room)
  const rooms = readdirSync('src', { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
  expect(shown.sort()).toEqual(rooms.sort())
})

test('every reason a use is answered with stands in the documents', () => {
  const rows = Object.entries(runtimeReasons).map(([reason, text]) => `| \`${reason}\` | ${text} |`)
  const made = ['| reason | what it says |', '|---|---|', ...rows].join('\n')
  const text = readFileSync('docs/agents.md', 'utf8')
  const [, before = '', , after = ''] =
    /^([\s\S]*<!-- reasons -->\n)([\s\S]*?)(\n<!-- end of reasons -->[\s\S]*)$/.exec(text) ?? []
  if (process.env.GOLDEN === 'write') writeFileSync('docs/agents.md', `${before}${made}${after}`)
  expect(readFileSync('docs/agents.md', 'utf8')).toBe(`${before}${made}${after}`)
})

test('links between documents lead somewhere', () => {
  const broken = documents().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
      .map(([, target = '']) => join(dirname(file), target))
      .filter((target) => !existsSync(target))
      .map((target) => `${file} → ${target}`),
  )
  expect(broken).toEqual([])
})

test('files and scripts that documents name exist', () => {
  const missing = documents().flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const files = [...text.matchAll(/`((?:src|test|bench|docs|examples)\/[\w./-]+\.(?:ts|txt|md|yaml|json))`/g)].map(
      ([, name = '']) => name,
    )
    const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
    return [
      ...files.filter((name) => !existsSync(name)).map((name) => `${file}: ${name}`),
      ...scripts.filter((name) => manifest.scripts[name] === undefined).map((name) => `${file}: npm run ${name}`),
    ]
  })
  expect(missing).toEqual([])
})

test('the list of controls is the one the tests are held to', () => {
  const rows = Object.entries(controls).map(
    ([id, { must, source, planned }]) => `| \`${id}\` | ${must} | ${source} | ${planned ?? ''} |`,
  )
  const text = [
    '# Controls',
    '',
    'What must be true, in our words, and what it answers. Tests cite the ids in their names; the suite fails on a control',
    'that no test cites. A planned control names what will bring it. Where numbering differs: the OWASP list of 2025 writes',
    'NHI3 what earlier texts call NHI-03, and CSF 2.0 has no PR.AC family any more; PR.AA-01 and PR.AA-05 took its place.',
    '',
    '| id | what must be true | source | planned |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
  if (process.env.GOLDEN === 'write') writeFileSync('docs/controls.md', text)
  expect(readFileSync('docs/controls.md', 'utf8')).toBe(text)
})

test('the table of what answers which requirement is the one evidence is written from', () => {
  const rows = evidencedControlIds.flatMap((control) =>
    evidencedControls[control].answers.map((requirement) => ({ control, words: requirementInWords(requirement) })),
  )
  const byRequirement = [...Map.groupBy(rows, ({ words }) => words)].sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = [
    '| requirement | controls |',
    '|---|---|',
    ...byRequirement.map(
      ([words, entries]) => `| ${words} | ${entries.map(({ control }) => `\`${control}\``).join(', ')} |`,
    ),
  ]
  const file = 'docs/evidence.md'
  const [head = '', tail = ''] = readFileSync(file, 'utf8').split(/<!-- requirements -->[\s\S]*<!-- \/requirements -->/)
  const text = `${head}<!-- requirements -->\n\n${lines.join('\n')}\n\n<!-- /requirements -->${tail}`
  if (process.env.GOLDEN === 'write') writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
})
