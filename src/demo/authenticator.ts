/**
 * An authenticator in software, for the people of the sample organisation and for tests: real ES256 keys and real
 * signatures, made without a person's finger. It says so in its model, and only the sample installation takes it.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { sampleModel } from '../identity/passkeys/index.ts'
import { encodeBase64url } from '../signature/index.ts'

export interface Authenticator {
  /** Makes a passkey and answers what a browser would send. */
  create(asked: Asked): CreatedPasskey
  /** Signs with the first of these credentials that it holds. @throws when it holds none */
  get(asked: Asked & { readonly credentials: readonly string[] }): SignedAssertion
}

export interface Asked {
  /** base64url. */
  readonly challenge: string
  readonly relyingParty: string
  readonly origin: string
}

export interface CreatedPasskey {
  readonly id: string
  readonly attestation: string
  readonly clientData: string
  readonly transports: readonly string[]
}

export interface SignedAssertion {
  readonly credential: string
  readonly authenticatorData: string
  readonly clientData: string
  readonly signature: string
}

export interface AuthenticatorOptions {
  /** Another model than the sample's, so that tests are taken for anybody's. */
  readonly model?: string
  /** Bits of the flags to leave out: 0x04 is "recognised", 0x01 "there". */
  readonly without?: number
  /** False: always says 0, as passkeys do that are kept by a service. */
  readonly counts?: boolean
}

interface Held {
  readonly key: KeyObject
  count: number
}

const flags = { present: 0x01, verified: 0x04, attested: 0x40 } as const

export function softwareAuthenticator(options: AuthenticatorOptions = {}): Authenticator {
  const held = new Map<string, Held>()
  const seen = (flags.present | flags.verified) & ~(options.without ?? 0)
  return {
    create({ challenge, relyingParty, origin }) {
      const id = randomBytes(16)
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      held.set(encodeBase64url(id), { key: privateKey, count: 0 })
      const model = Buffer.from((options.model ?? sampleModel).replaceAll('-', ''), 'hex')
      const attested = Buffer.concat([model, uint16(id.length), id, coseOf(publicKey)])
      const data = Buffer.concat([authenticatorData(relyingParty, seen | flags.attested, 0), attested])
      return {
        id: encodeBase64url(id),
        attestation: encodeBase64url(attestationWithout(data)),
        clientData: clientData('webauthn.create', challenge, origin),
        transports: ['internal'],
      }
    },
    get({ challenge, relyingParty, origin, credentials }) {
      const credential = credentials.find((id) => held.has(id))
      const own = credential === undefined ? undefined : held.get(credential)
      if (credential === undefined || own === undefined) throw new Error('none of these passkeys is held here')
      if (options.counts !== false) own.count++
      const data = authenticatorData(relyingParty, seen, own.count)
      const client = clientData('webauthn.get', challenge, origin)
      const hash = createHash('sha256').update(Buffer.from(client, 'base64url')).digest()
      const signature = sign('sha256', Buffer.concat([data, hash]), own.key)
      return {
        credential,
        authenticatorData: encodeBase64url(data),
        clientData: client,
        signature: encodeBase64url(signature),
      }
    },
  }
}

function clientData(type: string, challenge: string, origin: string): string {
  return encodeBase64url(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })))
}

function authenticatorData(relyingParty: string, given: number, count: number): Buffer {
  const counter = Buffer.alloc(4)
  counter.writeUInt32BE(count)
  return Buffer.concat([createHash('sha256').update(relyingParty).digest(), Buffer.of(given), counter])
}

/** COSE (RFC 9053 section 7.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const part = (label: number, value: string) => [Buffer.of(label, 0x58, 32), Buffer.from(value, 'base64url')]
  return Buffer.concat([Buffer.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01), ...part(0x21, x), ...part(0x22, y)])
}

/** CBOR {"fmt": "none", "attStmt": {}, "authData": …}. */
function attestationWithout(data: Buffer): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.of(0x60 + value.length), Buffer.from(value)])
  const length = Buffer.concat([Buffer.of(0x59), uint16(data.length)])
  const members = [text('fmt'), text('none'), text('attStmt'), Buffer.of(0xa0), text('authData'), length, data]
  return Buffer.concat([Buffer.of(0xa3), ...members])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
