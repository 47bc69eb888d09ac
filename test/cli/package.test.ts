// What `npm pack` gives works where nothing of the checkout is: in an empty folder, with the dependencies it names and no other.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch-folder.ts'

const run = promisify(execFile)
const { dependencies, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
}
const node = resolve('node_modules/.bin/node')
const scratch = scratchFolder('package')
const home = join(scratch.folder, 'home')
const installed = join(home, 'node_modules', 'countersign')

interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** As the link that npm makes: Node, on the file that `bin` names. */
async function installedCountersign(...words: readonly string[]): Promise<Ran> {
  const main = join(home, 'node_modules', '.bin', 'countersign')
  const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: '1' }
  return run(node, [main, ...words], { cwd: home, env }).then(
    ({ stdout, stderr }) => ({ exit: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ exit: Number(code), out: stdout, err: stderr }),
  )
}

/**
 * Compiled aside, so that nobody else's build is touched (types were checked before), and packed by npm itself. Its
 * dependencies are linked one by one instead of fetched: what the package does not name is not there, as on any other machine.
 */
beforeAll(async () => {
  const staged = join(scratch.folder, 'staged')
  await mkdir(staged)
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] }
  // The pages are built where the pages are tested, and pictures are no program.
  for (const name of ['package.json', ...files.filter((file) => file !== 'dist' && !file.startsWith('!'))])
    await cp(name, join(staged, name), { recursive: true, filter: (path) => !path.endsWith('.png') })
  const dist = ['--noCheck', '--outDir', join(staged, 'dist')]
  await run(node, [resolve('node_modules/.bin/tsc'), '-p', 'tsconfig.build.json', ...dist])
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch.folder, staged], { cwd: scratch.folder })
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  await mkdir(installed, { recursive: true })
  await run('tar', [
    '-xzf',
    join(scratch.folder, `countersign-${version}.tgz`),
    '-C',
    installed,
    '--strip-components=1',
  ])
  for (const name of Object.keys(dependencies)) {
    const at = join(home, 'node_modules', name)
    await mkdir(dirname(at), { recursive: true })
    await symlink(resolve('node_modules', name), at)
  }
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { bin: { countersign: string } }
  await mkdir(join(home, 'node_modules', '.bin'))
  await symlink(join('..', 'countersign', bin.countersign), join(home, 'node_modules', '.bin', 'countersign'))
}, 300_000)
afterAll(() => scratch.dispose())

describe('an installed package', () => {
  test('helps, and calls itself as it is called', async () => {
    const helped = await installedCountersign('--help')
    expect(helped).toMatchObject({ exit: 0, err: '' })
    expect(helped.out).toContain('Usage: countersign')
    const advice = await installedCountersign('whoami')
    expect(advice.err).toContain('countersign login')
    expect(advice.err).not.toContain('./countersign')
  })

  test('verifies the example that came with it, and finds what was altered in it', async () => {
    const bundle = join(installed, 'examples', 'waiver.bundle.json')
    const key = ['--key', join(installed, 'examples', 'waiver.bundle.key')]
    expect(await installedCountersign('verify', bundle, ...key)).toMatchObject({ exit: 0 })
    const altered = join(home, 'altered.json')
    await writeFile(altered, readFileSync(bundle, 'utf8').replace('per_sam', 'per_sue'))
    expect(await installedCountersign('verify', altered, ...key)).toMatchObject({ exit: 1 })
  })

  test('has every door it names, with its types', () => {
    const files = Object.values(exports).flatMap((door) =>
      typeof door === 'string' ? [door] : Object.values(door ?? {}),
    )
    expect(files.length).toBeGreaterThan(6)
    for (const file of files) expect(existsSync(join(installed, String(file))), String(file)).toBe(true)
  })

  test('brings no source, no test and nothing that is only for development', () => {
    for (const name of ['test', 'web', 'bench', 'node_modules']) expect(existsSync(join(installed, name))).toBe(false)
    expect(existsSync(join(installed, 'src', 'main.ts'))).toBe(false)
    expect(existsSync(join(installed, 'dist', 'lib', 'called.test.js'))).toBe(false)
  })
})
