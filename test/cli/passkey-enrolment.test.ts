// `countersign passkey add` whole: the command as a process, the page it opens in a real browser, a key that browser makes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PasskeyList, PasskeyView } from '../../src/client/index.ts'
import { plugIn, type VirtualAuthenticator } from '../browser/support/authenticator.ts'
import { type Cinema, chooseAs, hasChromium, openCinema, type Visit } from '../browser/support/chromium.ts'
import { openSample, type TestSample } from '../browser/support/sample.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { countersign, type Ran } from './support/command.ts'

describe.skipIf(!hasChromium)('passkey add, to the end', { timeout: 180_000 }, () => {
  const homes = scratchFolder('cli-passkeys')
  let sample: TestSample
  let cinema: Cinema
  let page: Visit['page']
  let authenticator: VirtualAuthenticator

  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
    page = (await cinema.visit()).page
    authenticator = await plugIn(page)
    // For her it is no sample: her page is that of any installation, and her device makes the key.
    await page.route('**/session', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), sample: false } })
    })
    for (const login of ['keiko', 'noor']) {
      const { exit, err } = await as(login, ['login', '--browser'])
      if (exit !== 0) throw new Error(err)
    }
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
    await homes.dispose()
  })

  function as(login: string, words: readonly string[], sign?: (address: string) => Promise<void>): Promise<Ran> {
    return countersign([...words, '--as', login], {
      home: homes.folder,
      server: sample.publicUrl,
      login,
      ...(sign === undefined ? {} : { sign }),
    })
  }

  /** What somebody does at the address the command names: signs in there anew, and enrols. */
  async function enrolsAt(address: string): Promise<void> {
    const { pathname } = new URL(address)
    await page.goto(`${sample.publicUrl}/sign-in?${new URLSearchParams({ fresh: 'true', to: pathname })}`)
    await chooseAs(page, 'keiko')
    await page.getByLabel('What you call it').fill('key of the command')
    // Nobody is recognised, nothing is made, and the command goes on waiting.
    await authenticator.recognises(false)
    await page.getByRole('button', { name: 'Enrol it' }).click()
    await page.getByRole('alert').filter({ hasText: 'No passkey was made' }).waitFor()
    await authenticator.recognises(true)
    await page.getByRole('button', { name: 'Enrol it' }).click()
    await page.getByRole('status').filter({ hasText: 'It signs nothing yet' }).waitFor()
  }

  test('[B02] the fingerprint in the terminal is that on the page, and with it somebody from outside confirms', async () => {
    const before = (await as('keiko', ['passkey', 'list', '--json'])).json<PasskeyList>().passkeys.length
    const ran = await as('keiko', ['passkey', 'add', '--json'], enrolsAt)
    expect(ran.exit, ran.err).toBe(0)
    const { passkey } = ran.json<{ passkey: PasskeyView }>()
    expect(passkey).toMatchObject({ person: 'per_keiko', name: 'key of the command', state: 'waiting', sample: false })
    expect(ran.err).toContain(`${sample.publicUrl}/passkeys`)
    const yours = page.getByRole('region', { name: 'Yours', exact: true })
    expect((await yours.innerText()).replaceAll(/\s+/g, ' ')).toContain(passkey.fingerprint)
    expect((await as('keiko', ['passkey', 'list', '--json'])).json<PasskeyList>().passkeys).toHaveLength(before + 1)

    const shown = await as('noor', ['passkey', 'list', '--waiting'])
    expect(shown.out).toContain(passkey.fingerprint)
    const wrong = ['passkey', 'confirm', passkey.id, '--fingerprint', '0000 0000 0000 0000 0000']
    expect((await as('noor', wrong)).exit).toBe(2)
  })
})
