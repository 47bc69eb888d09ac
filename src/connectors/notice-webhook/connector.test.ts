import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certificateFor } from '../../../test/notices/certificate.ts'
import { answerWith, type Receiver, startReceiver, testKey, verified } from '../../../test/notices/receiver.ts'
import type { Resolver } from '../http/address.ts'
import type { Notice } from '../notice.ts'
import { webhook } from './connector.ts'

const notice: Notice = {
  id: 'ntc_7_0123456789ab_siem',
  type: 'BreakGlassOpened',
  at: '2026-11-22T12:00:00.000Z',
  urgency: 'immediate',
  data: {
    event: 'evt_01.5',
    waiver: 'wvr_01',
    to: ['pool_security'],
    url: 'https://countersign.example.org/waivers/wvr_01',
  },
}

const name = 'hooks.example.org'
const certificate = certificateFor(name)
const held: Readonly<Record<string, string>> = {
  'env:OLD': testKey('old'),
  'env:NEW': testKey('new'),
  'file:/run/ca.pem': certificate.cert,
}
const nobody: Resolver = async (host) => {
  throw new Error(`nobody asked for ${host} in this test`)
}

interface Options extends Readonly<Record<string, unknown>> {
  readonly resolve?: Resolver
  readonly nowMillis?: () => number
}

function connectorFor({ resolve = nobody, nowMillis = Date.now, ...settings }: Options) {
  const whole = { secret: 'env:OLD', allowPrivate: true, timeoutSeconds: 1, ...settings }
  return webhook.create(whole, (reference) => held[reference] ?? '', { resolve, nowMillis })
}

const resolvingTo =
  (...addresses: string[]): Resolver =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

test('a notice arrives signed, and says who, what and when', async () => {
  expect(await connectorFor({ url: receiver.url }).send(notice)).toEqual({ outcome: 'done', value: undefined })
  const [delivery] = receiver.deliveries
  expect(delivery).toMatchObject({ method: 'POST', path: '/hook' })
  expect(delivery?.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': notice.id,
    'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
    'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/=]+$/),
  })
  expect(verified(delivery as never, testKey('old'))).toEqual({
    type: 'BreakGlassOpened',
    timestamp: notice.at,
    urgency: 'immediate',
    data: notice.data,
  })
})

test('the signature is over exactly these bytes, this id and this time', async () => {
  await connectorFor({ url: receiver.url }).send(notice)
  const [delivery] = receiver.deliveries
  if (delivery === undefined) throw new Error('nothing came')
  const { headers } = delivery
  const later = String(Number(headers['webhook-timestamp']) + 1)
  expect(() => verified({ ...delivery, body: `${delivery.body} ` }, testKey('old'))).toThrow('No matching signature')
  for (const forged of [{ 'webhook-id': 'ntc_8' }, { 'webhook-timestamp': later }]) {
    expect(() => verified({ ...delivery, headers: { ...headers, ...forged } }, testKey('old'))).toThrow('No matching')
  }
  expect(() => verified(delivery, testKey('another'))).toThrow('No matching signature')
})

test('every attempt is signed afresh with the time it is made, and keeps its id', async () => {
  let now = Date.now() - 200_000
  const connector = connectorFor({ url: receiver.url, nowMillis: () => now })
  await connector.send(notice)
  now += 150_000
  await connector.send(notice)
  const [first, second] = receiver.deliveries.map(({ headers }) => headers)
  expect(Number(second?.['webhook-timestamp']) - Number(first?.['webhook-timestamp'])).toBe(150)
  expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature'])
  expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
})

test('while a secret is replaced, receivers with the old and with the new one both believe it', async () => {
  await connectorFor({ url: receiver.url, secret: ['env:OLD', 'env:NEW'] }).send(notice)
  const [delivery] = receiver.deliveries
  expect(delivery?.headers['webhook-signature']?.split(' ')).toHaveLength(2)
  for (const key of ['old', 'new'])
    expect(verified(delivery as never, testKey(key))).toMatchObject({ type: notice.type })
  expect(() => verified(delivery as never, testKey('stolen'))).toThrow('No matching signature')
})

