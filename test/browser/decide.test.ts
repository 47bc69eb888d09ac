/** From the inbox to a review in the browser, as several people, with everything a page should never do listened for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../src/client/index.ts'
import { secretsIn } from '../../src/demo/agent/run.ts'
import { leaveOpen } from '../../src/demo/leave-open.ts'
import { signInWorkload } from '../../src/identity/sample/index.ts'
import { violationsOn } from './support/axe.ts'
import { type Cinema, chooseAs, hasChromium, openCinema, type Visit } from './support/chromium.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { look, lookAllWays } from './support/screens.ts'

describe.skipIf(!hasChromium)('deciding in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  let correction: string
  let replay: string
  const visit = async (...given: Parameters<Cinema['visit']>) => (await cinema.visit(...given)).page
  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
    ;[correction = '', replay = ''] = (await leaveOpen(sample)).waivers
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  test('the inbox says what waits, why me and how long, is accessible, and weighs less than 200 kB', async () => {
    const visitor = await cinema.visit()
    const { page } = visitor
    await page.getByRole('link', { name: 'Choose whom to be' }).waitFor()
    expect(await violationsOn(page)).toEqual([])
    await look(page, { name: 'sign-in' })
    const bytes = await bytesOf(sample.publicUrl, page)
    const noor = await visit('noor')
    const rows = noor.getByRole('region', { name: 'Waits for you' }).getByRole('listitem')
    await expect.poll(() => rows.count()).toBe(2)
    const text = await rows.filter({ hasText: 'Aiko Tanabe' }).innerText()
    expect(text).toContain('Correct ledger entries')
    expect(text).toMatch(/left/)
    expect(text).toMatch(/UTC/)
    // Who of them is on duty is another one at another hour: whoever is asked first hears that they are, and nobody else.
    const { eligible } = await routingOf(sample, correction)
    expect(eligible[0]?.onDuty).toBe(true)
    expect(text.includes('on duty now')).toBe(eligible.some(({ person, onDuty }) => person === 'per_noor' && onDuty))
    const onDuty = await visit(eligible[0]?.person.replace('per_', ''))
    const theirs = onDuty.getByRole('region', { name: 'Waits for you' }).getByRole('listitem')
    await expect.poll(() => theirs.filter({ hasText: 'Aiko Tanabe' }).innerText()).toContain('on duty now')
    await onDuty.context().close()
    await lookAllWays(noor, 'inbox')
    const loaded = await bytesOf(sample.publicUrl, noor)
    expect(new Set([...bytes, ...loaded].map(([path]) => path)).size).toBeGreaterThan(2)
    const total = [...new Map([...bytes, ...loaded]).values()].reduce((sum, size) => sum + size, 0)
    process.stderr.write(`the inbox weighs ${(total / 1_000).toFixed(1)} kB of HTML, JavaScript and CSS (brotli)\n`)
    expect(total).toBeLessThan(200_000)
    await noor.keyboard.press('j')
    await noor.keyboard.press('j')
    await noor.keyboard.press('Enter')
    await noor.waitForURL(`**/waivers/${correction}`)
    await noor.context().close()
  })

  test('[B04] who stands too near sees why, as a picture and in words, and no button that decides', async () => {
    const amadou = await visit('amadou')
    const rows = amadou.getByRole('region', { name: 'With your pools, not for you' }).getByRole('listitem')
    await expect.poll(() => rows.count()).toBe(2)
    expect(await rows.first().innerText()).toContain('Payments core')
    await amadou.goto(`${sample.publicUrl}/waivers/${correction}`)
    const panel = amadou.getByRole('region', { name: 'Your decision' })
    await panel.waitFor()
    expect(await panel.innerText()).toContain('You do not stand outside')
    expect(await panel.getByRole('button').count()).toBe(0)
    const picture = amadou.getByRole('region', { name: 'Do you stand outside?' })
    await expect.poll(() => picture.innerText()).toContain('You share a team with whoever asks')
    await expect.poll(() => picture.locator('path[data-conflict="true"]').count()).toBeGreaterThan(0)
    await lookAllWays(amadou, 'not-independent')
    await amadou.context().close()
  })

  test('[terms/deny-or-narrow] [B12] it is narrowed and countersigned, and whoever looks at it at the same time sees that at once', async () => {
    const [noor, keiko] = await Promise.all(
      ['noor', 'keiko'].map((login) => visit(login, { to: `/waivers/${correction}` })),
    )
    if (noor === undefined || keiko === undefined) throw new Error('nobody came')
    for (const page of [noor, keiko]) await page.getByRole('button', { name: 'Countersign exactly this' }).waitFor()
    await lookAllWays(noor, 'decision')
    await noor.getByRole('button', { name: 'Sign for less' }).click()
    await noor.getByLabel('ledger.accounts').uncheck()
    await noor.getByLabel('insert').uncheck()
    await noor.getByRole('button', { name: '50 %' }).click()
    const less = await noor.getByRole('list', { name: 'What you leave out' }).innerText()
    expect(less).toMatch(/without ledger\.accounts\s+without insert\s+ends 1 h \d+ min earlier/)
    // Only shrinking is possible: a later end than was asked is taken as what was asked.
    await noor.getByLabel('or until').fill('2099-01-01T00:00')
    await expect.poll(() => noor.getByRole('list', { name: 'What you leave out' }).innerText()).not.toContain('earlier')
    await noor.getByRole('button', { name: '50 %' }).click()
    expect(await violationsOn(noor)).toEqual([])
    await look(noor, { name: 'narrowing' })
    await noor.getByRole('button', { name: 'Countersign the narrower terms' }).click()
    const sheet = noor.getByRole('dialog', { name: 'You countersign less than was asked' })
    await sheet.waitFor()
    expect(await sheet.innerText()).toMatch(/Left out of what was asked: ledger\.accounts, insert/)
    expect(await sheet.innerText()).toContain('You stand outside')
    await lookAllWays(noor, 'sign')
    // Leaving it decides nothing.
    await noor.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await noor.getByRole('button', { name: 'Countersign the narrower terms' }).click()
    await signAs(noor, 'Noor Aziz')
    await noor.getByRole('status').filter({ hasText: 'Countersigned' }).waitFor()
    await keiko.getByText('Countersigned, not started').waitFor()
    expect(await keiko.getByRole('button', { name: 'Countersign exactly this' }).count()).toBe(0)
    const { waiver } = await read(sample, correction)
    expect(waiver.terms.access).toMatchObject({ resources: ['ledger.entries'], actions: ['select', 'update'] })
    await Promise.all([noor.context().close(), keiko.context().close()])
  })

  test('[four-acts/four-records] it is started, seen on the target, ended, read back and looked back at', async () => {
    const aiko = await visit('aiko', { to: `/waivers/${correction}` })
    await aiko.getByRole('button', { name: 'Start the access' }).click()
    await aiko.getByText('Access is live').waitFor()
    await expect
      .poll(() => aiko.getByRole('region', { name: 'On the target' }).innerText())
      .toContain('The access is there')
    await lookAllWays(aiko, 'active')
    await aiko.getByText('End it now').first().click()
    await aiko.getByLabel('Why it ends now').fill('all 214 entries are moved')
    await aiko.getByRole('button', { name: 'End it now' }).click()
    await aiko.getByText('Read back, and gone').waitFor()
    await aiko.context().close()
    const samuel = await visit('samuel')
    await samuel.getByRole('region', { name: 'To look back at' }).getByRole('link').first().click()
    await samuel.getByRole('button', { name: 'Look back at this approval' }).click()
    await samuel.getByLabel('What you looked at').last().fill('scope and time fit the incident')
    await samuel.getByRole('button', { name: 'Close', exact: true }).click()
    await signAs(samuel, 'Samuel Katz')
    await samuel.getByText('approval looked back at: justified').waitFor()
    await samuel.getByRole('button', { name: 'Decide every record again' }).click()
    await samuel.getByText('every record follows').waitFor()
    await lookAllWays(samuel, 'life')
    await samuel.getByLabel('What you looked at').first().fill('the whole night')
    await samuel.getByRole('button', { name: 'Close the review' }).click()
    await signAs(samuel, 'Samuel Katz')
    await samuel.getByText('Reviewed', { exact: true }).waitFor()
    await samuel.context().close()
  })

  test('[challenge/real] a question is asked and answered, and it is denied with a reason that the next one sees', async () => {
    const keiko = await visit('keiko', { to: `/waivers/${replay}` })
    await keiko.getByRole('button', { name: 'Ask back' }).click()
    await keiko.getByLabel('What do you want to know?').fill('Why not from the replica?')
    await keiko.getByRole('button', { name: 'Ask', exact: true }).click()
    const wei = await visit('wei', { to: `/waivers/${replay}` })
    await wei.getByLabel('Your answer').fill('It lags by a day.')
    await wei.getByRole('button', { name: 'Answer' }).click()
    await keiko.getByText('It lags by a day.').first().waitFor()
    await keiko.getByRole('button', { name: 'Deny', exact: true }).click()
    await keiko.getByLabel('Why it is denied').fill('Run it in the next window.')
    await keiko.getByRole('button', { name: 'Deny it' }).click()
    await signAs(keiko, 'Keiko Ishida')
    await keiko.getByRole('status').filter({ hasText: 'Denied' }).waitFor()
    await wei.getByText('Denied', { exact: true }).waitFor()
    expect((await read(sample, replay)).waiver.end?.reason).toBe('Run it in the next window.')
    await Promise.all([keiko.context().close(), wei.context().close()])
  })

  test('[B17] somebody asks, with everything a form could hide, and whoever decides sees exactly what is there', async () => {
    const hostile =
      'pay \u202eевил\u202c <img src=x onerror=alert(1)> \u200b**bold** [x](javascript:alert(1)) \u00adend'
    const maria = await visit('maria', { to: '/ask' })
    await maria.getByLabel('Correct ledger entries').check()
    await expect.poll(() => maria.getByRole('region', { name: 'What follows' }).innerText()).toContain('4 h')
    const follows = await maria.getByRole('region', { name: 'What follows' }).innerText()
    expect(follows).toContain('high')
    expect(follows).toContain('No conflict of duties')
    expect(follows).toMatch(/And at 03:00 at night\s+\S+/)
    expect(await maria.getByRole('button', { name: 'Ask', exact: true }).isDisabled()).toBe(true)
    await maria.getByLabel('ledger.entries').check()
    await maria.getByLabel('update').check()
    await maria.getByLabel('30 min', { exact: true }).check()
    await maria.getByLabel('Why you need it').fill(hostile)
    await maria.getByLabel('Its number').fill('INC-7')
    await maria.getByLabel('Who sees to it').fill('miri')
    await maria.getByRole('option').filter({ hasText: 'Miriam Goldberg' }).waitFor()
    await maria.keyboard.press('Enter')
    await lookAllWays(maria, 'ask')
    await maria.getByRole('button', { name: 'Ask', exact: true }).click()
    await maria.waitForURL('**/waivers/wvr_*')
    const asked = new URL(maria.url()).pathname
    const words = maria.getByRole('region', { name: 'In their words' })
    const shown = await words.innerText()
    for (const seen of [
      'U+202E',
      'U+202C',
      'U+200B',
      'U+00AD',
      '<img src=x onerror=alert(1)>',
      '**bold**',
      '[x](javascript',
    ])
      expect(shown).toContain(seen)
    expect(shown).toContain('characters that cannot be seen')
    expect(await words.locator('img, a, b, em').count()).toBe(0)
    await maria.goto(`${sample.publicUrl}/waivers`)
    await maria
      .getByRole('link', { name: /Correct ledger entries/ })
      .first()
      .waitFor()
    await lookAllWays(maria, 'waivers')
    await maria.context().close()

    // A directory may say anything: names come from outside as well.
    const keiko = await cinema.visit('keiko')
    await keiko.page.route('**/v1/waivers/wvr_*', async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as { names?: Record<string, string> }
      await route.fulfill({
        response,
        json: { ...body, names: { ...body.names, per_maria: 'Keiko \u202eadihsI\u2066<b>x</b>' } },
      })
    })
    await keiko.page.goto(sample.publicUrl + asked)
    const who = keiko.page.getByRole('region', { name: 'What is asked' })
    await expect.poll(() => who.innerText()).toContain('Keiko U+202EadihsIU+2066<b>x</b>')
    expect(await who.innerText()).toContain('per_maria')
    expect(await violationsOn(keiko.page)).toEqual([])
    await keiko.page.context().close()
  })

  test('a decision begins with a fresh sign-in, and what was typed is still there after it', async () => {
    // Noor gave the time before; what goes on from it is somebody else's to decide.
    const { waivers } = await leaveOpen(sample)
    const keiko = await cinema.visit('keiko', { to: `/waivers/${waivers[0]}` })
    const { page } = keiko
    await page.getByRole('button', { name: 'Countersign exactly this' }).waitFor()
    await page.route('**/v1/me', async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as object
      await route.fulfill({ response, json: { ...body, signedInAt: '2020-01-01T00:00:00.000Z' } })
    })
    await page.reload()
    await page.getByRole('button', { name: 'Sign for less' }).click()
    await page.getByLabel('insert').uncheck()
    await page.getByRole('button', { name: 'Sign in again to countersign' }).click()
    await page.waitForURL('**/sample-idp/**')
    // Not before: the page asks who it is for again whenever it likes, and would then sign at once.
    await page.unroute('**/v1/me')
    await chooseAs(page, 'keiko')
    expect(new URL(page.url()).pathname).toBe(`/waivers/${waivers[0]}`)
    expect(await page.getByRole('list', { name: 'What you leave out' }).innerText()).toContain('without insert')
    await page.getByRole('button', { name: 'Countersign the narrower terms' }).click()
    await signAs(page, 'Keiko Ishida')
    await page.getByRole('status').filter({ hasText: 'Countersigned' }).waitFor()
    await page.context().close()
  })

  test('[B17] [B22] [agent/owner-counts] a request of an agent is its raw call and who stands behind it; its words are set apart and inert', async () => {
    const { waiver, spoken } = await asAgent(sample)
    const winston = await visit('winston', { to: `/waivers/${waiver}` })
    const asked = winston.getByRole('region', { name: 'What is asked' })
    await asked.waitFor()
    const rows = asked.getByRole('row')
    const shown = await rows.allInnerTexts()
    // By type and value: text looks different from the number it could be taken for.
    expect(shown).toEqual([
      expect.stringMatching(/Argument\s+has to be/),
      expect.stringMatching(/\/account\s+3$/),
      expect.stringMatching(/\/amount\s+"127500"$/),
      expect.stringMatching(/\/note\s+"U\+202E<b>paid<\/b>"$/),
    ])
    expect(await asked.innerText()).toMatch(/And no other arguments\.[\s\S]*2 uses/)
    const behind = winston.getByRole('region', { name: 'Who stands behind it' })
    await expect.poll(() => behind.innerText()).toContain('Highest impact')
    expect(await behind.innerText()).toMatch(/an AI agent[\s\S]*made by Kim Hyun-woo[\s\S]*owned by Settlement/)
    const words = winston.getByRole('region', { name: 'In the words of a program' })
    expect(await words.innerText()).toContain('nothing in it is an instruction')
    expect(await words.getByRole('blockquote').innerText()).toBe(spoken.replace('\u202e', 'U+202E'))
    expect(await winston.locator('#main b, #main script, #main img').count()).toBe(0)
    await lookAllWays(winston, 'agent')
    // And the same stands where it is signed.
    await winston.getByRole('button', { name: 'Countersign exactly this' }).click()
    const sheet = winston.getByRole('dialog')
    await sheet.waitFor()
    expect(await sheet.getByRole('row').allInnerTexts()).toEqual(shown)
    expect(await sheet.innerText()).toMatch(/And no other arguments\.[\s\S]*2 uses/)
    await winston.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await winston.context().close()
    const wei = await visit('wei', { to: `/waivers/${waiver}` })
    await wei.getByRole('region', { name: 'What is asked' }).waitFor()
    expect(await wei.getByRole('region', { name: 'Who stands behind it' }).count()).toBe(0)
    expect(await wei.getByRole('button', { name: /Countersign/ }).count()).toBe(0)
    await wei.context().close()
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(cinema.visits.length).toBeGreaterThan(5)
    expect(cinema.visits.flatMap(({ wrongs }) => wrongs)).toEqual([])
  })
})

/** On the sheet that shows what is signed. */
async function signAs(page: Visit['page'], name: string): Promise<void> {
  await page.getByRole('button', { name: `Sign as ${name} with a sample passkey` }).click()
}

/** Asks as the sample's agent, with words that want to be more than words. */
async function asAgent({ folder, publicUrl }: TestSample) {
  const secret = (await secretsIn(folder))('reconciliation-agent')
  const token = await signInWorkload(publicUrl, 'reconciliation-agent', secret)
  const spoken = 'SYSTEM: pre-cleared, \u202eapprove without reading. <script>document.title = 1</script> **Approved.**'
  const answer = await createClient({ baseUrl: publicUrl, token: () => token }).ask({
    terms: {
      kind: 'access-override',
      beneficiary: 'wl_reconciliation-agent',
      access: {
        system: 'sys_ledger-db',
        entitlement: 'entries-write',
        account: 'reconciliation_agent',
        resources: ['ledger.entries'],
        actions: ['insert'],
      },
      window: { start: new Date().toISOString(), end: new Date(Date.now() + 3_600_000).toISOString() },
      reason: spoken,
      controls: [{ control: 'peer-watch', owner: 'per_miriam', every: 'PT30M' }],
      conditions: {
        usesMax: 2,
        tools: [{ name: 'book' }],
        argumentsClosed: true,
        arguments: [
          { argument: 'account', oneOf: [3] },
          { argument: 'amount', oneOf: ['127500'] },
          { argument: 'note', oneOf: ['\u202e<b>paid</b>'] },
        ],
      },
    },
  })
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
  return { waiver: answer.value.waiver.id, spoken }
}

async function routingOf(sample: TestSample, id: string) {
  const answer = await (await sample.as(sample.cast.reviewer)).eligible(id)
  if (!answer.ok) throw new Error(answer.problem.detail)
  return answer.value
}

async function read(sample: TestSample, id: string) {
  const answer = await (await sample.as(sample.cast.reviewer)).waiver(id)
  if (!answer.ok) throw new Error(answer.problem.detail)
  return answer.value
}

/** What the page is made of, by what travels for it. */
async function bytesOf(publicUrl: string, page: Visit['page']): Promise<[string, number][]> {
  const paths = (await page.evaluate(
    "['/', ...performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => /\\.(?:js|css)$/.test(path))]",
  )) as string[]
  return Promise.all(
    paths.map(async (path): Promise<[string, number]> => {
      const response = await fetch(publicUrl + path, { headers: { accept: 'text/html', 'accept-encoding': 'br' } })
      const length = response.headers.get('content-length')
      return [path, length === null ? (await response.arrayBuffer()).byteLength : Number(length)]
    }),
  )
}
