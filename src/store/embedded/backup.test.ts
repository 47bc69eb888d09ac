import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ScratchFolder, scratchFolder } from '../../../test/support/scratch-folder.ts'
import { assertUnchanged } from './backup.ts'
import { type BackupResult, backupFolder, locateBinaries, restoreFolder, startEmbeddedServer } from './index.ts'
import type { Manifest } from './manifest.ts'
import { prepareFolder } from './prepare.ts'

let scratch: ScratchFolder
let folder: string
let made: BackupResult
let copy: string
let count = 0

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  scratch = scratchFolder('backup')
  folder = path.join(scratch.folder, 'data')
  mkdirSync(path.join(folder, 'keys'), { recursive: true })
  writeFileSync(path.join(folder, 'keys', 'seal'), 'not PostgreSQL, and needed all the same')
  mkdirSync(path.join(folder, 'postgres-binaries'))
  writeFileSync(path.join(folder, 'postgres-binaries', 'made-again'), '')
  const server = await startEmbeddedServer({ folder })
  await ask(server.url, 'CREATE TABLE kept AS SELECT n, md5(n::text) AS word FROM generate_series(1, 5000) AS n')
  await expect(backupFolder({ folder, to: path.join(scratch.folder, 'hot') })).rejects.toMatchObject({
    code: 'server-running',
  })
  await server.stop()
  made = await backupFolder({ folder, to: path.join(scratch.folder, 'copy') })
})

afterAll(() => scratch.dispose())

beforeEach(() => {
  count += 1
  copy = path.join(scratch.folder, `copy-${count}`)
})

/** A copy of the copy, to be spoilt. */
function spoil(change: (files: string) => void): void {
  cpSync(path.join(scratch.folder, 'copy'), copy, { recursive: true })
  change(path.join(copy, 'files'))
}

function rewriteManifest(change: (manifest: Manifest) => void): void {
  const at = path.join(copy, 'manifest.json')
  const manifest: Manifest = JSON.parse(readFileSync(at, 'utf8'))
  change(manifest)
  writeFileSync(at, JSON.stringify(manifest))
}

async function expectDamaged(message: RegExp): Promise<void> {
  const to = path.join(scratch.folder, `restored-${count}`)
  const refusal = await restoreFolder({ from: copy, to }).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'copy-damaged' })
  expect(String(refusal)).toMatch(message)
  if (existsSync(to)) expect(readdirSync(to)).toEqual([])
}