describe('three outcomes', () => {
  test('the receiver answers with an error: not done, and whether to try again', async () => {
    const connector = connectorFor({ url: receiver.url })
    receiver.answer = answerWith(500)
    expect(await connector.send(notice)).toEqual({
      outcome: 'not-done',
      reason: 'the receiver answered 500',
      retryable: true,
    })
    receiver.answer = answerWith(429, { 'retry-after': '77' })
    expect(await connector.send(notice)).toMatchObject({ outcome: 'not-done', retryable: true, retryAfterSeconds: 77 })
    receiver.answer = answerWith(410)
    expect(await connector.send(notice)).toMatchObject({ outcome: 'not-done', retryable: false })
  })

  test('nobody listens: surely not done', async () => {
    await receiver.close()
    const outcome = await connectorFor({ url: receiver.url }).send(notice)
    expect(outcome).toEqual({ outcome: 'not-done', reason: 'the connection failed (ECONNREFUSED)', retryable: true })
  })

  test('the name is not known: surely not done', async () => {
    const resolve: Resolver = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    }
    const outcome = await connectorFor({ url: 'https://hooks.example.org/', resolve }).send(notice)
    expect(outcome).toEqual({ outcome: 'not-done', reason: 'the connection failed (ENOTFOUND)', retryable: true })
  })

  test('no answer in time: nobody knows', async () => {
    receiver.answer = () => {}
    const outcome = await connectorFor({ url: receiver.url }).send(notice)
    expect(outcome).toEqual({ outcome: 'unknown', reason: 'no answer within 1000 ms' })
    expect(receiver.deliveries).toHaveLength(1)
  })

  test('hung up after reading: nobody knows', async () => {
    receiver.answer = (response) => response.destroy()
    const outcome = await connectorFor({ url: receiver.url }).send(notice)
    expect(outcome).toEqual({ outcome: 'unknown', reason: 'the connection failed (ECONNRESET)' })
  })
})

describe('over TLS', () => {
  let secure: Receiver
  beforeEach(async () => {
    secure = await startReceiver(certificate)
  })
  afterEach(() => secure.close())

  test('the address that was judged is the one connected to, under the name of the address', async () => {
    let asked = 0
    const answers = ['127.0.0.1', '169.254.169.254']
    const resolve: Resolver = async () => [{ address: answers[asked++] as string, family: 4 }]
    const url = `https://${name}:${secure.port}/hook`
    const connector = connectorFor({ url, ca: 'file:/run/ca.pem', secret: 'env:NEW', resolve })
    expect(await connector.send(notice)).toMatchObject({ outcome: 'done' })
    expect(asked).toBe(1)
    expect(secure.deliveries[0]?.headers.host).toBe(`${name}:${secure.port}`)
    expect(verified(secure.deliveries[0] as never, testKey('new'))).toMatchObject({ type: notice.type })
    // The name leads elsewhere the next time it is asked for, and the next attempt is judged again.
    expect(await connector.send(notice)).toMatchObject({ outcome: 'not-done', retryable: true })
    expect(secure.deliveries).toHaveLength(1)
  })

  test('a certificate nobody vouches for, or for another name, gets nothing', async () => {
    const resolve = resolvingTo('127.0.0.1')
    const unknownCa = connectorFor({ url: `https://${name}:${secure.port}/`, resolve })
    expect(await unknownCa.send(notice)).toMatchObject({ outcome: 'not-done', retryable: true })
    const otherName = connectorFor({
      url: `https://other.example.org:${secure.port}/`,
      ca: 'file:/run/ca.pem',
      resolve,
    })
    expect(await otherName.send(notice)).toMatchObject({ outcome: 'not-done', retryable: true })
    expect(secure.deliveries).toEqual([])
  })
})

