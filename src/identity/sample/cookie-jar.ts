// Which cookies go with a request of the scripted browser? Those whose path fits. All of them come from one host, and none
// outlives the script, so neither domains nor dates are looked at.

export interface CookieJar {
  /** @returns the value of the Cookie header */
  cookiesFor(address: URL): string
  /** @param lines values of Set-Cookie headers */
  keep(lines: readonly string[]): void
}

export function cookieJar(): CookieJar {
  const jar = new Map<string, { readonly pair: string; readonly path: string }>()
  return {
    cookiesFor({ pathname }) {
      const fitting = [...jar.values()].filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
      return fitting.map(({ pair }) => pair).join('; ')
    },
    keep(lines) {
      for (const line of lines) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
        const named = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice('path='.length)
        const path = (named ?? '/').replace(/\/$/, '')
        const key = `${pair.split('=', 1)[0]};${path}`
        // The provider deletes a cookie by sending it empty.
        if (pair.endsWith('=')) jar.delete(key)
        else jar.set(key, { pair, path })
      }
    },
  }
}
