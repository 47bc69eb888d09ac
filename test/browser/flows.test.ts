/** What happens on a waiver's page besides the plain decision: two steps, evidence, more time, suspension and resumption, exceptions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsOn } from './support/axe.ts'
import { type Cinema, hasChromium, openCinema, type Visit } from './support/chromium.ts'
import { yes } from './support/lives.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { look } from './support/screens.ts'

describe.skipIf(!hasChromium)('the life of a waiver in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  const visit = async (login: string, to: string) => (await cinema.visit(login, { to })).page
  const as = (login: string) => sample.as({ id: `per_${login}`, login })
  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  /** Asks for access to the ledger, and says who could decide it now. */
  async function ask(login: string, entitlement: string, actions: readonly string[], controls: readonly string[]) {
    const client = await as(login)
    const { waiver } = yes(
      await client.ask({
        terms: {
          kind: 'access-override',
          beneficiary: `per_${login}`,
          access: {
            system: 'sys_ledger-db',
            entitlement,
            account: `${login}_p`,
            resources: ['ledger.entries'],
            actions: [...actions],
          },
          window: { start: after(0), end: after(3_600) },
          reason: 'entries of the night stand twice',
          controls: controls.map((control) => ({ control, owner: 'per_miriam', every: 'PT30M' })),
          conditions: {},
        },
      }),
    )
    return { ...waiver, client }
  }
  const deciders = async (id: string, login: string) =>
    yes(await (await as(login)).eligible(id)).eligible.map(({ person }) => person.slice('per_'.length))
  const signsAs = (page: Visit['page']) =>
    page
      .getByRole('dialog')
      .getByRole('button', { name: /^Sign as .* with a sample passkey$/ })
      .click()

  test('[two-step/distinct-people] whoever owns the system endorses it, and only then somebody from outside countersigns', async () => {
    const { id } = await ask('aiko', 'entries-delete', ['select', 'delete'], ['peer-watch', 'session-log-review'])
    const ewa = await visit('ewa', `/waivers/${id}`)
    const panel = ewa.getByRole('region', { name: 'Your decision' })
    await panel.getByRole('button', { name: 'Endorse' }).waitFor()
    await look(ewa, { name: 'endorse' })
    expect(await violationsOn(ewa)).toEqual([])
    const [outside = ''] = await deciders(id, 'aiko')
    const page = await visit(outside, `/waivers/${id}`)
    const theirs = page.getByRole('region', { name: 'Your decision' })
    await theirs.waitFor()
    expect(await theirs.getByRole('button', { name: /^Countersign/ }).count()).toBe(0)
    await panel.getByRole('button', { name: 'Endorse' }).click()
    await signsAs(ewa)
    await ewa.getByText('Endorsed, waits for a countersignature').waitFor()
    // One person counts once.
    expect(await ewa.getByRole('button', { name: /^Countersign/ }).count()).toBe(0)
    await page.getByRole('button', { name: 'Countersign exactly this' }).click()
    await signsAs(page)
    await page.getByText('Countersigned, not started').waitFor()
    await Promise.all([ewa.context().close(), page.context().close()])
  })

  test('[extension/new-approval] evidence, more time by somebody else, suspended and gone on with, ended early', async () => {
    const { id, client, proposal } = await ask('maria', 'entries-write', ['select', 'update'], ['peer-watch'])
    const [first = ''] = await deciders(id, 'maria')
    yes(await (await as(first)).countersign(id, { digest: proposal?.digest ?? '', acknowledges: [] }))
    yes(await client.activate(id))
    const maria = await visit('maria', `/waivers/${id}`)
    await maria.getByText('Access is live').waitFor()

    const miriam = await visit('miriam', `/waivers/${id}`)
    await miriam.getByText('Give evidence: Somebody watches every step').first().click()
    await miriam.getByLabel('What shows that it was kept').fill('sat beside her, 12 statements')
    await miriam.getByRole('button', { name: /^Give evidence/ }).click()
    await miriam.getByRole('region', { name: 'Its life' }).getByText('sat beside her, 12 statements').waitFor()
    await miriam.context().close()

    await maria.getByText('Ask for more time', { exact: true }).first().click()
    await maria.getByLabel('30 min', { exact: true }).check()
    await maria.getByLabel('Why more time is needed').fill('one table more than we thought')
    await look(maria, { name: 'more-time' })
    expect(await violationsOn(maria)).toEqual([])
    await maria.getByRole('button', { name: 'Ask for more time' }).click()
    await maria.getByText('one table more than we thought').first().waitFor()
    const again = (await deciders(id, 'maria')).find((login) => login !== first) ?? ''
    const second = await visit(again, `/waivers/${id}`)
    await second.getByText('Extra time').or(second.getByText('more time')).first().waitFor()
    await look(second, { name: 'extension' })
    expect(await violationsOn(second)).toEqual([])
    await second.getByRole('button', { name: 'Countersign exactly this' }).click()
    await signsAs(second)
    await second.getByRole('region', { name: 'Its life' }).getByText('countersigned more time').waitFor()
    await second.context().close()

    // Noor looks after security and had no part in it.
    const noor = await visit('noor', `/waivers/${id}`)
    await noor.getByText('Suspend', { exact: true }).first().click()
    await expect.poll(() => noor.getByRole('region', { name: 'What you may do' }).innerText()).toContain('removed now')
    await noor.getByLabel(/^Why( \*)?$/).fill('an alert on this account')
    await noor.getByRole('button', { name: 'Suspend' }).click()
    await maria.getByText('Suspended', { exact: true }).waitFor()
    await maria.getByText('Ask that it goes on').first().click()
    await maria.getByLabel('Why it may go on').fill('the alert was a test of the alarm')
    await maria.getByRole('button', { name: 'Ask that it goes on' }).click()
    await maria.getByText('the alert was a test of the alarm').first().waitFor()
    const [third = ''] = await deciders(id, 'maria')
    const resumes = await visit(third, `/waivers/${id}`)
    await resumes.getByRole('button', { name: 'Countersign exactly this' }).waitFor()
    await look(resumes, { name: 'resumption' })
    expect(await violationsOn(resumes)).toEqual([])
    await resumes.getByRole('button', { name: 'Countersign exactly this' }).click()
    await signsAs(resumes)
    await maria.getByText('Access is live').waitFor()
    await resumes.context().close()

    await noor.getByText('End it now').first().click()
    await noor.getByLabel('Why it ends now').fill('enough for tonight')
    expect(await noor.getByRole('region', { name: 'What you may do' }).innerText()).toContain(
      'It cannot be taken up again.',
    )
    await noor.getByRole('button', { name: 'End it now' }).click()
    await maria.getByText('Read back, and gone').waitFor()
    await Promise.all([maria.context().close(), noor.context().close()])
  })

  test('[terms/bound] an exception to a rule of duties is asked for by name, with what makes up for it', async () => {
    const { id, proposal } = await ask('tomas', 'entries-write', ['select', 'update'], ['peer-watch'])
    const [first = ''] = await deciders(id, 'tomas')
    yes(await (await as(first)).countersign(id, { digest: proposal?.digest ?? '', acknowledges: [] }))
    yes(await (await as('tomas')).activate(id))
    const tomas = await visit('tomas', '/ask')
    await tomas.getByLabel('Release held transfers').check()
    const follows = tomas.getByRole('region', { name: 'What follows' })
    await expect.poll(() => follows.innerText()).toContain('Whoever releases money does not correct the books')
    await tomas.getByLabel(/^Ask for an exception to/).check()
    await tomas.getByLabel('payments.transfers').check()
    await tomas.getByLabel('update').check()
    await tomas.getByLabel('30 min', { exact: true }).check()
    await tomas.getByLabel('Why you need it').fill('the batch of the morning is held, and only I am awake')
    for (const field of await tomas.getByLabel('Who sees to it').all()) {
      await field.fill('miri')
      await tomas.getByRole('option').filter({ hasText: 'Miriam Goldberg' }).first().click()
    }
    await look(tomas, { name: 'exception' })
    expect(await violationsOn(tomas)).toEqual([])
    await tomas.getByRole('button', { name: 'Ask', exact: true }).click()
    await tomas.waitForURL('**/waivers/wvr_*')
    const asked = new URL(tomas.url()).pathname
    const { waiver } = yes(await (await as('samuel')).waiver(asked.slice('/waivers/'.length)))
    expect(waiver.terms).toMatchObject({ kind: 'sod-exception', exception: { rule: 'books-and-money' } })
    const [decides = ''] = await deciders(waiver.id, 'tomas')
    const page = await visit(decides, asked)
    await expect
      .poll(() => page.locator('#main').innerText())
      .toContain('Whoever releases money does not correct the books')
    await look(page, { name: 'exception-decision' })
    expect(await violationsOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Countersign exactly this' }).click()
    await signsAs(page)
    await page.getByText('Countersigned, not started').waitFor()
    await Promise.all([tomas.context().close(), page.context().close()])
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(cinema.visits.flatMap(({ wrongs }) => wrongs)).toEqual([])
  })
})

function after(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toISOString()
}
