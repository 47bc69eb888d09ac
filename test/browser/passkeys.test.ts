/** Passkeys in a real browser: enrolled, confirmed by somebody from outside, and signing exactly what was shown or nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaveOpen } from '../../src/demo/leave-open.ts'
import { plugIn, type VirtualAuthenticator } from './support/authenticator.ts'
import { violationsOn } from './support/axe.ts'
import { type Cinema, chooseAs, hasChromium, openCinema, type Visit } from './support/chromium.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { look, lookAllWays } from './support/screens.ts'

describe.skipIf(!hasChromium)('passkeys in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  let keiko: Visit['page']
  let authenticator: VirtualAuthenticator
  let correction: string
  let replay: string
  const visit = async (...given: Parameters<Cinema['visit']>) => (await cinema.visit(...given)).page
  const person = (login: string) => ({ id: `per_${login}`, login })

  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
    ;[correction = '', replay = ''] = (await leaveOpen(sample)).waivers
    keiko = await visit('keiko')
    authenticator = await plugIn(keiko)
    // For her it is no sample: her pages are those of any installation, and her device signs.
    await keiko.route('**/session', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), sample: false } })
    })
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  /** With a sign-in of this moment, however long the test before took. */
  async function goesTo(path: string): Promise<void> {
    await keiko.goto(`${sample.publicUrl}/sign-in?${new URLSearchParams({ fresh: 'true', to: path })}`)
    await chooseAs(keiko, 'keiko')
  }
  const sheet = () => keiko.getByRole('dialog')
  async function opensSheet(button: string): Promise<void> {
    await keiko.getByRole('button', { name: button }).click()
    await sheet().waitFor()
  }
  const sign = () => keiko.getByRole('button', { name: 'Sign with your passkey' }).click()
  const panel = () => keiko.getByRole('region', { name: 'Your decision' })

  test('whoever has none is told before they decide, and enrols one that signs nothing yet', async () => {
    await goesTo('/')
    await keiko.getByRole('note').filter({ hasText: 'You decide, and have no passkey.' }).waitFor()
    expect(await violationsOn(keiko)).toEqual([])
    await keiko.goto(`${sample.publicUrl}/waivers/${correction}`)
    await panel().getByText('You have none that signs.').waitFor()
    await panel().getByRole('link', { name: 'Enrol one' }).click()
    await keiko.getByRole('heading', { name: 'Passkeys', level: 1 }).waitFor()
    // A finger that is not hers makes no key.
    await authenticator.recognises(false)
    await keiko.getByLabel('What you call it').fill('blue key')
    await keiko.getByRole('button', { name: 'Enrol it' }).click()
    await keiko.getByRole('alert').filter({ hasText: 'No passkey was made' }).waitFor()
    await authenticator.recognises(true)
    await keiko.getByRole('button', { name: 'Enrol it' }).click()
    await keiko.getByRole('status').filter({ hasText: 'It signs nothing yet' }).waitFor()
    const yours = keiko.getByRole('region', { name: 'Yours', exact: true })
    await yours.getByText('Waits to be confirmed').waitFor()
    expect(await yours.innerText()).toContain('blue key')
    await lookAllWays(keiko, 'passkeys')
    await keiko.goto(`${sample.publicUrl}/waivers/${correction}`)
    await panel().getByText('Yours signs nothing yet.').waitFor()
    await keiko.getByRole('button', { name: 'Countersign exactly this' }).click()
    await panel().getByRole('alert').filter({ hasText: 'No passkey of yours signs' }).waitFor()
    expect(await sheet().count()).toBe(0)
  })

  test('[B02] somebody from outside compares it with the owner and confirms it, with a passkey of their own', async () => {
    await goesTo('/passkeys')
    const groups = groupsIn(await keiko.getByRole('region', { name: 'Yours', exact: true }).innerText())
    expect(groups).toMatch(/^(?:[0-9a-f]{4} ){4}[0-9a-f]{4}$/)
    const noor = await visit('noor', { to: '/' })
    await noor.getByRole('link', { name: 'Look whether you may' }).click()
    const waiting = noor.getByRole('region', { name: 'Wait to be confirmed' })
    await waiting.getByText('Keiko Ishida').first().waitFor()
    expect(groupsIn(await waiting.innerText())).toBe(groups)
    expect(await waiting.getByRole('button', { name: 'Confirm that it is theirs' }).isDisabled()).toBe(true)
    await lookAllWays(noor, 'passkeys-confirm')
    await waiting.getByLabel('read these five groups to me').check()
    await waiting.getByRole('button', { name: 'Confirm that it is theirs' }).click()
    const asked = noor.getByRole('dialog', { name: 'You confirm that this passkey is theirs' })
    await asked.waitFor()
    expect(groupsIn(await asked.innerText())).toBe(groups)
    expect(await violationsOn(noor)).toEqual([])
    await noor.getByRole('button', { name: 'Sign as Noor Aziz with a sample passkey' }).click()
    await waiting.waitFor({ state: 'detached' })
    // Her page hears of it by itself.
    await keiko.getByText('confirmed by Noor Aziz').waitFor()
    await keiko.getByText('Signs', { exact: true }).waitFor()
    await noor.context().close()
  })

  test('[B17] [B10] what was altered on the way decides nothing, nor does a finger that is not hers', async () => {
    await goesTo(`/waivers/${correction}`)
    await opensSheet('Countersign exactly this')
    expect(await sheet().innerText()).toContain('You countersign exactly this')
    // Whoever goes elsewhere signs nothing.
    await keiko.goBack()
    await sheet().waitFor({ state: 'detached' })
    await keiko.goto(`${sample.publicUrl}/waivers/${correction}`)
    await opensSheet('Countersign exactly this')
    await authenticator.recognises(false)
    await sign()
    await sheet().getByRole('alert').filter({ hasText: 'Nothing was signed' }).waitFor()
    await authenticator.recognises(true)
    await keiko.route('**/v1/challenges/*/signature', (route) => {
      const body = route.request().postDataJSON()
      const signature = `${body.signature.slice(0, -6)}${body.signature.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`
      return route.continue({ postData: JSON.stringify({ ...body, signature }) })
    })
    await sign()
    await panel().getByRole('alert').filter({ hasText: 'signature-invalid' }).waitFor()
    await keiko.unroute('**/v1/challenges/*/signature')
    // A page that was made to have something else signed than it shows.
    await keiko.route('**/v1/waivers/*/challenges', async (route) => {
      const answer = await route.fetch()
      const shown = await answer.json()
      const challenge = Buffer.from(shown.publicKey.challenge, 'base64url').reverse().toString('base64url')
      await route.fulfill({ response: answer, json: { ...shown, publicKey: { ...shown.publicKey, challenge } } })
    })
    await opensSheet('Countersign exactly this')
    await sign()
    await sheet().waitFor({ state: 'detached' })
    await panel().getByRole('alert').filter({ hasText: 'signature-invalid' }).waitFor()
    await keiko.unroute('**/v1/waivers/*/challenges')
    expect((await read(correction)).waiver).toMatchObject({ status: 'requested', approvals: [] })
  })

  test('[B09] [context/at-request-time] what changes between showing and signing refuses it, and is shown', async () => {
    await goesTo(`/waivers/${correction}`)
    await opensSheet('Countersign exactly this')
    const { opener, watcher } = sample.cast
    const other = await (await sample.as(opener)).ask({
      terms: {
        kind: 'access-override',
        beneficiary: opener.id,
        access: {
          system: 'sys_ledger-db',
          entitlement: 'entries-delete',
          account: opener.account,
          resources: ['ledger.entries'],
          actions: ['delete'],
        },
        window: { start: new Date().toISOString(), end: new Date(Date.now() + 3_600_000).toISOString() },
        reason: 'two entries are there twice',
        controls: ['peer-watch', 'session-log-review'].map((control) => ({
          control,
          owner: watcher.id,
          every: 'PT30M',
        })),
        conditions: {},
      },
    })
    if (!other.ok) throw new Error(other.problem.detail)
    const sent = keiko.waitForRequest('**/v1/challenges/*/signature')
    await sign()
    const alert = panel().getByRole('alert').filter({ hasText: 'Something has changed' })
    await alert.waitFor()
    expect(await alert.getByRole('list', { name: 'What has changed' }).innerText()).toContain(other.value.waiver.id)
    expect((await read(correction)).waiver.status).toBe('requested')
    await look(keiko, { name: 'changed' })
    // What was signed is spent, though it decided nothing.
    const [, challenge = ''] = /challenges\/(chl_\w+)\//.exec((await sent).url()) ?? []
    const again = await (await sample.as(person('keiko'))).sign(challenge, (await sent).postDataJSON())
    expect(again.ok ? 'accepted' : again.problem.code).toBe('challenge-spent')
    await opensSheet('Countersign exactly this')
    expect(await sheet().innerText()).toMatch(/1 other waiver of the same people lately, 1 open/)
    await sign()
    await keiko.getByRole('status').filter({ hasText: 'Countersigned.' }).waitFor()
    const { waiver } = await read(correction)
    expect(waiver.approvals).toMatchObject([{ by: 'per_keiko', passkey: expect.stringMatching(/^psk_/) }])
    const why = await (await sample.as(sample.cast.reviewer)).why(correction)
    expect(why.ok && why.value.follows).toBe(true)
  })

  test('[B10] [B22] a decision begun elsewhere is signed on its own page, by whoever began it and nobody else', async () => {
    const client = await sample.as(person('keiko'))
    const { waiver } = await read(replay)
    const shown = await client.showDecision(replay, {
      decision: 'deny',
      digest: waiver.proposal?.digest ?? '',
      reason: 'run it in the next window',
    })
    if (!shown.ok) throw new Error(shown.problem.detail)
    const path = new URL(shown.value.url).pathname
    const noor = await visit('noor', { to: path })
    await noor.getByRole('heading', { name: 'Nothing of yours to sign here' }).waitFor()
    expect(await noor.getByRole('button', { name: /^Sign as|^Sign with/ }).count()).toBe(0)
    expect(await violationsOn(noor)).toEqual([])
    await noor.context().close()
    await goesTo(path)
    await keiko.getByRole('heading', { name: 'You deny this' }).waitFor()
    expect(await keiko.getByRole('region', { name: 'What you sign' }).innerText()).toContain(
      'run it in the next window',
    )
    await lookAllWays(keiko, 'sign-page')
    await sign()
    await keiko.getByRole('status').filter({ hasText: 'the command line knows' }).waitFor()
    expect(await client.challenge(shown.value.id)).toMatchObject({
      value: { state: 'answered', outcome: { outcome: 'accepted' } },
    })
    await keiko.reload()
    await keiko.getByText('It was signed already; each is good once.').waitFor()
  })

  test('a lost one is removed at once, by whoever looks after security too', async () => {
    await goesTo('/passkeys')
    const yours = keiko.getByRole('region', { name: 'Yours', exact: true })
    await yours.getByText('Signs', { exact: true }).waitFor()
    const noor = await visit('noor', { to: '/passkeys' })
    const lost = noor.getByRole('region', { name: 'Somebody lost theirs' })
    await lost.getByLabel('Whose').fill('keik')
    await noor.getByRole('option').filter({ hasText: 'Keiko Ishida' }).waitFor()
    await noor.keyboard.press('Enter')
    await lost.getByText('Remove blue key').click()
    await lost.getByLabel('Why').fill('lost with the bag')
    await lost.getByRole('button', { name: 'Remove it now' }).click()
    await lost.getByText('lost with the bag').waitFor()
    expect(await violationsOn(noor)).toEqual([])
    await yours.getByText('1 that signs nothing any more').click()
    await yours.getByText('removed by Noor Aziz').waitFor()
    await noor.context().close()
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(cinema.visits.length).toBeGreaterThan(3)
    expect(cinema.visits.flatMap(({ wrongs }) => wrongs)).toEqual([])
  })

  async function read(id: string) {
    const answer = await (await sample.as(sample.cast.reviewer)).waiver(id)
    if (!answer.ok) throw new Error(answer.problem.detail)
    return answer.value
  }
})

/** The five groups that two people compare. */
function groupsIn(text: string): string | undefined {
  return /(?:\b[0-9a-f]{4}\s+){4}[0-9a-f]{4}\b/.exec(text)?.[0].replaceAll(/\s+/g, ' ')
}
