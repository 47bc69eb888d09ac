/** [B10] [B17] Signatures of three kinds of keys hold for what was signed, and for nothing else. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PasskeyEvidence, Statement } from '../core/signed.ts'
import { softwareAuthenticator } from '../demo/authenticator.ts'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { challengeOf } from './challenge.ts'
import { verifyEvidence } from './verify.ts'

const relyingParty = 'countersign.example'
const origin = 'https://countersign.example'
const nonce = Uint8Array.from({ length: 32 }, (_, index) => index)
const statement: Statement = {
  decision: 'countersign',
  of: 'waiver',
  by: 'per_ines',
  about: 'wvr_01',
  version: 3,
  shown: 'sha256:shown',
  signed: 'sha256:signed',
  context: 'sha256:context',
  policy: 'sha256:policy',
  command: 'sha256:command',
}

interface Parts {
  readonly type?: string
  readonly origin?: string
  readonly flags?: number
  readonly more?: object
  readonly challenge?: string
  readonly hashOf?: string
}

async function evidenceWith(
  key: KeyObject,
  cose: Uint8Array,
  hash: 'sha256' | null,
  parts: Parts = {},
): Promise<PasskeyEvidence> {
  const challenge = parts.challenge ?? encodeBase64url(await challengeOf(nonce, statement))
  const client = { type: parts.type ?? 'webauthn.get', challenge, origin: parts.origin ?? origin, ...parts.more }
  const clientData = Buffer.from(JSON.stringify(client))
  const data = Buffer.concat([
    createHash('sha256')
      .update(parts.hashOf ?? relyingParty)
      .digest(),
    Buffer.of(parts.flags ?? 0x05, 0, 0, 0, 9),
  ])
  const message = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
  return {
    passkey: 'psk_1',
    credential: 'AAAA',
    publicKey: encodeBase64url(cose),
    relyingParty,
    origin: parts.origin ?? origin,
    nonce: encodeBase64url(nonce),
    statement,
    authenticatorData: encodeBase64url(data),
    clientData: encodeBase64url(clientData),
    signature: encodeBase64url(sign(hash, message, key)),
  }
}

const kinds = { ES256: es256(), EdDSA: ed25519(), RS256: rs256() }

function es256() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const cose = Buffer.concat([
    Buffer.from('a50102032620012158 20'.replace(' ', ''), 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
  return { key: privateKey, cose, hash: 'sha256' as const }
}

function ed25519() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const cose = Buffer.concat([Buffer.from('a4010103272006215820', 'hex'), Buffer.from(x, 'base64url')])
  return { key: privateKey, cose, hash: null }
}

function rs256() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { n = '' } = publicKey.export({ format: 'jwk' })
  const cose = Buffer.concat([
    Buffer.from('a401030339010020590100', 'hex'),
    Buffer.from(n, 'base64url'),
    Buffer.from('2143010001', 'hex'),
  ])
  return { key: privateKey, cose, hash: 'sha256' as const }
}

const good = (kind: keyof typeof kinds, parts?: Parts) =>
  evidenceWith(kinds[kind].key, kinds[kind].cose, kinds[kind].hash, parts)

async function problem(evidence: PasskeyEvidence): Promise<string> {
  const verdict = await verifyEvidence(evidence)
  return verdict.holds ? 'holds' : verdict.problem
}

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s', (kind) => {
  test('[terms/digest] a signature over exactly this statement holds', async () => {
    expect(await verifyEvidence(await good(kind))).toMatchObject({
      holds: true,
      authenticator: { userPresent: true, userVerified: true, signCount: 9 },
    })
  })

  test('and over none that differs in any bit of what was signed, or of the signature', async () => {
    const evidence = await good(kind)
    const members = ['authenticatorData', 'clientData', 'nonce', 'signature', 'publicKey'] as const
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...members), fc.nat(), fc.nat({ max: 7 }), async (member, at, bit) => {
        const bytes = decodeBase64url(evidence[member]) ?? new Uint8Array()
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit)
        expect(await problem({ ...evidence, [member]: encodeBase64url(bytes) })).not.toBe('holds')
      }),
      { numRuns: 150 },
    )
  })

  test('nor when it is cut short or goes on', async () => {
    const evidence = await good(kind)
    const members = ['authenticatorData', 'clientData', 'nonce', 'signature', 'publicKey'] as const
    for (const member of members) {
      const bytes = decodeBase64url(evidence[member]) ?? new Uint8Array()
      expect(await problem({ ...evidence, [member]: encodeBase64url(bytes.slice(0, -1)) }), member).not.toBe('holds')
      const longer = Uint8Array.from([...bytes, 0])
      expect(await problem({ ...evidence, [member]: encodeBase64url(longer) }), member).not.toBe('holds')
      expect(await problem({ ...evidence, [member]: `${evidence[member]}=` }), member).toBe('malformed')
    }
  })
})

test('[terms/digest] every member of the statement is signed over', async () => {
  const evidence = await good('ES256')
  for (const [member, value] of Object.entries(statement)) {
    const other = typeof value === 'number' ? value + 1 : `${value}x`
    const changed = { ...evidence, statement: { ...statement, [member]: other } as Statement }
    expect(await problem(changed), member).toBe('challenge-differs')
  }
  const longer = { ...statement, also: 'this' } as Statement
  expect(await problem({ ...evidence, statement: longer })).toBe('challenge-differs')
})

test.each<[string, Parts, string]>([
  ['an enrolment', { type: 'webauthn.create' }, 'not-an-assertion'],
  ['a payment', { type: 'payment.get' }, 'not-an-assertion'],
  ['another challenge', { challenge: 'AAAA' }, 'challenge-differs'],
  ['a frame of another page', { more: { crossOrigin: true } }, 'origin-differs'],
  ['a frame, by another word', { more: { topOrigin: 'https://evil.example' } }, 'origin-differs'],
  ['another site', { origin: 'https://evil.example' }, 'relying-party-differs'],
  ['a site that ends alike', { origin: 'https://evilcountersign.example' }, 'relying-party-differs'],
  ['a page in the clear', { origin: 'http://countersign.example' }, 'relying-party-differs'],
  ['a page with a path', { origin: 'https://countersign.example/x' }, 'relying-party-differs'],
  ['a key of another site', { hashOf: 'evil.example' }, 'relying-party-differs'],
  ['nobody there', { flags: 0x04 }, 'nobody-present'],
  ['somebody who only touched it', { flags: 0x01 }, 'nobody-verified'],
  ['a backup that cannot be', { flags: 0x15 }, 'malformed'],
  ['bytes of an enrolment', { flags: 0x45 }, 'malformed'],
])('[B16] %s does not sign, although the key is right', async (_, parts, expected) => {
  expect(await problem(await good('ES256', parts))).toBe(expected)
})

test('a page of a host below the relying party signs; its origin is for the server to know', async () => {
  expect(await problem(await good('ES256', { origin: 'https://app.countersign.example' }))).toBe('holds')
})

test('another signature of the same key, in another spelling, is refused', async () => {
  const evidence = await good('ES256')
  const der = decodeBase64url(evidence.signature) ?? new Uint8Array()
  const lengthOfR = der[3] ?? 0
  // One zero more in front of the first number than it needs.
  const padded = [0x30, (der[1] ?? 0) + 1, 0x02, lengthOfR + 1, 0, ...der.slice(4)]
  expect(await problem({ ...evidence, signature: encodeBase64url(Uint8Array.from(padded)) })).toBe('signature-wrong')
})

test('a key that is no point of its curve verifies nothing', async () => {
  const evidence = await good('ES256')
  const cose = decodeBase64url(evidence.publicKey) ?? new Uint8Array()
  cose.fill(0xff, 10, 42)
  expect(await problem({ ...evidence, publicKey: encodeBase64url(cose) })).toBe('signature-wrong')
})

test('the authenticator of the sample signs like any other', async () => {
  const authenticator = softwareAuthenticator()
  const made = authenticator.create({ challenge: encodeBase64url(nonce), relyingParty, origin })
  const challenge = encodeBase64url(await challengeOf(nonce, statement))
  const asked = { challenge, relyingParty, origin, credentials: [made.id] }
  const { publicKey } = await good('ES256')
  expect(await problem({ ...(await good('ES256')), ...authenticator.get(asked), publicKey })).toBe('signature-wrong')
})

test('a nonce of another length is none', async () => {
  await expect(challengeOf(nonce.slice(1), statement)).rejects.toThrow('32 bytes')
})
