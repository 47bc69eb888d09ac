/** The rules in the browser: read, changed by one person, compared, and countersigned by another who stands outside. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaveOpen } from '../../src/demo/leave-open.ts'
import { violationsOn } from './support/axe.ts'
import { type Cinema, hasChromium, openCinema } from './support/chromium.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { look, lookAllWays } from './support/screens.ts'

describe.skipIf(!hasChromium)('the policy in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  let change: string
  const visit = async (login: string, to: string) => (await cinema.visit(login, { to })).page
  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
    await leaveOpen(sample)
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  test('the rules are read by people, and what each did lately is there for those who answer for them', async () => {
    const page = await visit('folake', '/policy')
    const tiers = page.getByRole('region', { name: 'Tiers' })
    await expect
      .poll(() => tiers.innerText())
      .toMatch(/Critical[\s\S]*at most\s+2 h\s+first endorsed by\s+owners of the system/)
    await expect.poll(() => tiers.innerText()).toMatch(/2 asked in 90 days: 0 countersigned, 0 denied, 2 wait/)
    expect(await page.getByRole('region', { name: 'Segregation of duties' }).innerText()).toContain(
      'No exception is possible.',
    )
    await lookAllWays(page, 'policy')
    await tiers.getByRole('link', { name: 'The newest' }).first().click()
    await page.waitForURL('**/waivers/wvr_*')
    await page.context().close()
    const asker = await visit('maria', '/policy')
    await asker.getByRole('region', { name: 'Tiers' }).waitFor()
    expect(await asker.locator('#main').innerText()).not.toMatch(/asked (?:under it )?in 90 days/)
    await asker.goto(`${sample.publicUrl}/policy/propose`)
    await asker.getByRole('button', { name: 'The rules in force' }).click()
    await asker.getByRole('alert').filter({ hasText: 'settings of targets' }).waitFor()
    await asker.context().close()
  })

  test('a change is written with every mistake at its line, compared, and proposed', async () => {
    const page = await visit('folake', '/policy/propose')
    await page.getByRole('button', { name: 'The rules in force' }).click()
    const field = page.getByLabel('Text of policy.yaml')
    const text = await field.inputValue()
    expect(text).toContain('windowMax: PT8H')
    await page.getByText('The files make a policy.').waitFor()
    await page.getByText('Nothing would change against the rules in force.').waitFor()
    expect(await page.getByRole('button', { name: 'Propose it' }).isDisabled()).toBe(true)
    const wrong = text
      .replace('windowMax: PT8H', 'windowMax: eight hours')
      .replace('connector: ledger-postgres', 'connector: ledger-postgrs')
    await field.fill(wrong)
    await page.getByText('2 things are wrong.').or(page.getByText('One thing is wrong.')).waitFor()
    const line = wrong.split('\n').findIndex((one) => one.includes('eight hours')) + 1
    const place = page.getByRole('button', { name: `policy.yaml, line ${line}` })
    await place.click()
    const cursor =
      'document.activeElement.value.slice(0, document.activeElement.selectionStart).split(String.fromCharCode(10)).length'
    await expect.poll(() => page.evaluate(cursor)).toBe(line)
    await lookAllWays(page, 'policy-wrong')
    await field.fill(text.replace('windowMax: PT8H', 'windowMax: PT12H'))
    await expect
      .poll(() => page.locator('#main').innerText())
      .toMatch(/tiers\.low\.windowSecondsMax\s+looser\s+28800 \(8 h\)\s*→?\s*43200 \(12 h\)/)
    await page.getByLabel('Why the rules should change').fill('Night shifts are \u202etwelve\u202c hours <b>now</b>.')
    await look(page, { name: 'policy-propose' })
    expect(await violationsOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.waitForURL('**/policy/chg_*')
    change = new URL(page.url()).pathname
    await page.getByText('Waits for a countersignature').waitFor()
    expect(await page.locator('#main').innerText()).toContain('U+202EtwelveU+202C hours <b>now</b>.')
    // Nobody changes the rules alone: the author is offered no countersignature, only to take it back.
    expect(await page.getByRole('button', { name: 'Countersign exactly this' }).count()).toBe(0)
    await page.context().close()
  })

  test('[rules/maker-checker] who stands near is refused with the path, who stands outside countersigns, and it waits', async () => {
    const near = await visit('keiko', change)
    await near.getByRole('button', { name: 'Countersign exactly this' }).click()
    await near.getByRole('alert').filter({ hasText: 'You share a team with whoever asks' }).waitFor()
    await near.context().close()
    const page = await visit('xiomara', '/policy')
    await page.getByRole('link', { name: /Night shifts are/ }).click()
    const decision = page.getByRole('region', { name: 'Your decision' })
    await expect.poll(() => decision.innerText()).toContain('They take effect 1 day later')
    await lookAllWays(page, 'policy-change')
    await page.getByRole('button', { name: 'Countersign exactly this' }).click()
    const stands = page.getByRole('region', { name: 'Where it stands' })
    await expect.poll(() => stands.innerText()).toMatch(/Xiomara Valdez[\s\S]*takes effect[\s\S]*left/)
    // Who countersigned may think again until then.
    await page.getByRole('button', { name: 'Object to it' }).click()
    await page.getByLabel('Why not').fill('The night shift has an hour less than I thought.')
    await page.getByRole('button', { name: 'Object to it' }).last().click()
    await page.getByText('Denied', { exact: true }).waitFor()
    await page.context().close()
  })

  test('its author takes a change back, and files of theirs are compared as well', async () => {
    const page = await visit('jamal', '/policy/propose')
    const text = await (await sample.as({ id: 'per_jamal', login: 'jamal' })).policyText()
    const [file] = text.ok ? text.value.files : []
    const tighter = (file?.text ?? '').replace('windowMax: PT8H', 'windowMax: PT4H')
    await page
      .getByLabel('Files of yours')
      .setInputFiles({ name: 'rules.yaml', mimeType: 'text/yaml', buffer: Buffer.from(tighter) })
    await expect.poll(() => page.locator('#main').innerText()).toMatch(/windowSecondsMax\s+tighter/)
    await page.getByLabel('Why the rules should change').fill('Half a shift is enough.')
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.waitForURL('**/policy/chg_*')
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByLabel('Why it is taken back').fill('wrong file')
    await page.getByRole('button', { name: 'Take it back' }).last().click()
    await page.getByText('Taken back', { exact: true }).waitFor()
    await page.goto(`${sample.publicUrl}/policy`)
    await page.getByRole('button', { name: 'Show 2 that are decided' }).click()
    await page.getByRole('link', { name: 'Half a shift is enough.' }).waitFor()
    await page.context().close()
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(cinema.visits.flatMap(({ wrongs }) => wrongs)).toEqual([])
  })
})
