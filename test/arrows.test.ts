/** The house keeps its arrows: which room may know which. A new import that goes against one fails here, by name. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** Room → rooms it may import. Files directly in `src` are rooms of their own name. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  // Content hashes use the log's SHA-256, which runs everywhere.
  lib: ['log'],
  log: [],
  proof: ['core', 'lib', 'log', 'signature'],
  signature: ['core', 'lib'],
  files: ['core', 'lib', 'guardrails'],
  // The only one that knows Cedar. Files are read with it, the runtime gets it handed in.
  guardrails: ['core', 'lib'],
  // Tiles, checkpoints and leaves are kept as what they are.
  store: ['core', 'lib', 'log', 'proof'],
  connectors: ['core', 'lib', 'files'],
  // What tokens look like, for whoever gives, takes or guards with them; nothing of the house.
  tokens: [],
  // The words of a draft, in one place; the question that was denied, as one digest.
  'access-request': ['lib'],
  identity: ['core', 'lib', 'signature', 'tokens'],
  engine: ['core', 'lib', 'log', 'proof', 'signature', 'tokens', 'access-request'],
  // Evidence is handed out as files.
  api: ['engine', 'core', 'lib', 'files', 'log', 'proof', 'signature', 'tokens', 'access-request', 'evidence'],
  client: [],
  // Runs wherever resource servers run.
  guard: ['core', 'tokens'],
  mcp: ['client'],
  gateway: ['client', 'files', 'lib'],
  cli: [
    'client',
    'tokens',
    'mcp',
    'gateway',
    'guardrails',
    'core',
    'lib',
    'files',
    'audit',
    'evidence',
    'log',
    'proof',
    'report',
    'witness',
  ],
  // A program of its own beside all of this; of the store it uses the files of keys.
  witness: ['log', 'store'],
  report: [],
  evidence: ['core', 'lib', 'report'],
  audit: ['core', 'files', 'lib', 'report'],
}

/** Contracts: what a room shows to others besides its arrows. */
const contracts: readonly string[] = [
  'src/connectors/access.ts',
  'src/connectors/directory.ts',
  'src/connectors/notice.ts',
  'src/connectors/sink.ts',
  'src/store/contract.ts',
  'src/store/drift-contract.ts',
  'src/store/figures-contract.ts',
  'src/store/log-contract.ts',
  'src/store/scim-contract.ts',
  'src/store/fault.ts',
]

/** What puts the rooms together, and the demo, which is a program of its own around all of them. */
const composition = /^src\/(app|serve|opening|hand-ins|config|sources|scim|transparency|tells|main)\.ts$|^src\/demo\//

const core = /^src\/core\//

interface Import {
  readonly file: string
  readonly target: string
  readonly typeOnly: boolean
}

function imports(): Import[] {
  return importsOf(sourceFiles())
}

function importsOf(files: readonly string[]): Import[] {
  return files.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /(import|export)(\s+type)?[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|import\s+'([^']+)'/g,
      ),
    ].map((match) => {
      const target = match[3] ?? match[4] ?? match[5] ?? ''
      return {
        file,
        target: target.startsWith('.') ? relative('.', resolve(dirname(file), target)) : target,
        typeOnly: match[2] !== undefined,
      }
    }),
  )
}

function sourceFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|contract)\.ts$/.test(name))
    .map((name) => join('src', name))
}

function pageFiles(): string[] {
  return readdirSync('web', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join('web', name))
}

function roomOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? ''
}

test('every import goes with the arrows', () => {
  const wrong = imports().filter(({ file, target }) => {
    if (!target.startsWith('src/') || composition.test(file) || contracts.includes(target)) return false
    const [from, to] = [roomOf(file), roomOf(target)]
    // The client takes its types from the API's schemas, and nothing that runs.
    return from !== to && !(arrows[from] ?? []).includes(to) && !isSchemaType(file, target) && !isHandIn(file, target)
  })
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

test('the pages know the client and what is pure, and nothing of the server', () => {
  const wrong = importsOf(pageFiles()).filter(
    ({ target }) => target.startsWith('src/') && !['client', 'core', 'lib', 'log', 'proof'].includes(roomOf(target)),
  )
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

test('the guard needs nothing from outside but JOSE, and nothing of Node', () => {
  const outside = imports().filter(
    ({ file, target }) => /^src\/(?:guard|tokens)\//.test(file) && !target.startsWith('src/') && target !== 'jose',
  )
  expect(outside.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

test('the core and the log import nothing from outside', () => {
  const outside = imports().filter(
    ({ file, target }) => (core.test(file) || file.startsWith('src/log/')) && !target.startsWith('src/'),
  )
  expect(outside.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

test('the core reads no clock and throws no dice', () => {
  const impure = sourceFiles()
    .filter((file) => core.test(file))
    .filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|setTimeout|process\.|performance\./.test(readFileSync(file, 'utf8')),
    )
  expect(impure).toEqual([])
})

test('one vendor folder never knows another', () => {
  const crossed = imports().filter(({ file, target }) => {
    const [, , from = ''] = file.split('/')
    const [, room, to = ''] = target.split('/')
    return (
      file.startsWith('src/connectors/') &&
      room === 'connectors' &&
      // How bytes leave over HTTP is no vendor's own.
      to !== 'http' &&
      from.includes('.') === false &&
      to.includes('.') === false &&
      from !== to
    )
  })
  expect(crossed.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
})

function isSchemaType(file: string, target: string): boolean {
  return file.startsWith('src/client/') && target.startsWith('src/api/schema/')
}

/** The command line starts a server only through `hand-ins.ts`, when asked to. */
function isHandIn(file: string, target: string): boolean {
  return file.startsWith('src/cli/') && (target === 'src/hand-ins.ts' || target === 'src/demo/run.ts')
}
