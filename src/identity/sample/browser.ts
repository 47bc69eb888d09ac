/**
 * How does a script sign a person of the sample in? As a browser does: it follows redirects, keeps cookies and sends the
 * form, over HTTP alone. There is no back door for scripts, so what they do is what people do.
 */

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

export interface ScriptedBrowser {
  /**
   * Opens an address, and chooses `login` wherever it is asked whom to be.
   * @returns the first address that `isEnd` knows; it is not opened
   */
  goTo(address: URL, login: string, isEnd: (address: URL) => boolean): Promise<URL>
}

const stepsCountMax = 12

/** Cookies stay with the browser, so a second sign-in meets the session of the first. */
export function scriptedBrowser(): ScriptedBrowser {
  const jar = new Map<string, Cookie>()
  return {
    async goTo(address, login, isEnd) {
      let next = address
      let form: URLSearchParams | undefined
      for (let step = 0; step < stepsCountMax; step += 1) {
        if (isEnd(next)) return next
        const response = await send(next, form, jar)
        const location = response.headers.get('location')
        if (location !== null) {
          form = undefined
          next = new URL(location, next)
        } else {
          form = choiceOn(await response.text(), login, next)
        }
      }
      throw new Error(`the sign-in of \`${login}\` came to no end after ${stepsCountMax} steps`)
    },
  }
}

async function send(address: URL, form: URLSearchParams | undefined, jar: Map<string, Cookie>): Promise<Response> {
  const cookies = [...jar.values()].filter(
    ({ path }) => address.pathname === path || address.pathname.startsWith(`${path}/`),
  )
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
  const body = form === undefined ? {} : { method: 'POST', body: form }
  const response = await fetch(address, { ...body, headers, redirect: 'manual' })
  for (const line of response.headers.getSetCookie()) keep(jar, line)
  return response
}

function keep(jar: Map<string, Cookie>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice('path='.length) ?? '/'
  const key = `${name};${path}`
  if (value === '') jar.delete(key)
  else jar.set(key, { name, value, path: path.replace(/\/$/, '') })
}

function choiceOn(body: string, login: string, address: URL): URLSearchParams {
  if (body.includes(`name="login" value="${login}"`)) return new URLSearchParams({ login })
  const wrong = /<p class="wrong">([^<]*)/.exec(body)?.[1] ?? 'the page asks for something else'
  throw new Error(`\`${login}\` cannot be chosen at \`${address.pathname}\`: ${wrong}`)
}
