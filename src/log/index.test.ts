import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { CT_ENTRIES, CT_INCLUSION, CT_ROOTS } from './rfc6962.contract.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

test('the room imports nothing but itself, so that it runs wherever there is Web Crypto', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => /^[^.]+\.ts$/.test(file))
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    for (const [, from] of text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      expect(`${file} imports ${from}`).toMatch(/ imports \.\/[a-z0-9-]+\.ts$/)
    }
  }
})

test('without a native hash everything is the same', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  vi.resetModules()
  const { sha256Into, portableSha256 } = await import('./sha256.ts')
  const room = await import('./index.ts')
  expect(sha256Into).toBe(portableSha256)
  const frontier = new room.Frontier()
  for (const entry of CT_ENTRIES) frontier.appendEntry(entry)
  expect(frontier.root()).toEqual(CT_ROOTS[8])
  for (const { index, size, proof } of CT_INCLUSION) {
    const leafHash = room.leafHash(CT_ENTRIES[index] as Uint8Array)
    const path = { index: BigInt(index), size: BigInt(size), leafHash, proof }
    expect(room.verifyInclusion(path, CT_ROOTS[size] as Uint8Array)).toBe(true)
  }
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  expect(room.formatVerifierKey(room.parseVerifierKey(key))).toBe(key)
})
