import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certificateFor } from '../../../test/notices/certificate.ts'
import type { Notice } from '../notice.ts'
import { email } from './connector.ts'

const notice: Notice = {
  id: 'ntc_7_0123456789ab_mail',
  type: 'BreakGlassOpened',
  at: '2026-11-22T03:12:45.120Z',
  urgency: 'immediate',
  data: {
    event: 'evt_01.5',
    waiver: 'wvr_01',
    system: 'sys_ledger',
    entitlement: 'ledger-write',
    by: 'per_oncall',
    to: ['pool_security', 'per_ann'],
    url: 'https://countersign.example.org/waivers/wvr_01',
  },
}

interface Mail {
  readonly to: readonly string[]
  readonly text: string
}

const certificate = certificateFor('localhost')
let server: SMTPServer
let mails: Mail[]
let port: number

/** A real SMTP server on this machine. */
async function serve(options: SMTPServerOptions = {}): Promise<void> {
  mails = []
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ['STARTTLS'] : [],
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
        })
        callback()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.server.address() as { port: number }).port
}

beforeEach(() => serve())
afterEach(() => new Promise<void>((resolve) => server.close(resolve)))

async function again(options: SMTPServerOptions): Promise<void> {
  await new Promise<void>((resolve) => server.close(resolve))
  await serve(options)
}

const connector = (settings: Readonly<Record<string, unknown>> = {}, people: readonly string[] = []) =>
  email.create(
    {
      host: '127.0.0.1',
      port,
      from: 'countersign@example.org',
      to: ['soc@example.org'],
      timeoutSeconds: 5,
      ...settings,
    },
    (reference) => ({ 'env:PASSWORD': 'secret word', 'file:/ca': certificate.cert })[reference] ?? '',
    async () => people,
  )

test('a letter arrives: what, when and where to look, and that nothing is decided by answering it', async () => {
  expect(await connector().send(notice)).toEqual({ outcome: 'done', value: undefined })
  const [mail] = mails
  expect(mail?.to).toEqual(['soc@example.org'])
  expect(mail?.text).toContain('Subject: [Countersign] At once: Break glass opened, sys_ledger')
  expect(mail?.text).toContain('Auto-Submitted: auto-generated')
  expect(mail?.text).toContain('https://countersign.example.org/waivers/wvr_01')
  expect(mail?.text).toContain('per_oncall')
  expect(mail?.text).toContain('Nothing can be decided by answering this letter')
})

test('the people it matters to get it too, once each, and do not see each other', async () => {
  const people = ['ann@example.org', 'soc@example.org', 'bob@example.org']
  await connector({ people: true }, people).send(notice)
  expect(mails[0]?.to.toSorted()).toEqual(['ann@example.org', 'bob@example.org', 'soc@example.org'])
  expect(mails[0]?.text).not.toContain('ann@example.org')
})

test('where nobody has an address there is nothing to send', async () => {
  expect(await connector({ to: [], people: true }, []).send(notice)).toMatchObject({ outcome: 'done' })
  expect(mails).toEqual([])
})

test('a repeat has the same message id', async () => {
  for (let time = 0; time < 2; time++) await connector().send(notice)
  const ids = mails.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1])
  expect(ids[0]).toMatch(/@example\.org>/)
  expect(ids[1]).toBe(ids[0])
})

describe('[B17] names cannot become headers, lines or links', () => {
  test('line breaks and invisible characters in an id', async () => {
    const system = 'sys_x\r\nBcc: evil@example.org\u202e'
    await connector().send({ ...notice, data: { ...notice.data, system } })
    expect(mails[0]?.to).toEqual(['soc@example.org'])
    expect(mails[0]?.text).not.toMatch(/^Bcc:/im)
  })
})

describe('three outcomes', () => {
  test('nobody listens: surely not done, and worth another try', async () => {
    const gone = connector()
    await again({})
    expect(await gone.send(notice)).toMatchObject({ outcome: 'not-done', retryable: true })
  })

  test.each([
    [451, true],
    [550, false],
  ])('the server answers %d to a recipient', async (responseCode, retryable) => {
    await again({ onRcptTo: (_, __, callback) => callback(Object.assign(new Error('no'), { responseCode })) })
    expect(await connector().send(notice)).toMatchObject({ outcome: 'not-done', retryable })
  })

  test('hung up after the letter: nobody knows', async () => {
    await again({ onData: (stream, session) => stream.resume().on('end', () => session && hangUp()) })
    expect(await connector().send(notice)).toMatchObject({ outcome: 'unknown' })
  })

  function hangUp(): void {
    for (const connection of (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections)
      connection._socket.destroy()
  }
})

describe('encryption', () => {
  test('a server elsewhere that offers none gets nothing', async () => {
    // Any name but this machine's own: nodemailer then requires STARTTLS, which this server does not offer.
    const outcome = await connector({ host: 'localhost.localdomain' }).send(notice)
    expect(outcome).toMatchObject({ outcome: 'not-done' })
    expect(mails).toEqual([])
  })

  test('a certificate is checked, and a password goes only over what was encrypted', async () => {
    const seen: unknown[] = []
    await again({
      key: certificate.key,
      cert: certificate.cert,
      authOptional: false,
      onAuth: ({ password }, _, callback) => {
        seen.push(password)
        callback(null, { user: 'x' })
      },
    })
    const account = { host: 'localhost', user: 'countersign', password: 'env:PASSWORD' }
    expect(await connector({ ...account, ca: 'file:/ca' }).send(notice)).toMatchObject({ outcome: 'done' })
    expect(seen).toEqual(['secret word'])
  })
})

test.each([
  [{ to: [] }, 'nobody would hear'],
  [{ user: 'x' }, 'go together'],
  [{ from: 'nobody' }, 'from'],
  [{ colour: 'red' }, 'colour'],
])('settings that do not fit are named: %j', (settings, says) => {
  expect(() => connector(settings)).toThrow(says)
})
