/** What signs for the sample's people signs nowhere else, and for nobody who comes from elsewhere. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../test/support/free-port.ts'
import { sampleMarkerFile } from '../identity/sample/index.ts'
import type { SamplePasskeys } from './sample-passkeys.ts'
import { mountSampleSigning, samplePasskeysPath } from './sample-signing.ts'

const asked: string[] = []
const passkeys: SamplePasskeys = {
  async ready({ id, login }) {
    asked.push(`${id} ${login}`)
  },
  sign({ id }, { challenge }) {
    asked.push(`${id} ${challenge}`)
    return { credential: 'c', authenticatorData: 'a', clientData: 'd', signature: 's' }
  },
}
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(os.tmpdir(), 'countersign-test-sample-signing-'))
  await writeFile(join(folder, sampleMarkerFile), '{}')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([
  ['a folder that is no demo’s', () => os.tmpdir(), 'http://localhost:7443', 'is not there'],
  ['an address that is not this machine', () => folder, 'https://countersign.example', 'works only on'],
])('[fail/closed] [B10] it is not mounted on %s', async (_, at, publicUrl, why) => {
  const mounted = mountSampleSigning(Fastify(), { folder: at(), passkeys, publicUrl })
  await expect(mounted).rejects.toThrow(why)
})

describe('on the demo’s folder', () => {
  const fastify = Fastify()
  let publicUrl: string
  beforeAll(async () => {
    const port = await freePort()
    publicUrl = `http://localhost:${port}`
    await mountSampleSigning(fastify, { folder, passkeys, publicUrl })
    await fastify.listen({ host: 'localhost', port })
  })
  afterAll(() => fastify.close())

  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(publicUrl + samplePasskeysPath + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const publicKey = { challenge: 'x', rpId: 'localhost', allowCredentials: [{ id: 'c' }] }

  test('somebody gets their passkey and signs', async () => {
    expect((await post('/ready', { person: 'per_noor' })).status).toBe(200)
    const signed = await post('/signature', { person: 'per_noor', publicKey }, { origin: publicUrl })
    expect(await signed.json()).toMatchObject({ signature: 's' })
    expect(asked.splice(0)).toEqual(['per_noor noor', 'per_noor x'])
  })

  test.each([
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.7' }],
  ])('[B16] a call by %s signs nothing', async (_, headers) => {
    expect((await post('/signature', { person: 'per_noor', publicKey }, headers)).status).toBe(403)
    expect(asked).toEqual([])
  })

  test('[B14] what is no person, or no form, signs nothing', async () => {
    for (const body of [{ person: 'wl_bot' }, { person: 'per_' }, {}])
      expect((await post('/ready', body)).status).toBe(400)
    expect((await post('/signature', { person: 'per_noor' })).status).toBe(400)
    expect(asked).toEqual([])
  })
})
