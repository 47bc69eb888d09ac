import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-test-open-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Puts an opener into the path that writes down its arguments, and ends so. */
async function opener(name: string, exitCode: number): Promise<NodeJS.ProcessEnv> {
  const file = path.join(folder, name)
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > '${folder}/arguments'\nexit ${exitCode}\n`)
  await chmod(file, 0o755)
  return { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':0' }
}

const opened = async () => (await readFile(path.join(folder, 'arguments'), 'utf8')).trim().split('\n')

describe.skipIf(process.platform === 'win32')('opening a browser', () => {
  test.each([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
  ] as const)('on %s starts %s with the address as its one argument', async (platform, name) => {
    const environment = await opener(name, 0)
    const address = "http://localhost:1/auth?a=1&b=$(touch%20x)&c=;'`"
    expect(await openBrowser(address, { platform, environment, settleMillis: 10_000 })).toBe(true)
    expect(await opened()).toEqual(['1', new URL(address).href])
  })

  test('on Windows passes by the shell', async () => {
    const environment = await opener('rundll32.exe', 0)
    expect(
      await openBrowser('https://acme.example/?a=1&calc', { platform: 'win32', environment, settleMillis: 10_000 }),
    ).toBe(true)
    expect(await opened()).toEqual(['2', 'url.dll,FileProtocolHandler', 'https://acme.example/?a=1&calc'])
  })

  test('says so when the opener fails, or is not there', async () => {
    const environment = await opener('xdg-open', 3)
    const options = { platform: 'linux', settleMillis: 10_000 } as const
    expect(await openBrowser('https://acme.example', { ...options, environment })).toBe(false)
    const empty = { PATH: path.join(folder, 'nothing'), DISPLAY: ':0' }
    expect(await openBrowser('https://acme.example', { ...options, environment: empty })).toBe(false)
  })

  test('does not try where nobody would see it', async () => {
    const { PATH } = await opener('xdg-open', 0)
    expect(await openBrowser('https://acme.example', { platform: 'linux', environment: { PATH, DISPLAY: '' } })).toBe(
      false,
    )
    await expect(opened()).rejects.toThrow()
  })

  test.each(['file:///etc/passwd', 'javascript:alert(1)', '--help', 'acme.example', 'ms-settings:', ''])(
    'opens web addresses only, not `%s`',
    async (address) => {
      const environment = await opener('xdg-open', 0)
      expect(await openBrowser(address, { platform: 'linux', environment })).toBe(false)
      await expect(opened()).rejects.toThrow()
    },
  )
})
