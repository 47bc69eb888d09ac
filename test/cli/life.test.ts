// The command line against the real server: one waiver from the founding of the installation to the last review.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type WaiverDetail, type WaiverPage, type Written } from '../../src/client/index.ts'
import { signInAs } from '../../src/identity/sample/index.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { countersign, type Ran } from './support/command.ts'
import { startInstallation, type TestInstallation } from './support/installation.ts'

const people = ['maria', 'tomas', 'folake', 'pavel', 'samuel', 'jamal', 'keiko', 'amadou', 'marek']
const homes = scratchFolder('cli-homes')
let installation: TestInstallation

/** @param login of the profile; whoever signs in, where the command asks for it */
function as(login: string, words: readonly string[], signsIn: string | undefined = login): Promise<Ran> {
  return countersign([...words, '--as', login], {
    home: homes.folder,
    server: installation.url,
    ...(signsIn === undefined ? {} : { login: signsIn, sign: installation.sign }),
  })
}

beforeAll(async () => {
  installation = await startInstallation(people)
  for (const person of people) {
    // One of them as most people do, with a code; the others without its waiting.
    const { exit, err } = await as(person, person === 'samuel' ? ['login'] : ['login', '--browser'])
    if (exit !== 0) throw new Error(err)
  }
})

afterAll(async () => {
  await installation?.stop()
  await homes.dispose()
})

