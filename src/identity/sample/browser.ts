/**
 * How does a script sign a person of the sample in? As a browser does: it follows redirects, keeps cookies and sends the
 * forms, over HTTP alone. There is no back door for scripts, so what they do is what people do.
 */
import { type CookieJar, cookieJar } from './cookie-jar.ts'

export interface ScriptedBrowser {
  /**
   * Opens an address, and chooses `login` wherever it is asked whom to be.
   * @returns the first address that `isEnd` knows, which is not opened, or that of the first page that asks for nothing
   */
  goTo(address: URL, login: string, isEnd?: (address: URL) => boolean): Promise<URL>
  /** What it would send there, as a Cookie header. */
  cookiesFor(address: URL): string
}

interface Form {
  readonly action: URL
  readonly fields: URLSearchParams
}

const stepsCountMax = 12

/** Cookies stay with the browser, so a second sign-in meets the session of the first. */
export function scriptedBrowser(): ScriptedBrowser {
  const jar = cookieJar()
  return {
    cookiesFor: (address) => jar.cookiesFor(address),
    async goTo(address, login, isEnd = () => false) {
      let next = address
      let form: Form | undefined
      for (let step = 0; step < stepsCountMax; step += 1) {
        if (isEnd(next)) return next
        const response = await send(next, form, jar)
        const location = response.headers.get('location')
        form = location === null ? formOn(await response.text(), login, next) : undefined
        if (location === null && form === undefined) return next
        next = form?.action ?? new URL(location ?? '', next)
      }
      throw new Error(`the sign-in of \`${login}\` came to no end after ${stepsCountMax} steps`)
    },
  }
}

async function send(address: URL, form: Form | undefined, jar: CookieJar): Promise<Response> {
  const body = form === undefined ? {} : { method: 'POST', body: form.fields }
  const response = await fetch(address, { ...body, headers: { cookie: jar.cookiesFor(address) }, redirect: 'manual' })
  jar.keep(response.headers.getSetCookie())
  return response
}

/** Reads our own pages only, whose markup is known. @returns undefined when the page asks for nothing */
function formOn(body: string, login: string, address: URL): Form | undefined {
  const wrong = /<p class="wrong"[^>]*>([^<]*)/.exec(body)?.[1]
  if (wrong !== undefined) throw new Error(`\`${login}\` cannot sign in at \`${address.pathname}\`: ${wrong}`)
  const [, action, inside = ''] = /<form[^>]* method="post" action="([^"]+)">(.*?)<\/form>/s.exec(body) ?? []
  if (action === undefined) return undefined
  const fields = new URLSearchParams()
  for (const [, name = '', value = ''] of inside.matchAll(/<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"/g)) {
    fields.append(name, value)
  }
  if (inside.includes('name="login"')) fields.append('login', chosen(inside, login))
  return { action: new URL(action, address), fields }
}

function chosen(form: string, login: string): string {
  if (form.includes(` name="login" value="${login}"`)) return login
  throw new Error(`\`${login}\` cannot be chosen: nobody of that name is in the list`)
}
