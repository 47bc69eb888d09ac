/**
 * People in real browsers: the installed Chromium, a profile of its own for everybody. Whatever a page should never do is
 * listened for all the time: errors, broken content policy, calls to anybody else.
 */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { visitorAt } from './visitor.ts'

const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = places.find((place) => place !== '' && existsSync(place))

/** Tests of the pages need it. Where there is none, that is said, and nothing counts as tried. */
export const hasChromium = executablePath !== undefined
if (!hasChromium)
  process.stderr.write(
    'NOT TESTED: no Chromium is installed, so the pages are not looked at; install it or set CHROMIUM\n',
  )

export interface Visit {
  readonly page: Page
  /** Everything a page should never do, as it was noticed. */
  readonly wrongs: readonly string[]
}

export interface Cinema {
  /**
   * Signed in as somebody, in a browser that knows nobody else; the way through the sign-in's pages is a test of its own, so
   * the session is begun without them. @param login absent: nobody yet
   */
  visit(login?: string, options?: BrowserContextOptions & { readonly to?: string }): Promise<Visit>
  /** Everybody's so far. */
  readonly visits: readonly Visit[]
  close(): Promise<void>
}

export async function openCinema(publicUrl: string): Promise<Cinema> {
  const browser: Browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
  const visits: Visit[] = []
  return {
    visits,
    async visit(login, { to = '/', ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1_360, height: 900 },
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
        ...options,
      })
      context.setDefaultTimeout(60_000)
      const page = await context.newPage()
      const one = { page, wrongs: watch(page, publicUrl) }
      visits.push(one)
      if (login !== undefined) await context.addCookies([await sessionOf(publicUrl, login)])
      await page.goto(publicUrl + to)
      if (login !== undefined) await page.locator('#main').waitFor()
      return one
    },
    close: () => browser.close(),
  }
}

async function sessionOf(publicUrl: string, login: string) {
  const visitor = visitorAt(publicUrl)
  await visitor.signIn(login)
  const name = `countersign-${new URL(publicUrl).port}`
  return { name, value: visitor.cookie(), url: publicUrl, httpOnly: true, sameSite: 'Strict' as const }
}

/** On the page of the sample's provider. */
export async function chooseAs(page: Page, login: string): Promise<void> {
  await page.locator(`button[name="login"][value="${login}"]`).click()
  await page.locator('#main').waitFor()
}

function watch(page: Page, publicUrl: string): string[] {
  const wrongs: string[] = []
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`))
  page.on('console', (message) => {
    // Answers that are a no are answers; the browser calls them errors.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) wrongs.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(`${publicUrl}/`) && !request.url().startsWith('data:'))
      wrongs.push(`call: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return wrongs
}
