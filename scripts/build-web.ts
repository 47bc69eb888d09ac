/**
 * Builds the pages into `dist/web`, with a compressed copy beside each file. With `--when-needed` only where the sources
 * are others than those of the last build, so that starting the demo twice builds once.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'dist', 'web')
const mark = join(built, 'sources.sha256')
/** Whatever the pages are made of. */
const sources = [
  'web',
  'src/client',
  'src/api/schema',
  'src/core',
  'src/lib',
  'src/log',
  'package-lock.json',
  'scripts/build-web.ts',
]

export async function buildWeb(whenNeeded: boolean): Promise<'built' | 'was there'> {
  const digest = digestOfSources()
  const isThere = () => existsSync(mark) && readFileSync(mark, 'utf8') === digest
  if (whenNeeded && isThere()) return 'was there'
  const { build } = await import('vite')
  // Built aside and moved: whoever builds or serves at the same time never sees half of it.
  const aside = join(root, 'dist', `.web-${process.pid}`)
  await inProduction(() =>
    build({ configFile: join(root, 'web', 'vite.config.ts'), logLevel: 'warn', build: { outDir: aside } }),
  )
  for (const file of filesIn(join(aside, 'assets'))) if (/\.(?:js|css|svg)$/.test(file)) compress(file)
  writeFileSync(join(aside, 'sources.sha256'), digest)
  if (!(whenNeeded && isThere())) {
    rmSync(built, { recursive: true, force: true })
    renameSync(aside, built)
  }
  rmSync(aside, { recursive: true, force: true })
  return 'built'
}

/** Where tests call this, the environment says otherwise, and would bring in the parts that are for development. */
async function inProduction(run: () => Promise<unknown>): Promise<void> {
  const { NODE_ENV: before } = process.env
  process.env.NODE_ENV = 'production'
  try {
    await run()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

function compress(file: string): void {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT }
  writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params }))
}

function digestOfSources(): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of filesIn(join(root, source))) hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function filesIn(path: string): string[] {
  const entries = existsSync(path) ? readdirSync(dirname(path), { withFileTypes: true }) : []
  const own = entries.find(({ name }) => join(dirname(path), name) === path)
  if (own?.isDirectory() !== true) return own === undefined ? [] : [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}

if (import.meta.main) {
  const began = performance.now()
  const whenNeeded = process.argv.includes('--when-needed')
  const outcome = await buildWeb(whenNeeded)
  if (outcome === 'built') console.log(`The pages are built (${((performance.now() - began) / 1000).toFixed(1)} s).`)
}