describe('a hostile endpoint', () => {
  test.each([
    ['this machine', ['127.0.0.1']],
    ['this machine, over IPv6', ['::1']],
    ['this machine, dressed up', ['::ffff:127.0.0.1']],
    ['the metadata of the machine', ['169.254.169.254']],
    ['a private network', ['10.0.0.1']],
    ['a good address and a bad one', ['93.184.215.14', '192.168.0.1']],
    ['nothing that is an address', ['intranet']],
    ['nowhere', []],
  ])('a name that leads to %s is refused before a connection', async (_, addresses) => {
    const url = `https://hooks.example.org:${receiver.port}/hook`
    const connector = connectorFor({ url, allowPrivate: false, resolve: resolvingTo(...addresses) })
    expect(await connector.send(notice)).toMatchObject({
      outcome: 'not-done',
      retryable: true,
      reason: expect.stringMatching(/refused|has no address/),
    })
    expect(receiver.deliveries).toEqual([])
  })

  test('the real resolver is judged too: `localhost` is no receiver', async () => {
    const settings = { url: `https://localhost:${receiver.port}/`, secret: 'env:OLD' }
    const outcome = await webhook.create(settings, () => testKey('old')).send(notice)
    expect(outcome).toMatchObject({ outcome: 'not-done', reason: expect.stringContaining('refused') })
  })

  test('the metadata of the machine stays refused when private addresses are allowed', async () => {
    const connector = connectorFor({ url: 'https://hooks.example.org/', resolve: resolvingTo('169.254.169.254') })
    expect(await connector.send(notice)).toMatchObject({
      outcome: 'not-done',
      reason: expect.stringContaining('refused'),
    })
  })

  test('plain http to `localhost` does not leave the machine, whatever the name leads to', async () => {
    const connector = connectorFor({ url: `http://localhost:${receiver.port}/`, resolve: resolvingTo('10.0.0.1') })
    expect(await connector.send(notice)).toMatchObject({
      reason: expect.stringContaining('leads away from this machine'),
    })
  })

  test('a redirect is not followed, not even to itself', async () => {
    for (const location of ['http://169.254.169.254/latest/meta-data/', `${receiver.url}/again`]) {
      receiver.answer = answerWith(307, { location })
      const outcome = await connectorFor({ url: receiver.url }).send(notice)
      expect(outcome).toMatchObject({ outcome: 'not-done', retryable: false })
    }
    expect(receiver.deliveries.map(({ path }) => path)).toEqual(['/hook', '/hook'])
  })

  test('an answer without end is cut off, and what it said first counts', async () => {
    const ended = Promise.withResolvers<number>()
    receiver.answer = (response) => {
      let written = 0
      response.on('error', () => {}).on('close', () => ended.resolve(written))
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && written < 1e9) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536, 'x'))) return response.once('drain', pour)
        }
      }
      pour()
    }
    expect(await connectorFor({ url: receiver.url, timeoutSeconds: 30 }).send(notice)).toMatchObject({
      outcome: 'done',
    })
    expect(await ended.promise).toBeLessThan(1e8)
  })

  test('an answer that never ends holds nobody up, and is cut off in time', async () => {
    const ended = Promise.withResolvers<void>()
    receiver.answer = (response) => {
      response.on('close', ended.resolve)
      response.writeHead(503, { 'retry-after': '5' }).write('wait')
    }
    const outcome = await connectorFor({ url: receiver.url }).send(notice)
    expect(outcome).toMatchObject({ outcome: 'not-done', retryAfterSeconds: 5 })
    await ended.promise
  })

  test.each([
    ['headers without end', `HTTP/1.1 200 OK\r\nx-pad: ${'y'.repeat(200_000)}\r\n\r\n`],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
    ['half a status', 'HTTP/1.1 2'],
  ])('%s: nobody knows, and nothing breaks', async (_, answer) => {
    const sockets: Socket[] = []
    const raw = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      socket.once('data', () => socket.write(answer))
    })
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    const address = raw.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const outcome = await connectorFor({ url: `http://127.0.0.1:${port}/` }).send(notice)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => raw.close(resolve))
    expect(outcome).toMatchObject({ outcome: 'unknown' })
  })
})

test('what is said of a failure names neither the path nor a secret', async () => {
  receiver.answer = answerWith(500)
  const outcome = await connectorFor({ url: `${receiver.url}/T0KEN-IN-THE-PATH` }).send(notice)
  expect(JSON.stringify(outcome)).not.toMatch(/T0KEN|whsec/)
})
