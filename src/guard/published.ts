/** What the installation publishes: fetched without following anybody elsewhere, bounded in size and time. */
const millisMax = 3_000
const bytesMax = 2_097_152

export type Fetch = (address: string, options: RequestInit) => Promise<Response>

/** @throws when it cannot be had */
export async function published(fetch: Fetch, address: string, accept: string): Promise<string> {
  const response = await fetch(address, {
    headers: { accept },
    redirect: 'error',
    signal: AbortSignal.timeout(millisMax),
  })
  if (response.status !== 200) throw new Error(`\`${address}\` answered ${response.status}`)
  const text = await response.text()
  if (text.length > bytesMax) throw new Error(`\`${address}\` answered with more than ${bytesMax} bytes`)
  return text
}

/** Https, or this very machine. */
export function isTrustworthy(address: string): boolean {
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '') return false
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && here)
}
