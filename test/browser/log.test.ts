/** The log as a reader sees it: proofs made in the browser, and every way to lie to that browser found out by it. */
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaveOpen } from '../../src/demo/leave-open.ts'
import { violationsOn } from './support/axe.ts'
import { type Cinema, hasChromium, openCinema, type Visit } from './support/chromium.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { look, lookAllWays } from './support/screens.ts'

describe.skipIf(!hasChromium)('the log in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  let visit: Visit
  let page: Page
  let waiver: string
  let place: string
  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
    ;[waiver = ''] = (await leaveOpen(sample)).waivers
    visit = await cinema.visit('samuel', { to: '/log' })
    page = visit.page
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  const head = () => page.getByRole('region', { name: 'The head' })
  const isSaid = (text: string) => page.getByText(text, { exact: true }).first().waitFor()

  test('[B23] the head is judged here: signed by its key, and continuing what this browser saw', async () => {
    await isSaid('The head holds')
    await expect.poll(() => head().innerText()).toContain('as this browser knew it')
    expect(await head().innerText()).toMatch(/the \d+ records seen before are the first \d+ of \d+/i)
    await lookAllWays(page, 'log')
  })

  test('records are found by kind and by person, and each leads to its proof', async () => {
    const rows = page.getByRole('list', { name: 'Records' }).getByRole('listitem')
    await page.getByLabel('Kind, id, or place').fill('requested')
    await page.keyboard.press('Enter')
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByLabel('By whom').fill('aiko')
    await page.getByRole('option').filter({ hasText: 'Aiko Tanabe' }).click()
    await expect.poll(() => rows.count()).toBe(1)
    place = (await rows.getByRole('link').first().innerText()).trim()
    await page.goto(`${sample.publicUrl}/waivers/${waiver}`)
    await page.getByText('proof', { exact: true }).first().click()
    await page.getByRole('link', { name: `${place}, check it in this browser` }).click()
    await page.waitForURL(`**/records/${place}`)
    await isSaid('Proven in this browser')
    const proof = page.getByRole('region', { name: 'The proof' })
    expect(await proof.getByText('proven', { exact: true }).count()).toBe(6)
    await lookAllWays(page, 'proof')
  })

  test('[B20] [B23] whatever is changed on the way is disproven, and what was sealed is shown beside it', async () => {
    const lie = async (url: string, how: (route: Route) => Promise<void>, said: RegExp, name?: string) => {
      await page.route(url, how)
      await page.reload()
      await isSaid('Disproven')
      await expect.poll(() => page.locator('#main').innerText()).toMatch(said)
      expect(await violationsOn(page)).toEqual([])
      if (name !== undefined) await look(page, { name })
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    }
    const record = (change: (body: Told) => Told) => async (route: Route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: change((await response.json()) as Told) })
    }
    const one = `**/v1/records/${place}`
    await lie(
      one,
      record((told) => ({ ...told, record: { ...told.record, by: 'per_<b>mallory</b>' } })),
      /This is not what was sealed[\s\S]*by: sealed as per_aiko, shown as per_<b>mallory<\/b>/,
      'disproven',
    )
    // What is told beside the body counts for nothing: the page tells what was hashed.
    await page.route(
      one,
      record((told) => ({ ...told, record: { ...told.record, body: { type: 'WaiverDenied', reason: 'lie' } } })),
    )
    await page.reload()
    await isSaid('Proven in this browser')
    expect(await page.getByRole('region', { name: 'The record' }).innerText()).toMatch(/asked[\s\S]*214 entries/)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    const body = (text: string) => text.replace('214 entries', '2 entries')
    await lie(
      one,
      record((told) => ({ ...told, opening: { ...told.opening, body: body(told.opening.body) } })),
      /the body is another one than was sealed/i,
    )
    const bytes = (at: number) => async (route: Route) => {
      const response = await route.fetch()
      const tile = await response.body()
      tile[at] = (tile[at] ?? 0) ^ 1
      await route.fulfill({ status: 200, contentType: 'application/octet-stream', body: tile })
    }
    await lie('**/log/tile/0/**', bytes(3), /do not lead to the root/i)
    await lie(
      '**/log/checkpoint',
      async (route) => {
        const note = await (await route.fetch()).text()
        await route.fulfill({
          contentType: 'text/plain',
          body: note.replace(/\n(\d+)\n/, (_all, size) => `\n${size}0\n`),
        })
      },
      /The signature under .* is wrong/,
    )
    await page.reload()
    await isSaid('Proven in this browser')
  })

  test('[B23] a history that does not follow from the one seen before is said as loudly as a page can', async () => {
    await page.goto(`${sample.publicUrl}/log`)
    await isSaid('The head holds')
    const seen = (await page.evaluate("localStorage.getItem('countersign log seen')")) as string
    // Another history of the same length: its root is another, and its signature is nobody's business, for it was seen.
    const other = seen.replace(
      /(\\n\d+\\n)([A-Za-z0-9+/])/,
      (_all, size, first) => `${size}${first === 'A' ? 'B' : 'A'}`,
    )
    expect(other).not.toBe(seen)
    const set = async (text: string) => {
      // Where no page of ours is at work, which would remember what it sees meanwhile.
      await page.goto(`${sample.publicUrl}/healthz`)
      await page.evaluate(`localStorage.setItem('countersign log seen', ${JSON.stringify(text)})`)
      await page.goto(`${sample.publicUrl}/log`)
    }
    await set(other)
    const alarm = page.getByRole('alert').filter({ hasText: 'Do not trust this log' })
    await expect.poll(() => alarm.innerText()).toMatch(/are other ones than this browser saw before|two histories/)
    expect(await page.evaluate("localStorage.getItem('countersign log seen')")).toBe(other)
    await lookAllWays(page, 'log-forked')
    // A record that was signed before, and is no longer there.
    await set(seen.replace(/\\n(\d+)\\n/, (_all, size) => `\\n${size}000\\n`))
    await expect.poll(() => alarm.innerText()).toMatch(/and now there are only \d+/)
    // Only somebody who says so makes it compare with another history.
    await page.getByRole('button', { name: 'Compare with this one from now on' }).click()
    await page.getByRole('button', { name: 'Forget what was seen before' }).click()
    await isSaid('The head holds')
    expect(await alarm.count()).toBe(0)
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(visit.wrongs).toEqual([])
  })
})

interface Told {
  readonly record: Readonly<Record<string, unknown>>
  readonly opening: { readonly salt: string; readonly body: string }
}
