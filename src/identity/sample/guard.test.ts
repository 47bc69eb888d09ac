import { rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLoopbackAddress, requireLocalUrl } from './guard.ts'
import { SampleRefused, signInAs } from './index.ts'
import { freePort, type ListeningSample, listeningSample, markedFolder } from './listening-sample.contract.ts'

const hasIpv6 = Object.values(os.networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

let here: ListeningSample
let port: number
beforeAll(async () => {
  here = await listeningSample()
  port = Number(new URL(here.publicUrl).port)
})
afterAll(() => here.close())

/** Speaks HTTP by hand, because clients repair what is being tested here. @returns the status */
async function statusOf(
  lines: readonly string[],
  target = '/sample-idp/jwks',
  host = '127.0.0.1',
  at = port,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect({ host, port: at }, () => {
    socket.end(`${[`GET ${target} HTTP/1.1`, ...lines, 'connection: close'].join('\r\n')}\r\n\r\n`)
  })
  let answer = ''
  socket.setEncoding('utf8')
  socket.on('data', (text) => {
    answer += text
  })
  socket.on('error', reject)
  socket.on('close', () => resolve(answer))
  return Number((await promise).split(' ')[1])
}

describe('[B13] only this machine, under its own name', () => {
  test('is let in', async () => {
    expect(await statusOf([`host: localhost:${port}`])).toBe(200)
  })

  test.skipIf(!hasIpv6)('is let in over IPv6 too, and not under its address', async () => {
    const other = await listeningSample({ host: '::1' })
    const itsPort = Number(new URL(other.publicUrl).port)
    const status = (name: string) => statusOf([`host: ${name}:${itsPort}`], undefined, '::1', itsPort)
    try {
      expect([await status('localhost'), await status('[::1]')]).toEqual([200, 403])
    } finally {
      await other.close()
    }
  })

  test.each([
    ['another name that leads here', () => [`host: rebound.example:${port}`]],
    ['a name below localhost', () => [`host: x.localhost:${port}`]],
    ['the address instead of the name', () => [`host: 127.0.0.1:${port}`]],
    ['the IPv6 address instead of the name', () => [`host: [::1]:${port}`]],
    ['another port', () => [`host: localhost:${port + 1}`]],
    ['no port', () => ['host: localhost']],
    ['a user before the name', () => [`host: localhost:${port}@evil.example`]],
    ['a dot at the end', () => [`host: localhost.:${port}`]],
    ['capital letters', () => [`host: LOCALHOST:${port}`]],
  ])('refused: %s', async (_, lines) => {
    expect(await statusOf(lines())).toBe(403)
  })

  test('refused: two hosts, or none', async () => {
    const host = `host: localhost:${port}`
    expect(await statusOf([host, 'host: evil.example'])).toBeGreaterThanOrEqual(400)
    expect(await statusOf(['host: evil.example', host])).toBeGreaterThanOrEqual(400)
    expect(await statusOf([])).toBeGreaterThanOrEqual(400)
  })

  test.each([
    'forwarded: for=203.0.113.7;host=evil.example',
    'x-forwarded-for: 127.0.0.1',
    'x-forwarded-host: localhost',
    'X-Forwarded-Proto: https',
    'x-forwarded-prefix: /x',
    'x-real-ip: 127.0.0.1',
    'x-original-url: /sample-idp/jwks',
    'via: 1.1 proxy',
  ])('refused, because a proxy stands in front: %s', async (line) => {
    expect(await statusOf([`host: localhost:${port}`, line])).toBe(403)
  })

  test.each(['https://evil.example', 'null', 'http://localhost', 'http://127.0.0.1:1', ''])(
    'refused, because a page of another origin calls: `%s`',
    async (origin) => {
      expect(await statusOf([`host: localhost:${port}`, `origin: ${origin}`])).toBe(403)
    },
  )

  test('its own origin may call', async () => {
    expect(await statusOf([`host: localhost:${port}`, `origin: ${here.publicUrl}`])).toBe(200)
  })

  test('refused: a whole address in the place of the path', async () => {
    const host = `host: localhost:${port}`
    expect(await statusOf([host], `http://evil.example/sample-idp/jwks`)).not.toBe(200)
    expect(await statusOf([host], '//sample-idp/jwks')).not.toBe(200)
  })

  test('the rest of the server is none of its business', async () => {
    expect(await statusOf([`host: rebound.example:${port}`], '/')).toBe(200)
  })

  test('every page is guarded, also those that are not there', async () => {
    for (const target of [
      '/sample-idp/interaction/x',
      '/sample-idp/device',
      '/sample-idp/token',
      '/sample-idp/nothing',
    ]) {
      expect(await statusOf(['host: evil.example'], target)).toBe(403)
    }
  })
})

test('a server that listens beyond this machine is refused altogether', async () => {
  const open = await listeningSample({ host: '0.0.0.0' })
  try {
    const response = await fetch(`http://127.0.0.1:${new URL(open.publicUrl).port}/sample-idp/jwks`, {
      headers: { host: new URL(open.publicUrl).host },
    })
    expect([response.status, await response.text()]).toEqual([403, 'refused: the server listens beyond this machine\n'])
  } finally {
    await open.close()
  }
})

describe('where it does not even start', () => {
  test('without the marker of the demo in its folder', async () => {
    const folder = await markedFolder()
    try {
      await rm(path.join(folder, 'sample-organisation.json'))
      await expect(listeningSample({ folder })).rejects.toThrow(SampleRefused)
      await expect(listeningSample({ folder: path.join(folder, 'nowhere') })).rejects.toThrow(SampleRefused)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test.each([
    'https://localhost:8080',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'http://localhost.evil.example:8080',
    'http://countersign.example',
    'http://user@localhost:8080',
    'http://localhost:8080/path',
    'http://localhost:8080/?x',
    'localhost:8080',
    '',
  ])('on the public address `%s`', (publicUrl) => {
    expect(() => requireLocalUrl(publicUrl)).toThrow(SampleRefused)
  })

  test('with secrets that others can read, or that are damaged', async () => {
    const folder = await markedFolder()
    const secrets = path.join(folder, 'sample-idp-secrets.json')
    try {
      await writeFile(secrets, '{}', { mode: 0o600 })
      await expect(listeningSample({ folder })).rejects.toThrow('damaged')
      await rm(secrets)
      await writeFile(secrets, '{}', { mode: 0o644 })
      await expect(listeningSample({ folder })).rejects.toThrow('read by others')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('keys survive a restart: a token from before still verifies', async () => {
  const [folder, samePort] = [await markedFolder(), await freePort()]
  try {
    const first = await listeningSample({ folder, port: samePort })
    const token = await signInAs(first.publicUrl, 'maria')
    const secret = first.sample.workloadSecret('builder')
    await first.close()
    const second = await listeningSample({ folder, port: samePort })
    const outcome = await second.verifier.authenticate({ authorization: `Bearer ${token}` })
    const secretAgain = second.sample.workloadSecret('builder')
    await second.close()
    expect(outcome).toMatchObject({ actor: { id: 'per_maria' } })
    expect(secretAgain).toBe(secret)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['127.0.0.1.evil', false],
  ['/run/socket', false],
  [undefined, false],
])('%s is this machine: %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected)
})
