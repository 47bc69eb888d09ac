/** Looking ahead and looking over everything, in the browser: coverage, who stands outside now, envelopes. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealEnvelope } from '../../src/demo/envelope.ts'
import { violationsOn } from './support/axe.ts'
import { type Cinema, hasChromium, openCinema } from './support/chromium.ts'
import { closeOne, yes } from './support/lives.ts'
import { halfAYear, writePast } from './support/past.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { lookAllWays } from './support/screens.ts'

describe.skipIf(!hasChromium)('overseeing in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  let envelope: string
  const visit = async (...given: Parameters<Cinema['visit']>) => (await cinema.visit(...given)).page
  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
    envelope = (await sealEnvelope(sample, 'PT30M')).waiver
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  test('[on-call/never-both-sides] who oversees sees every team hour by hour, the hours nobody covers, and what closes them', async () => {
    const samuel = await visit('samuel', { to: '/on-call' })
    const map = samuel.getByRole('region', { name: 'By hour' })
    await map.getByRole('button', { name: 'Payments core' }).waitFor()
    const gaps = samuel.getByRole('region', { name: 'Hours nobody covers' })
    expect(await gaps.innerText()).toContain('Nobody of these pools is on duty then')
    expect(await samuel.getByRole('region', { name: /smallest change/ }).innerText()).toContain('computed again')
    // What is drawn stands in a table as well.
    await map.getByText('Coverage by team and rota, as a table').click()
    expect(await map.getByRole('row', { name: /^Payments core/ }).innerText()).toMatch(/\d+\s+0\s+0\s+\w+/)
    await map.getByText('Coverage by team and rota, as a table').click()
    await lookAllWays(samuel, 'on-call')
    await map.getByRole('button', { name: 'Payments core' }).click()
    await samuel.waitForURL('**/on-call?*group=team_payments-core*')
    const now = samuel.getByRole('region', { name: 'Who stands outside now' })
    await now
      .getByText(/of these pools could not/)
      .first()
      .click()
    await now
      .getByRole('button', { name: /^Show as a picture/ })
      .first()
      .click()
    await now.getByText('No path leads').or(now.getByText('They ')).first().waitFor()
    await lookAllWays(samuel, 'standby')
    await samuel.context().close()
  })

  test('[break-glass/activator-is-not-approver] an envelope is opened by whoever is on the rota, after reading what happens, and by nobody else', async () => {
    const noor = await visit('noor', { to: '/on-call' })
    const hers = noor.getByRole('region', { name: 'Envelopes', exact: true })
    await hers.getByText('sealed', { exact: true }).waitFor()
    expect(await hers.getByRole('button').count()).toBe(0)
    // Of whoever has one account on the target nothing is asked.
    const aiko = await visit('aiko', { to: '/on-call' })
    await aiko.getByText('Open the envelope').first().click()
    expect(await aiko.getByText('On which account?').count()).toBe(0)
    expect(await aiko.getByRole('button', { name: 'Open the envelope' }).isEnabled()).toBe(true)
    await aiko.context().close()
    const nadia = await visit('nadia', { to: '/on-call' })
    const part = nadia.getByRole('region', { name: 'Envelopes', exact: true })
    await part.getByText('Open the envelope').first().click()
    expect(await part.innerText()).toMatch(/in your own name, for 30 min; it is never extended/)
    // Nobody else chooses among several.
    const opens = part.getByRole('button', { name: 'Open the envelope' })
    expect(await opens.isEnabled()).toBe(false)
    await part.getByLabel('nadia_night').check()
    await lookAllWays(nadia, 'envelope', part)
    await opens.click()
    const sheet = nadia.getByRole('dialog', { name: 'You open the envelope' })
    await sheet.getByText('nadia_night').waitFor()
    expect(await violationsOn(nadia)).toEqual([])
    await nadia.getByRole('button', { name: 'Sign as Nadia Benali with a sample passkey' }).click()
    await part.getByRole('region', { name: 'Open now envelopes' }).getByText('opened by Nadia Benali').waitFor()
    const { waiver } = yes(await (await sample.as({ id: 'per_nadia', login: 'nadia' })).waiver(envelope))
    expect(waiver.activation).toMatchObject({ by: 'per_nadia', account: 'nadia_night' })
    // Whoever looks at the same time sees it too.
    await hers.getByText('opened by Nadia Benali').waitFor()
    await hers.getByRole('link', { name: /^Settle by hand/ }).click()
    await noor.waitForURL(`**/waivers/${envelope}`)
    await Promise.all([noor.context().close(), nadia.context().close()])
  })

  test('[review/after] [B21] what is overdue, what was asked and what came of it stand where somebody looks, with the numbers behind', async () => {
    const { given, denied } = await closeOne(sample)
    await writePast(sample.installation.app.machinery.store, Date.now(), halfAYear(given, denied))
    const samuel = await visit('samuel', { to: '/oversight' })
    const outcomes = samuel.getByRole('region', { name: 'Asked, and what came of it' })
    await outcomes.getByText('as a table').click()
    const rows = outcomes.getByRole('row')
    await expect.poll(() => rows.count()).toBeGreaterThan(10)
    await outcomes.getByText('as a table').click()
    expect(await samuel.getByRole('region', { name: 'Refused for what' }).innerText()).toContain(
      'approver-not-independent',
    )
    expect(await samuel.getByRole('region', { name: 'Who approves for whom' }).innerText()).toContain('Maria Oliveira')
    await samuel
      .getByRole('link', { name: /had access to Ledger database/ })
      .first()
      .waitFor()
    await samuel.getByRole('region', { name: 'Standing access' }).waitFor()
    await lookAllWays(samuel, 'oversight')
    const coming = samuel.waitForEvent('download')
    await samuel.getByRole('link', { name: 'Every act, as CSV' }).click()
    const file = await coming
    expect(file.suggestedFilename()).toMatch(/^countersign-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.acts\.csv$/)
    expect(await readFile(await file.path(), 'utf8')).toContain(given)
    await samuel.getByText('A year', { exact: true }).click()
    await samuel.waitForURL('**/oversight?*days=365*')
    await outcomes.getByText('as a table').click()
    await expect.poll(() => rows.count()).toBeGreaterThan(50)
    await samuel.context().close()
    // Whoever does not look over everything sees what they may read, and is told whose the rest is.
    const maria = await visit('maria', { to: '/oversight' })
    await maria.getByText(/is for those who decide the rules/).waitFor()
    expect(await maria.getByRole('region', { name: 'Who approves for whom' }).count()).toBe(0)
    await maria.context().close()
  })

  test('[drift/found] what drifted leads to what it is about, and is looked back on by whoever stands outside; others read why not', async () => {
    const administers = await sample.target.signIn('countersign_connector')
    expect(await administers.ask('grant settlement_emergency to kwame_p')).toHaveProperty('rows')
    await administers.close()
    yes(await (await sample.as({ id: 'per_samuel', login: 'samuel' })).readDriftNow({ system: 'sys_ledger-db' }))
    const found = /Access without a waiver: Ledger database, Kwame Mensah/
    const driftOf = (page: Page) => page.getByRole('region', { name: 'Drift and habits' })
    // Whoever administers the target could have made it so.
    const bohdan = await visit('bohdan', { to: '/oversight' })
    const his = driftOf(bohdan).getByRole('listitem').filter({ hasText: found })
    await reloadedUntil(bohdan, () => his.count())
    await his.getByText(/^Look back on Settle by hand/).click()
    await his.getByText('Not for you.').waitFor()
    expect(await his.getByRole('textbox').count()).toBe(0)
    const samuel = await visit('samuel', { to: '/oversight' })
    const item = driftOf(samuel).getByRole('listitem').filter({ hasText: found })
    await reloadedUntil(samuel, () => item.count())
    expect(await item.getByRole('link', { name: 'Kwame Mensah' }).getAttribute('href')).toBe('/directory/per_kwame')
    expect(await item.getByRole('link', { name: 'Ledger database' }).getAttribute('href')).toBe(
      '/directory/sys_ledger-db',
    )
    await item.getByText(/^Look back on Settle by hand/).click()
    await item.getByLabel('Not justified', { exact: true }).check()
    await item.getByLabel(/^What you looked at/).fill('nobody asked for it; granted by hand on the database')
    await item.scrollIntoViewIfNeeded()
    await lookAllWays(samuel, 'drift', driftOf(samuel))
    await item.getByRole('button', { name: 'Put it on the record' }).click()
    await item.getByText('nobody asked for it; granted by hand on the database').waitFor()
    // Whoever looks at the same time sees it too.
    await his.getByText('nobody asked for it; granted by hand on the database').waitFor()
    await Promise.all([bohdan.context().close(), samuel.context().close()])
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(cinema.visits.length).toBeGreaterThan(2)
    expect(cinema.visits.flatMap(({ wrongs }) => wrongs)).toEqual([])
  })
})

/** A target is read when it is its turn, and that is no news for a page. */
async function reloadedUntil(page: Page, count: () => Promise<number>): Promise<void> {
  const sees = async () => {
    if ((await count()) === 0) await page.reload()
    return count()
  }
  await expect.poll(sees, { timeout: 60_000 }).toBeGreaterThan(0)
}