describe('a cold copy', () => {
  test('restored elsewhere starts with everything that was in the folder', async () => {
    const to = path.join(scratch.folder, 'restored')
    const from = path.join(scratch.folder, 'copy')
    expect(await restoreFolder({ from, to, manifestSha256: made.manifestSha256 })).toEqual({ majorVersion: 18 })
    expect(readdirSync(to).sort()).toEqual(['keys', 'postgres'])
    expect(readFileSync(path.join(to, 'keys', 'seal'), 'utf8')).toContain('needed all the same')
    const server = await startEmbeddedServer({ folder: to })
    expect(await ask(server.url, 'SELECT count(*)::int AS rows, max(n) AS last FROM kept')).toEqual([
      { rows: 5000, last: 5000 },
    ])
    await server.stop()
    expect(statSync(path.join(to, 'postgres/data')).uid).toBe(statSync(path.join(folder, 'postgres/data')).uid)
  })

  test('has a manifest that names every file with its size and SHA-256, and no process of another time', () => {
    const text = readFileSync(path.join(scratch.folder, 'copy', 'manifest.json'), 'utf8')
    expect(createHash('sha256').update(text).digest('hex')).toBe(made.manifestSha256)
    const manifest: Manifest = JSON.parse(text)
    expect(manifest).toMatchObject({ format: 'countersign-cold-copy/1', majorVersion: 18 })
    expect(manifest.files).toHaveLength(made.fileCount)
    const version = manifest.files.find((file) => file.path === 'postgres/data/PG_VERSION')
    expect(version).toEqual({
      path: 'postgres/data/PG_VERSION',
      sizeBytes: 3,
      sha256: createHash('sha256').update('18\n').digest('hex'),
    })
    expect(manifest.files.filter((file) => /postmaster\.pid|\.s\.PGSQL|made-again/.test(file.path))).toEqual([])
    expect(manifest.folders).toContain('postgres/data/pg_notify')
    expect(manifest.folders.filter((at) => at.startsWith('postgres/countersign-'))).toEqual([])
  })

  test('of a folder whose server was killed recovers like the folder itself', async () => {
    const crashed = path.join(scratch.folder, 'crashed')
    const server = await startEmbeddedServer({ folder: crashed })
    await ask(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = Number(readFileSync(path.join(crashed, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGQUIT')
    await server.lost
    await expect
      .poll(
        () =>
          backupFolder({ folder: crashed, to: copy }).then(
            () => 'made',
            () => 'refused',
          ),
        { timeout: 10_000 },
      )
      .toBe('made')
    await server.stop()
    await restoreFolder({ from: copy, to: path.join(scratch.folder, 'recovered') })
    const recovered = await startEmbeddedServer({ folder: path.join(scratch.folder, 'recovered') })
    expect(await ask(recovered.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    await recovered.stop()
  })
})

describe('a backup is refused', () => {
  test('of a folder without a server, which is not made either', async () => {
    const nothing = path.join(scratch.folder, 'mistyped')
    await expect(backupFolder({ folder: nothing, to: copy })).rejects.toMatchObject({ code: 'folder-unusable' })
    expect(existsSync(nothing)).toBe(false)
  })

  test('into a folder that is not empty, or lies inside', async () => {
    mkdirSync(copy)
    writeFileSync(path.join(copy, 'mine'), '')
    await expect(backupFolder({ folder, to: copy })).rejects.toMatchObject({ code: 'target-not-empty' })
    expect(readdirSync(copy)).toEqual(['mine'])
    const inside = path.join(folder, 'keys', 'copy')
    await expect(backupFolder({ folder, to: inside })).rejects.toMatchObject({ code: 'option-invalid' })
  })

  test('when a server ran meanwhile, even one that is gone again', async () => {
    const { layout, postmaster } = await prepareFolder(folder, locateBinaries())
    const { files }: Manifest = JSON.parse(readFileSync(path.join(scratch.folder, 'copy', 'manifest.json'), 'utf8'))
    await assertUnchanged(layout, postmaster, files)
    await (await startEmbeddedServer({ folder })).stop()
    await expect(assertUnchanged(layout, postmaster, files)).rejects.toMatchObject({ code: 'copy-damaged' })
  })

  test('of anything but plain files, leaving no half copy', async () => {
    const link = path.join(folder, 'keys', 'elsewhere')
    symlinkSync('/etc', link)
    try {
      await expect(backupFolder({ folder, to: copy })).rejects.toMatchObject({ code: 'folder-unusable' })
      expect(readdirSync(copy)).toEqual([])
    } finally {
      unlinkSync(link)
    }
  })
})

describe('a restore is refused', () => {
  test('when a byte has changed', async () => {
    spoil((files) => {
      const at = path.join(files, 'postgres/data/global/pg_control')
      const bytes = readFileSync(at)
      bytes[100] = (bytes[100] ?? 0) ^ 1
      writeFileSync(at, bytes)
    })
    await expectDamaged(/`postgres\/data\/global\/pg_control` is not what was copied/)
  })

  test('when a file is missing, or one is there that was not copied', async () => {
    spoil((files) => unlinkSync(path.join(files, 'keys', 'seal')))
    await expectDamaged(/`file keys\/seal` is missing/)
    writeFileSync(path.join(copy, 'files', 'keys', 'seal'), 'not PostgreSQL, and needed all the same')
    writeFileSync(path.join(copy, 'files', 'postgres/data/extra.conf'), "shared_preload_libraries = 'planted'")
    await expectDamaged(/`postgres\/data\/extra.conf` is not in its manifest/)
  })

  test('when a file was replaced by a link to the same bytes', async () => {
    spoil((files) => {
      unlinkSync(path.join(files, 'keys', 'seal'))
      symlinkSync(path.join(folder, 'keys', 'seal'), path.join(files, 'keys', 'seal'))
    })
    await expectDamaged(/`keys\/seal` is not in its manifest/)
  })

  test('when the copy was cut short', async () => {
    spoil(() => unlinkSync(path.join(copy, 'manifest.json')))
    await expectDamaged(/not a finished copy/)
  })

  test.each(['../outside', '/etc/cron.d/x', 'a/../../x', 'a//b', './a', 'a\\..\\b', 'C:x', ''])(
    'when its manifest names `%s`',
    async (name) => {
      spoil(() => rewriteManifest((manifest) => manifest.folders.push(name)))
      await expectDamaged(/manifest\.json` is damaged/)
    },
  )

  test('when the manifest is not the one that was asked for', async () => {
    spoil(() => rewriteManifest((manifest) => manifest.folders.reverse()))
    const to = path.join(scratch.folder, `restored-${count}`)
    await expect(restoreFolder({ from: copy, to, manifestSha256: made.manifestSha256 })).rejects.toMatchObject({
      code: 'copy-damaged',
    })
  })

  test('into a folder that is not empty, such as one in use', async () => {
    const before = readdirSync(folder)
    const from = path.join(scratch.folder, 'copy')
    await expect(restoreFolder({ from, to: folder })).rejects.toMatchObject({ code: 'target-not-empty' })
    expect(readdirSync(folder)).toEqual(before)
  })

  test('by the next start, when it was cut short', async () => {
    const to = path.join(scratch.folder, `restored-${count}`)
    mkdirSync(path.join(to, 'postgres-restore-abc123'), { recursive: true })
    await expect(startEmbeddedServer({ folder: to })).rejects.toMatchObject({ code: 'folder-unusable' })
  })
})
