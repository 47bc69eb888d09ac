/** The directory as its readers see it: who is who, why two are not independent, and what waits for somebody to say so. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DirectorySource } from '../../src/connectors/directory.ts'
import { importDirectory } from '../../src/engine/directories.ts'
import { violationsOn } from './support/axe.ts'
import { type Cinema, hasChromium, openCinema } from './support/chromium.ts'
import { openSample, type TestSample } from './support/sample.ts'
import { look, lookAllWays } from './support/screens.ts'

/** Too many at once, and none of them near those who look after the rules from outside. */
const left =
  /^per_(?:maria|tomas|aiko|kwame|lars|wei|nadia|priya|diego|anika|miriam|lerato|leilani|mele|haruka|rosa|pascal|omar|tala|sunita|stefan|sofia)$/

describe.skipIf(!hasChromium)('the directory in the browser', { timeout: 180_000 }, () => {
  let sample: TestSample
  let cinema: Cinema
  const visit = async (login: string, to: string) => (await cinema.visit(login, { to })).page
  beforeAll(async () => {
    sample = await openSample()
    cinema = await openCinema(sample.publicUrl)
  }, 180_000)
  afterAll(async () => {
    await cinema?.close()
    await sample?.close()
  })

  test('somebody is found by a part of the name, with relations, accounts, turns and who says so', async () => {
    const page = await visit('folake', '/directory')
    await page.getByLabel('Find somebody or something').fill('oliv')
    await page.getByRole('list', { name: 'Found' }).getByRole('link', { name: 'Maria Oliveira' }).waitFor()
    await lookAllWays(page, 'directory')
    await page.getByRole('link', { name: 'Maria Oliveira' }).click()
    await page.waitForURL('**/directory/per_maria')
    const relations = page.getByRole('region', { name: 'How it stands to others' })
    await expect.poll(() => relations.innerText()).toMatch(/member of\s+Payments core\s+acme · since 2022-06-01/)
    expect(await page.getByRole('region', { name: 'Who it is' }).innerText()).toMatch(/maria_p on\s+ledger-db/)
    expect(await page.getByRole('region', { name: 'On duty' }).innerText()).toContain('Payments, primary')
    expect(await page.getByRole('region', { name: 'Who says so' }).innerText()).toContain('“Maria Oliveira”')
    await lookAllWays(page, 'person')
    await page.getByRole('link', { name: 'Payments core' }).click()
    await expect.poll(() => relations.innerText()).toContain('members')
    // A directory may say anything: names come from outside as well.
    await page.route('**/v1/directory/nodes/per_maria', async (route) => {
      const response = await route.fetch()
      const told = (await response.json()) as { node: object }
      const name = 'Keiko \u202eadihsI\u2066<b>x</b>'
      await route.fulfill({ response, json: { ...told, node: { ...told.node, name } } })
    })
    await page.goto(`${sample.publicUrl}/directory/per_maria`)
    const title = page.getByRole('heading', { level: 1 })
    await expect.poll(() => title.innerText()).toBe('Keiko U+202EadihsIU+2066<b>x</b>')
    expect(await page.title()).toBe('Keiko adihsI<b>x</b> · Countersign')
    await page.unrouteAll({ behavior: 'wait' })
    await page.context().close()
  })

  test('[independence/relation-not-title] two are chosen, and the path between them is drawn and said; swapped it is asked again', async () => {
    const page = await visit('folake', '/directory/between')
    await page.getByLabel('Who would ask').fill('maria')
    await page.getByRole('option').filter({ hasText: 'Maria Oliveira' }).click()
    await page.getByLabel('Who would decide').fill('bohdan')
    await page.getByRole('option').first().click()
    const verdict = () => page.getByRole('region', { name: /^They are/ })
    await expect.poll(() => verdict().innerText()).toContain('No path leads')
    await page.getByLabel('On which system').fill('ledger')
    await page.getByRole('option').filter({ hasText: 'Ledger database' }).click()
    await expect.poll(() => verdict().innerText()).toContain('They are on the team that gives it')
    await expect.poll(() => verdict().locator('path[data-conflict="true"]').count()).toBeGreaterThan(0)
    await lookAllWays(page, 'between')
    await page.getByRole('button', { name: 'Swap the two' }).click()
    await page.waitForURL('**asker=per_bohdan**')
    await expect.poll(() => verdict().innerText()).toContain('They are independent')
    await page.context().close()
  })

  test('who may not see relations is told who may, and sees of two the code and no path', async () => {
    const page = await visit('diego', '/directory/per_maria')
    const relations = page.getByRole('region', { name: 'How it stands to others' })
    await expect.poll(() => relations.innerText()).toContain('Shown to those who decide or look back')
    await page.goto(`${sample.publicUrl}/directory/between?asker=per_maria&decider=per_tomas`)
    const verdict = page.getByRole('region', { name: 'They are not independent' })
    await verdict.waitFor()
    expect(await verdict.innerText()).toContain('on-requesting-team')
    expect(await verdict.innerText()).not.toContain('Payments core')
    expect(await verdict.locator('path[data-conflict]').count()).toBe(0)
    await page.context().close()
  })

  test('a link counts against people at once, is confirmed by somebody else with what they looked at, and hides nothing', async () => {
    const keiko = await sample.as({ id: 'per_keiko', login: 'keiko' })
    const evidence = '\u202eadihsI\u202c <img src=x onerror=alert(1)> looked at both badges'
    const said = await keiko.proposeLink({ from: 'per_diego', to: 'per_wei', evidence })
    expect(said.ok ? said.value.assertion.status : said.problem).toBe('proposed')
    const own = await visit('keiko', '/directory')
    await own.getByText('Somebody else has to look at it').waitFor()
    expect(await own.getByRole('button', { name: 'It is so' }).count()).toBe(0)
    await own.context().close()
    // Whoever said it is on the asking side of it, with their whole team.
    const near = await visit('folake', '/directory')
    await near.getByRole('button', { name: 'It is so' }).click()
    await near.getByLabel('What you looked at').fill('Keiko says so')
    await near.getByRole('button', { name: 'It is so' }).last().click()
    await near.getByRole('alert').filter({ hasText: 'You share a team with whoever asks' }).waitFor()
    await near.context().close()
    const page = await visit('winston', '/directory')
    const links = page.getByRole('region', { name: 'Who may be whom' })
    await expect.poll(() => links.innerText()).toContain('may be the same person as')
    expect(await links.innerText()).toContain('U+202EadihsIU+202C <img src=x onerror=alert(1)>')
    expect(await links.locator('img').count()).toBe(0)
    await page.getByRole('button', { name: 'It is wrong' }).click()
    await expect.poll(() => links.innerText()).toContain('it no longer counts against anybody')
    await page.getByRole('button', { name: 'It is so' }).first().click()
    await page.getByLabel('What you looked at').fill('both badges, and their managers')
    await look(page, { name: 'links' })
    expect(await violationsOn(page)).toEqual([])
    // A browser that believes it has no network still has the machine it runs on, and one lost answer is asked for again.
    await page.evaluate("dispatchEvent(new Event('offline'))")
    await page.route('**/v1/directory/links', (route) => route.abort('connectionreset'), { times: 1 })
    await page.getByRole('button', { name: 'It is so' }).last().click()
    await links.waitFor({ state: 'detached' })
    await page.goto(`${sample.publicUrl}/directory/per_diego`)
    await page.getByText('both badges, and their managers').waitFor()
    await page.context().close()
  })

  test('[fail/closed] a source that suddenly says much less is held, said loudly, and kept out by somebody who looked', async () => {
    const [source] = sample.installation.app.sources as [DirectorySource]
    const whole = source.read.bind(source)
    // Also for the loop that reads it by itself.
    Object.assign(source, {
      read: async (now: string) => {
        const snapshot = await whole(now)
        const gone = new Set(snapshot.nodes.filter(({ id }) => left.test(id)).map(({ id }) => id))
        const stays = (...ids: readonly string[]) => ids.every((id) => !gone.has(id))
        return {
          ...snapshot,
          source: { ...snapshot.source, revision: 'less' },
          nodes: snapshot.nodes.filter(({ id }) => stays(id)),
          relations: snapshot.relations.filter(({ from, to }) => stays(from, to)),
          shifts: snapshot.shifts.filter(({ person }) => stays(person)),
        }
      },
    })
    const [report] = await importDirectory(sample.installation.app.machinery, [source])
    expect(report).toMatchObject({ outcome: 'held' })
    const page = await visit('winston', '/directory')
    const held = page.getByRole('region', { name: 'Held' })
    await expect.poll(() => held.innerText()).toMatch(/\d+ of \d+ people gone/)
    await held.getByText('Who would be gone').click()
    await held.getByRole('link', { name: 'Zhang Wei' }).waitFor()
    await page.getByRole('button', { name: 'They have really gone' }).click()
    await expect.poll(() => held.innerText()).toContain('their open waivers end')
    await page.getByRole('button', { name: 'The source is wrong' }).click()
    await page.getByLabel('Why it is wrong').fill('the export broke off')
    await lookAllWays(page, 'held')
    await page.getByRole('button', { name: 'The source is wrong' }).last().click()
    await expect.poll(() => held.innerText()).toContain('the export broke off')
    await page.context().close()
  })

  test('no page raised an error, broke its policy or called anybody else', () => {
    expect(cinema.visits.flatMap(({ wrongs }) => wrongs)).toEqual([])
  })
})
