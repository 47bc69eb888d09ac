import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleSecrets, workloadSecret, writeWorkloads } from './secrets.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-test-secrets-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the secrets of the sample', () => {
  test('are made once, also by several at the same time, and belong to their owner alone', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => sampleSecrets(folder)))
    expect(new Set(all.map((secrets) => JSON.stringify(secrets))).size).toBe(1)
    expect(await sampleSecrets(folder)).toEqual(all[0])
    expect(await readdir(folder)).toEqual(['sample-idp-secrets.json'])
    const { mode } = await stat(path.join(folder, 'sample-idp-secrets.json'))
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
  })

  test('of a workload are its own, and another in every folder', async () => {
    const secrets = await sampleSecrets(folder)
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'countersign-test-secrets-'))
    const others = await sampleSecrets(elsewhere)
    await rm(elsewhere, { recursive: true })
    const known = [workloadSecret(secrets, 'a'), workloadSecret(secrets, 'b'), workloadSecret(others, 'a')]
    expect(new Set(known).size).toBe(3)
  })

  test('are written down for whoever plays a workload by hand', async () => {
    await writeWorkloads(folder, 'http://localhost:1/sample-idp', new Map([['builder', 'secret']]))
    await writeWorkloads(folder, 'http://localhost:1/sample-idp', new Map([['builder', 'other']]))
    const at = path.join(folder, 'sample-workloads.json')
    expect(JSON.parse(await readFile(at, 'utf8'))).toEqual({
      issuer: 'http://localhost:1/sample-idp',
      clientSecrets: { builder: 'other' },
    })
    if (process.platform !== 'win32') expect((await stat(at)).mode & 0o777).toBe(0o600)
  })

  test('are not read through a link that somebody put in their place', async () => {
    const real = path.join(folder, 'elsewhere.json')
    await writeFile(real, '{}', { mode: 0o600 })
    await symlink(real, path.join(folder, 'sample-idp-secrets.json'))
    await expect(sampleSecrets(folder)).rejects.toThrow()
  })
})
