/**
 * Gets a calendar's text from an address, whole or not at all. Such addresses often are the key to the calendar, so no
 * message ever shows more of one than its host.
 */
import { SourceError } from '../directory.ts'

const timeoutMillis = 30_000
const bytesMax = 16 * 1024 * 1024

/** @returns the text, with the host as its name. @throws {SourceError} when it cannot be had. */
export async function fetchText(address: string): Promise<{ readonly name: string; readonly text: string }> {
  const url = URL.parse(address)
  if (url === null) throw failed('the address of the calendar', 'is no address')
  const name = `${url.protocol}//${url.host}`
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))
    throw failed(name, 'is not read over a connection that anybody can listen to; use `https:`')
  try {
    // Redirected, it might lead to another host without anybody having said so.
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMillis) })
    if (!response.ok) throw failed(name, `answered ${response.status}`)
    return { name, text: await textOf(response, name) }
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw failed(name, `cannot be read: ${reasonOf(error)}`)
  }
}

async function textOf(response: Response, name: string): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw failed(name, `is longer than ${bytesMax} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error instanceof Error ? error.name : 'no reason is known'
}

function failed(where: string, message: string): SourceError {
  return new SourceError([{ where, message }])
}
