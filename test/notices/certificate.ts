// Where does a test get a certificate from? Made on the spot, for the names it is asked for, and believed by nobody else.
// X.509 version 3 in DER (RFC 5280), as little of it as TLS needs.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

export function certificateFor(name: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(objectId('2a8648ce3d040302'))
  const subject = sequence(node(0x31, sequence(objectId('550403'), node(0x0c, Buffer.from(name)))))
  const validity = sequence(node(0x17, Buffer.from('240101000000Z')), node(0x17, Buffer.from('490101000000Z')))
  const alternativeName = sequence(objectId('551d11'), node(0x04, sequence(node(0x82, Buffer.from(name)))))
  const body = sequence(
    node(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, sequence(alternativeName)),
  )
  const signature = node(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(sequence(body, algorithm, signature)),
  }
}

function node(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return node(0x30, ...parts)
}

function objectId(hex: string): Buffer {
  return node(0x06, Buffer.from(hex, 'hex'))
}

function integer(bytes: Buffer): Buffer {
  return node(0x02, bytes)
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`
}
