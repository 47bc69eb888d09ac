import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { chmod, chown, lstat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { scratchFolder } from '../../../test/support/scratch-folder.ts'
import { findAccount } from './account.ts'
import { type Binaries, binariesIn, locateBinaries } from './binaries.ts'
import { runnableBinaries } from './native-folder.ts'
import { run } from './run.ts'

const installed = locateBinaries()
const scratch = scratchFolder('native')
afterAll(() => scratch.dispose())

let folder: string
let count = 0
beforeEach(() => {
  count += 1
  folder = path.join(scratch.folder, String(count))
  mkdirSync(folder)
})

/** An installation as a package manager leaves it when it runs no install scripts: without links. */
async function installWithoutLinks(): Promise<Binaries> {
  const native = path.join(folder, 'package', 'native')
  cpSync(installed.nativeFolder, native, { recursive: true, verbatimSymlinks: true })
  for (const { target } of listedLinks(native)) await unlink(path.join(folder, 'package', target))
  return binariesIn(native, installed.packageVersion)
}

function listedLinks(native: string): { target: string }[] {
  return JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8'))
}

async function initdbRuns({ initdb }: Binaries): Promise<boolean> {
  return (await run(initdb, ['--version'], { cwd: '/', account: undefined })).exitCode === 0
}

describe.skipIf(process.platform !== 'linux')('library links that no install script made', () => {
  test('are made where the binaries are', async () => {
    const binaries = await installWithoutLinks()
    expect(await initdbRuns(binaries)).toBe(false)
    expect(await runnableBinaries(binaries, undefined, path.join(folder, 'copy'))).toBe(binaries)
    expect(await initdbRuns(binaries)).toBe(true)
  })

  test('are made once when several processes start together', async () => {
    const binaries = await installWithoutLinks()
    const copyBase = path.join(folder, 'copy')
    await Promise.all([1, 2, 3, 4].map(() => runnableBinaries(binaries, undefined, copyBase)))
    for (const { target } of listedLinks(binaries.nativeFolder)) {
      expect((await lstat(path.join(folder, 'package', target))).isSymbolicLink(), target).toBe(true)
    }
  })
})

const passwd = process.platform === 'linux' ? readFileSync('/etc/passwd', 'utf8') : ''
const account = findAccount(passwd)

describe.skipIf(process.getuid?.() !== 0 || !account)('[root] binaries the server account cannot reach', () => {
  let unreachable: Binaries
  let copyBase: string
  beforeEach(async () => {
    unreachable = await installWithoutLinks()
    await chmod(path.join(folder, 'package'), 0o700)
    // The account has to reach the place of the copy, and nobody but root may change it.
    copyBase = path.join(folder, 'copies')
    await chmod(scratch.folder, 0o711)
    await chmod(folder, 0o711)
  })

  test('are copied, with links, to a folder of root alone that the account can run them from', async () => {
    const copy = await runnableBinaries(unreachable, account, copyBase)
    expect(copy.nativeFolder).toContain(`${copyBase}/postgresql-${installed.packageVersion}`)
    expect((await run(copy.initdb, ['--version'], { cwd: '/', account })).exitCode).toBe(0)
    const { uid, mode } = statSync(copy.nativeFolder)
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: 0, mode: 0o755 })
  })

  test('are copied once, and again when the copy is not whole', async () => {
    const copy = await runnableBinaries(unreachable, account, copyBase)
    const firstInode = statSync(copy.nativeFolder).ino
    await runnableBinaries(unreachable, account, copyBase)
    expect(statSync(copy.nativeFolder).ino).toBe(firstInode)
    truncateSync(copy.initdb, 0)
    await runnableBinaries(unreachable, account, copyBase)
    expect(statSync(copy.initdb).size).toBe(statSync(unreachable.initdb).size)
  })

  test('are copied by several processes at once without a half copy ever being used', async () => {
    const copies = await Promise.all([1, 2, 3].map(() => runnableBinaries(unreachable, account, copyBase)))
    expect(new Set(copies.map(({ postgres }) => postgres)).size).toBe(1)
    expect(readdirSync(copyBase)).toHaveLength(1)
  })

  test('are not copied into a folder that somebody else owns or can write to', async () => {
    mkdirSync(copyBase)
    await chown(copyBase, 4_242, 4_242)
    await expect(runnableBinaries(unreachable, account, copyBase)).rejects.toMatchObject({
      code: 'binaries-unreachable',
    })
    await chown(copyBase, 0, 0)
    await chmod(copyBase, 0o1777)
    await expect(runnableBinaries(unreachable, account, copyBase)).rejects.toMatchObject({
      code: 'binaries-unreachable',
    })
    rmSync(copyBase, { recursive: true })
  })
})