describe('from the founding to the last review', () => {
  let id: string

  test('[fail/closed] before the founders have accepted, everything is refused', async () => {
    const asked = await as('maria', [
      'request',
      'ledger-db',
      'entries-read',
      '--reason',
      'x',
      '--for',
      '1h',
      '--json',
      '--resource',
      'ledger.entries',
      '--action',
      'select',
      '--account',
      'maria_p',
    ])
    expect(asked.exit).toBe(3)
    expect(asked.json<{ error: { code: string } }>().error.code).toBe('not-initialised')
  })

  test('founders see the whole policy before they accept exactly that', async () => {
    const first = await as('folake', ['founding', 'accept'])
    expect(first).toMatchObject({ exit: 0 })
    expect(first.out).toContain('settlement_emergency')
    expect((await as('pavel', ['founding', 'accept', '--json'])).json()).toMatchObject({ status: 'founded' })
    expect((await as('maria', ['founding', 'accept'])).exit).toBe(3)
    await installation.enrol('jamal', 'keiko', 'samuel', 'marek')
  })

  test('a dry run says who could decide and asks for nothing', async () => {
    const dry = await as('maria', [...request, '--dry-run'])
    expect(dry.exit).toBe(0)
    expect(dry.out).toContain('Nothing was asked yet')
    expect(dry.out).toContain('of `security-approvers` may not:')
    expect((await as('maria', ['list', '--json'])).json<WaiverPage>().waivers).toEqual([])
  })

  const request = [
    'request',
    'ledger-db',
    'entries-write',
    '--for',
    '2h',
    '--reason',
    'batch 4711 was posted twice',
    '--incident',
    'INC-2041',
    '--control',
    'peer-watch=miriam/30m',
    ...['ledger.entries', 'ledger.accounts'].flatMap((name) => ['--resource', name]),
    ...['select', 'insert', 'update'].flatMap((name) => ['--action', name]),
  ]

  test('asking fills in the account and prints the terms', async () => {
    const asked = await as('maria', request)
    expect(asked).toMatchObject({ exit: 0, err: '' })
    expect(asked.out).toContain('`maria_p`')
    id = /wvr_[0-9a-z]{26}/.exec(asked.out)?.[0] ?? ''
    const listed = (await as('jamal', ['list', '--waits-for-me', '--json'])).json<WaiverPage>()
    expect(listed.waivers.map((waiver) => waiver.id)).toEqual([id])
  })

  test('[independence/outside-requesting-path] [B01] whoever asked is refused, with the path read aloud', async () => {
    const tried = await as('maria', ['countersign', id])
    expect(tried.exit).toBe(3)
    expect(tried.out).toContain('As things stand this would be refused')
    expect(tried.err).toContain('refused: whoever asks or benefits does not decide')
    expect(tried.err).toContain('is-requester')
    expect(tried.err).toContain(`next: somebody else has to decide; see \`countersign eligible ${id}\``)
  })

  test('[independence/relation-not-title] somebody of the pool who left the team weeks ago is refused, and the program gets one document', async () => {
    const tried = await as('amadou', ['countersign', id, '--json'])
    expect(tried.exit).toBe(3)
    const { error } = tried.json<{
      error: { code: string; exit: number; more: { problem: { conflicts: { code: string }[] } } }
    }>()
    expect(error).toMatchObject({ kind: 'refusal', code: 'approver-not-independent', exit: 3 })
    expect(error.more.problem.conflicts.map(({ code }) => code)).toContain('on-requesting-team')
  })

  test('[B04] a team mate who has heard of it is refused, and hears why', async () => {
    const tried = await as('tomas', ['countersign', id], undefined)
    expect(tried.exit).toBe(3)
    expect(tried.err).toContain('on-requesting-team')
  })

  test('[B01] [B10] [B22] somebody else at the browser has nothing to sign there', async () => {
    const tried = await as('jamal', ['countersign', id], 'keiko')
    expect(tried.err).toContain('unknown-challenge')
    expect((await detailOf('jamal')).waiver.status).toBe('requested')
  })

  test('[challenge/real] a decider asks back and gets an answer', async () => {
    expect((await as('jamal', ['ask', id, 'which bookings?'])).exit).toBe(0)
    expect((await as('maria', ['answer', id, 'those of batch 4711'])).exit).toBe(0)
  })

  test('[terms/deny-or-narrow] widening is refused before anybody is sent to a browser', async () => {
    const wider = await as('jamal', ['countersign', id, '--narrow-for', '5h'], undefined)
    expect(wider).toMatchObject({ exit: 2, out: '' })
    expect(wider.err).toContain('window.end is later')
    const other = await as('jamal', ['countersign', id, '--narrow-resource', 'ledger.entrys'], undefined)
    expect(other.err).toContain('did you mean `ledger.entries`?')
  })

  test('[terms/digest] everything is shown before the sign-in, and exactly that is signed', async () => {
    const signed = await as('jamal', [
      'countersign',
      id,
      '--narrow-resource',
      'ledger.entries',
      '--narrow-action',
      'select',
      '--narrow-action',
      'update',
      '--narrow-for',
      '1h',
    ])
    expect(signed).toMatchObject({ exit: 0 })
    for (const part of [
      'batch 4711 was posted twice',
      'which bookings?',
      'those of batch 4711',
      'You narrow it:',
      '- `ledger.accounts`',
      'You sign exactly this:',
      'INC-2041',
    ])
      expect(signed.out).toContain(part)
    const digests = signed.out.match(/sha256:[0-9a-f]{64}/g) ?? []
    const { waiver } = await detailOf('jamal')
    expect(waiver.status).toBe('countersigned')
    expect(digests).toContain(waiver.digest)
    expect(waiver.terms.access.resources).toEqual(['ledger.entries'])
  })

  test('access starts, shows on the target, and says when it ends', async () => {
    expect((await as('maria', ['activate', id])).exit).toBe(0)
    await until(({ waiver }) => waiver.status === 'active')
    const shown = await as('maria', ['show', id])
    expect(shown.out).toContain('present, as wanted')
    expect(shown.out).toMatch(/ACTIVE, ends in \d+ min/)
    for (const act of ['APPROVAL', 'ACTIVATION']) expect(shown.out).toContain(act)
  })

  test('[extension/new-approval] more time is asked for, and the same person does not give it again', async () => {
    expect((await as('maria', ['extend', id, '--for', '30m', '--reason', 'one batch is left'])).exit).toBe(0)
    const same = await as('jamal', ['countersign', id])
    expect(same.exit).toBe(3)
    expect(same.out).toContain('Against what is in force now:')
    expect(same.err).toContain('approver-decided-before')
    expect((await as('keiko', ['countersign', id])).exit).toBe(0)
  })

  test('[revocation/verified] ended is not gone: gone is what was read back', async () => {
    const session = await installation.target.signIn('maria_p')
    expect((await as('maria', ['revoke', id, '--reason', 'the bookings are right'])).exit).toBe(0)
    await until(({ waiver }) => waiver.removal.state === 'verified')
    const shown = await as('maria', ['show', id])
    expect(shown.out).toContain('gone, as wanted')
    expect(shown.out).toContain('Removal       verified')
    await session.close()
  })

  test('[four-acts/four-records] each record is reviewed on its own, and the whole by somebody else', async () => {
    const { waiver } = await detailOf('samuel')
    expect(waiver.records.map(({ act }) => act)).toEqual(['approval', 'activation', 'extension', 'revocation'])
    const [approval] = waiver.records
    const one = await as('samuel', [
      'review',
      id,
      '--event',
      approval?.event ?? '',
      '--finding',
      'justified',
      '--note',
      'the incident was real',
    ])
    expect(one).toMatchObject({ exit: 0 })
    const own = await as('jamal', ['review', id, '--finding', 'justified', '--note', 'fine'])
    expect(own.exit).toBe(3)
    const whole = await as('samuel', ['review', id, '--finding', 'justified', '--note', 'as it should be'])
    expect(whole).toMatchObject({ exit: 0 })
    expect((await as('samuel', ['show', id])).out).toContain('reviewed by Samuel')
  })

  test('what was decided follows from the facts recorded with it', async () => {
    const why = await as('samuel', ['why', id])
    expect(why).toMatchObject({ exit: 0 })
    expect(why.out).toContain('every act follows from the facts recorded with it')
  })

  test('[challenge/real] a denial is shown to whoever decides next, and has to be acknowledged by name', async () => {
    const denied = (await as('maria', [...request, '--json'])).json<Written>().waiver.id
    expect((await as('jamal', ['deny', denied, '--reason', 'the batch is right now'])).exit).toBe(0)
    const again = (await as('maria', [...request, '--json'])).json<Written>().waiver.id
    const unread = await as('marek', ['countersign', again], undefined)
    expect(unread.exit).toBe(3)
    expect(unread.out).toContain('the batch is right now')
    expect(unread.err).toContain(`--acknowledge-denial ${denied}`)
    expect((await as('marek', ['countersign', again, '--acknowledge-denial', denied])).exit).toBe(0)
    const closed = await as('maria', ['close', 'INC-2041', '--reason', 'the incident is over', '--json'])
    expect(closed).toMatchObject({ exit: 0 })
    expect(closed.json<{ results: unknown[] }>().results).toMatchObject([{ waiver: again, outcome: 'ended' }])
  })

  test('a mistyped id is answered with the one that was meant', async () => {
    const missing = await as('maria', ['show', mistyped(id)])
    expect(missing).toMatchObject({ exit: 5, out: '' })
    expect(missing.err).toContain(`did you mean \`${id}\``)
    expect((await as('maria', ['show', id.slice(0, -1)])).exit).toBe(2)
  })

  test('the rules: shown, compared, proposed, and decided by somebody else', async () => {
    expect((await as('maria', ['policy', 'show'])).out).toContain('`entries-write` on Ledger database')
    const same = await as('folake', ['policy', 'diff', `${process.cwd()}/examples/acme`])
    expect(same).toMatchObject({ exit: 0, out: expect.stringContaining('no differences') })
  })

  test('[rules/maker-checker] files propose, and somebody else decides about the rules with every difference before them', async () => {
    const rules = join(homes.folder, 'rules.yaml')
    const text = await readFile('examples/acme/policy.yaml', 'utf8')
    await writeFile(rules, text.replace('windowMax: PT8H', 'windowMax: PT6H'))
    const words = ['policy', 'propose', '--policy', rules, '--reason', 'a shift is six hours now', '--json']
    const proposed = await as('maria', words)
    expect(proposed).toMatchObject({ exit: 0 })
    const { change } = proposed.json<{ change: { id: string; proposed: string } }>()
    const own = await as('maria', ['policy', 'countersign', change.id])
    expect(own).toMatchObject({ exit: 3 })
    expect(own.err).toContain('author-is-approver')
    const signed = await as('folake', ['policy', 'countersign', change.id])
    expect(signed).toMatchObject({ exit: 0 })
    expect(signed.out).toMatch(/tighter +tiers\.low\.windowSecondsMax\n +- 28800\n +\+ 21600/)
    expect(signed.out).toContain(change.proposed)
    const listed = (await as('folake', ['policy', 'changes', '--json'])).json<{ changes: object[] }>()
    expect(listed.changes).toMatchObject([{ id: change.id, status: 'countersigned' }])
    const gone = await as('maria', ['policy', 'deny', mistyped(change.id), '--reason', 'x'], undefined)
    expect([gone.exit, gone.err.includes(change.id)]).toEqual([5, true])
  })

  test('the directory: how old it is, and who somebody is', async () => {
    expect((await as('jamal', ['directory', 'show'])).out).toContain('fresh')
    expect((await as('jamal', ['directory', 'find', 'per_maria'])).out).toContain('—member of→ Payments core')
    expect((await as('jamal', ['directory', 'import', '--json'])).json()).toMatchObject({ complete: true })
    expect((await as('jamal', ['grants', '--json'])).exit).toBe(0)
    expect((await as('samuel', ['reviews'])).exit).toBe(0)
    expect((await as('jamal', ['eligible', id])).out).toContain(
      'Amadou Diallo (per_amadou) of `security-approvers` may not:',
    )
  })

  /** The target answers when it answers: asked a bounded number of times. */
  async function until(holds: (detail: WaiverDetail) => boolean): Promise<void> {
    const token = await signInAs(installation.url, 'maria')
    const client = createClient({ baseUrl: installation.url, token: () => token })
    for (let tries = 0; tries < 200; tries++) {
      const answer = await client.waiver(id)
      if (answer.ok && holds(answer.value)) return
      await new Promise((done) => setTimeout(done, 200))
    }
    throw new Error('did not come true within 200 looks')
  }

  async function detailOf(person: string): Promise<WaiverDetail> {
    return (await as(person, ['show', id, '--json'])).json<WaiverDetail>()
  }
})

function mistyped(id: string): string {
  return `${id.slice(0, -1)}${id.endsWith('a') ? 'b' : 'a'}`
}
