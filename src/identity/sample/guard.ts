/**
 * Does this call really come from a browser or program on this machine, meant for the sample? Pages elsewhere can make a
 * browser call `localhost`, and names elsewhere can be made to point there (DNS rebinding); a proxy in front would make
 * the whole world local. Everything that looks like one of these is refused.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { SampleRefused } from './marker.ts'

const forwardedHeaders = /^(?:forwarded|x-forwarded-.+|x-real-ip|x-original-.+|via)$/

/** @returns the origin, e.g. `http://localhost:8080`. @throws {SampleRefused} for any other public address. */
export function requireLocalUrl(publicUrl: string): string {
  const url = URL.parse(publicUrl)
  const local = url?.protocol === 'http:' && url.hostname === 'localhost'
  if (local && (publicUrl === url.origin || publicUrl === `${url.origin}/`)) return url.origin
  throw new SampleRefused(`the sample sign-in works only on \`http://localhost:PORT\`, not on \`${publicUrl}\``)
}

/** @returns why the call is refused. @param listening every address the server listens on */
export function refusalOf(request: IncomingMessage, origin: string, listening: readonly string[]): string | undefined {
  if (listening.length === 0 || !listening.every(isLoopbackAddress)) return 'the server listens beyond this machine'
  const { remoteAddress, localAddress } = request.socket
  if (!isLoopbackAddress(remoteAddress) || !isLoopbackAddress(localAddress)) return 'the call comes from elsewhere'
  const forwarded = Object.keys(request.headers).find((name) => forwardedHeaders.test(name))
  if (forwarded !== undefined) return `the call came through a proxy (\`${forwarded}\`)`
  if (request.url?.startsWith('/') !== true || request.url.startsWith('//')) return 'the address is not a plain path'
  if (!isOnly(hostsOf(request), new URL(origin).host)) return `the host is not \`${new URL(origin).host}\``
  const from = request.headers.origin
  return from === undefined || from === origin ? undefined : 'the call comes from a page of another origin'
}

/** Node keeps the first of several Host headers; a proxy might have looked at another. */
function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host')
}

function isOnly(values: readonly string[], expected: string): boolean {
  return values.length === 1 && values[0] === expected
}

/** `127.0.0.0/8`, `::1`, and the former written as IPv6. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return false
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}
