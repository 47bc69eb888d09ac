// The command line asks a running server: coverage, duties, and what a source suddenly no longer says.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Oversight } from '../../src/cli/output/oversight-lines.ts'
import type { CoverageView, DutiesView } from '../../src/client/index.ts'
import { importDirectory } from '../../src/engine/directories.ts'
import { watch } from '../../src/engine/drift/watch.ts'
import { fetchThrough } from '../../src/mcp/fetch-through.ts'
import { asked, no, openSurface, type Surface, yes } from '../api/support/surface.ts'
import { poolWith } from '../support/directories.ts'
import { organisation, policyFor } from '../support/life.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { type Heard, heard, signedIn } from './support/context.ts'
import { answersFor, detailAt } from './support/fixtures.ts'

const turns = `
  shift rota_day per_sam 2026-11-22T08:00:00Z 2026-11-22T20:00:00Z
  shift rota_night per_mate 2026-11-22T20:00:00Z 2026-12-20T12:00:00Z
  sys_ledger`
const held = `
  team_payments holds sys_ledger/ledger-approve
  per_mate holds sys_ledger/ledger-write`
const scratch = scratchFolder('cli-online')
/** How one signs in is said by what stands around the API. */
const signIn = answersFor(detailAt('requested'))['/v1/sign-in']
let surface: Surface

beforeAll(async () => {
  const policy = policyFor()
  const pools = {
    ...policy.pools,
    pool_security: {
      ...poolWith('pool_security', ['per_sam', 'per_sue', 'per_mate']),
      rotas: ['rota_day', 'rota_night'],
    },
  }
  surface = await openSurface({ directory: organisation + turns + held, policy: { ...policy, pools } })
})
afterAll(() => scratch.dispose())

function as(person: string, words: readonly string[], types?: string): Promise<Heard> {
  return heard(words, {
    through: fetchThrough(surface.api),
    kept: { default: { state: 'signed-in', signedIn: signedIn(person) } },
    answers: { '/v1/sign-in': signIn },
    signsInAs: person,
    columns: 160,
    nowMillis: Date.parse(surface.world.now),
    ...(types === undefined ? {} : { types }),
  })
}

describe('coverage of a running server', () => {
  const team = ['coverage', '--team', 'payments', '--weeks', '1', '--from', '2026-11-22T12:00Z']

  test('[on-call/never-both-sides] the calendar, why, the remedy, and a picture', async () => {
    const svg = join(scratch.folder, 'team.svg')
    const { out, exit } = await as('per_rae', [...team, '--svg', svg])
    expect(exit).toBe(0)
    expect(out).toContain('160 of 168 hours are uncovered')
    expect(out).toContain('—member of→')
    expect(out).toContain('computed again with the change')
    expect((await readFile(svg, 'utf8')).match(/class="none"/g)?.length).toBeGreaterThan(150)
  })

  test('as a document, with an exit code; and a no says what to do', async () => {
    const { out, exit } = await as('per_rae', [...team, '--json', '--fail-on', 'uncovered'])
    expect(exit).toBe(7)
    expect((JSON.parse(out) as CoverageView).rows[0]?.uncovered).toHaveLength(160)
    const refused = await as('per_nobody', team)
    expect(refused).toMatchObject({ exit: 3 })
    expect(refused.err).toContain('not-permitted')
    const unknown = await as('per_rae', ['coverage', '--team', 'paiments'])
    expect(unknown.exit).not.toBe(0)
    expect(unknown.err).toContain('team_paiments')
  })
})

describe('duties of a running server', () => {
  test('who holds a conflict, through what, and what would have to go', async () => {
    const { out, exit } = await as('per_rae', ['duties', 'check', '--fail-on-uncovered'])
    expect(exit).toBe(7)
    expect(out).toContain('per_mate')
    expect(out).toContain('post-and-approve')
    const json = await as('per_rae', ['duties', 'check', '--json'])
    expect(JSON.parse(json.out) as DutiesView).toMatchObject({ totals: { conflicts: 1, uncovered: 1 } })
    const one = await as('per_rae', ['duties', 'show', 'per_mate'])
    expect(one.out).toContain('team_payments')
    expect((await as('per_rae', ['duties', 'fixes'])).out).toContain('ledger-')
    expect((await as('per_rae', ['duties', 'mitigations'])).exit).toBe(0)
  })

  test('[B15] a person is shown their own, and refused those of others', async () => {
    expect((await as('per_mate', ['duties', 'check'])).out).toContain('per_mate')
    expect((await as('per_nobody', ['duties', 'check'])).out).not.toContain('per_mate')
    expect(await as('per_nobody', ['duties', 'show', 'per_mate'])).toMatchObject({ exit: 3 })
  })
})

describe('[evidence/frameworks] what whoever looks over everything looks at', () => {
  const days = ['oversight', '--days', '30']

  test('is shown as on the page: what is overdue first, what came of it, how fast, for what refused, and by whom for whom', async () => {
    const { world, client } = surface
    const access = { ...asked(world.now).access, account: 'oncall_db' }
    const terms = asked(world.now, { beneficiary: 'per_oncall', access })
    const id = yes(await client('per_oncall').ask({ terms })).waiver.id
    const digest = yes(await client('per_sam').waiver(id)).waiver.proposal?.digest ?? ''
    expect(no(await client('per_dba').countersign(id, { digest }))).toBe('approver-not-independent')
    yes(await client('per_sam').countersign(id, { digest }))
    yes(await client('per_oncall').activate(id))
    await world.settle()
    yes(await client('per_oncall').revoke(id, { reason: 'done' }))

    const { out, err, exit } = await as('per_rae', days)
    expect({ err, exit }).toEqual({ err: '', exit: 0 })
    expect(out).toMatch(/Removals +1 open/)
    expect(out).toContain(id)
    expect(out).toMatch(/2026-11-22 +1 +1 +0 +0 +1 +0/)
    expect(out).toMatch(/approver-not-independent +1/)
    expect(out).toContain('no two approved for each other')
    expect(out).toMatch(/per_sam\)? +.*per_oncall\)? +1 +never/)

    const json = JSON.parse((await as('per_rae', [...days, '--json'])).out) as Oversight
    expect(json.figures?.period.start).toBe('2026-10-23T00:00:00.000Z')
    expect(json.figures).toEqual(yes(await client('per_rae').figures({ from: '2026-10-23T00:00:00Z' })))
    expect(json.removals.removals.map(({ waiver }) => waiver)).toEqual([id])
  })

  test('[B15] whoever does not sees their own part, and hears for whom the rest is', async () => {
    const { out, exit } = await as('per_nobody', days)
    expect(exit).toBe(0)
    expect(out).toContain('figures about everybody are for those who')
    expect(out).not.toContain('approver-not-independent')
    const json = JSON.parse((await as('per_nobody', [...days, '--json'])).out) as Oversight
    expect(Object.keys(json)).toEqual(['removals', 'reviews', 'drift'])
    expect(await as('per_rae', ['oversight', '--days', '0'])).toMatchObject({ exit: 2 })
  })
})

test('why two are not independent is drawn from the directory in force', async () => {
  const svg = join(scratch.folder, 'why.svg')
  const { out, exit } = await as('per_rae', ['directory', 'explain', 'per_asker', 'per_mate', '--svg', svg])
  expect(exit).toBe(0)
  expect(out).toContain('on-requesting-team')
  expect(await readFile(svg, 'utf8')).toContain('team_payments')
})

describe('[B02] what people state about the directory is decided by somebody outside, with its evidence before their eyes', () => {
  const idIn = (out: string, prefix: string) => new RegExp(`${prefix}_[0-9a-z]{26}`).exec(out)?.[0] ?? ''

  test('a link: stated, refused to whoever stated it, confirmed from outside, ended', async () => {
    const stated = ['directory', 'link', 'acc_guess', 'per_asker', '--evidence', 'the badge and the login agree']
    const said = await as('per_asker', stated)
    expect(said).toMatchObject({ exit: 0, err: '' })
    const id = idIn(said.out, 'lnk')
    const words = (verb: string) => [
      'directory',
      `${verb}-link`,
      id,
      verb === 'confirm' ? '--note' : '--reason',
      'seen',
    ]
    expect(await as('per_asker', words('confirm'), 'confirm')).toMatchObject({ exit: 3 })
    const confirmed = await as('per_rae', words('confirm'), 'confirm')
    expect(confirmed).toMatchObject({ exit: 0 })
    expect(confirmed.out + confirmed.err).toContain('the badge and the login agree')
    expect((await as('per_rae', ['directory', 'links'])).out).toContain('confirmed by per_rae')
    const late = await as('per_rae', words('reject'), 'reject')
    expect(late.exit).toBe(3)
    const ended = ['directory', 'unlink', id, '--reason', 'left']
    expect(await as('per_asker', ended)).toMatchObject({ exit: 3 })
    expect(await as('per_rae', ended, 'unlink')).toMatchObject({ exit: 0 })
    const none = await as('per_rae', ['directory', 'confirm-link', `lnk_${'0'.repeat(26)}`, '--note', 'x'], 'confirm')
    expect(none.exit).not.toBe(0)
    expect(none.err).toContain('countersign directory links')
  })

  test('ownership of a workload: taken, rejected, taken again, confirmed, given up', async () => {
    await surface.world.changeDirectory((organisation + turns + held).replace('per_asker owns wl_bot\n', ''))
    expect((await as('per_rae', ['workload', 'list', '--orphaned'])).out).toContain('wl_bot')
    const take = ['workload', 'own', 'bot', '--owner', 'team_legal', '--evidence', 'handed over in the review']
    const id = idIn((await as('per_lee', take)).out, 'own')
    const reject = ['workload', 'reject-owner', id, '--reason', 'legal runs nothing']
    expect(await as('per_rae', reject, 'reject')).toMatchObject({ exit: 0 })
    expect((await as('per_lee', take)).out).toContain('proposed')
    const confirm = ['workload', 'confirm-owner', id, '--note', 'asked the head of legal']
    expect(await as('per_lee', confirm, 'confirm')).toMatchObject({ exit: 3 })
    expect(await as('per_rae', confirm, 'confirm')).toMatchObject({ exit: 0 })
    expect((await as('per_lee', ['workload', 'show', 'bot'])).out).toContain('team_legal')
    expect(await as('per_lee', ['workload', 'disown', id, '--reason', 'moved on'])).toMatchObject({ exit: 0 })
    expect((await as('per_rae', ['workload', 'owners'])).out).toContain('ended')
    expect((await as('per_rae', ['workload', 'list', '--orphaned'])).out).toContain('wl_bot')
  })
})

describe('[B08] a source that suddenly says much less', () => {
  const people = Array.from({ length: 12 }, (_, n) => ({ id: `per_hr${n}`, kind: 'person', name: `Hr ${n}` }) as const)
  const says = async (count: number) => {
    const { world } = surface
    await world.after(60)
    const source = {
      kind: 'test',
      shrink: { share: 0.2, atLeast: 5, withinSeconds: 86_400 },
      read: async () => ({
        source: { id: 'second', revision: `n${count}`, observedAt: world.now, staleAfterSeconds: 86_400 },
        nodes: people.slice(0, count),
        relations: [],
        shifts: [],
      }),
    }
    return (await importDirectory(world.app.machinery, [source]))[0]?.outcome
  }

  test('is listed with who would be gone, kept out by a no, and let in by somebody independent', async () => {
    expect(await says(12)).toBe('changed')
    expect((await as('per_rae', ['directory', 'holds'])).out).toContain('every source is believed')
    expect(await says(2)).toBe('held')
    expect((await as('per_rae', ['directory', 'holds'])).out).toContain('second')
    const detail = await as('per_rae', ['directory', 'holds', 'second'])
    expect(detail.out).toContain('10 of 12 people')
    expect(detail.out).toContain('per_hr11')
    const rejected = await as('per_rae', ['directory', 'reject', 'second', '--reason', 'half a file'], 'reject')
    expect(rejected).toMatchObject({ exit: 0 })
    // What was rejected is settled: only another word of the source is asked about again.
    const late = await as('per_rae', ['directory', 'confirm', 'second', '--reason', 'sold'], 'confirm')
    expect(late).toMatchObject({ exit: 3 })
    expect(late.err).toContain('countersign directory holds second')
    expect(await says(3)).toBe('held')
    const confirmed = await as('per_rae', ['directory', 'confirm', 'second', '--reason', 'sold'], 'confirm')
    expect(confirmed).toMatchObject({ exit: 0 })
    expect((await as('per_rae', ['directory', 'holds'])).out).toContain('every source is believed')
  })
})

test('[drift/found] what drifted is listed, shown and looked back on, and ends a pipeline', async () => {
  const { world } = surface
  world.target.standing.push({ account: 'oncall_db', entitlement: 'ledger-write' })
  try {
    expect((await as('per_rae', ['drift', 'read'])).exit).toBe(0)
    await watch(world.app.machinery)
    const { out, exit } = await as('per_rae', ['drift', '--fail-on-drift'])
    expect(exit).toBe(7)
    expect(out).toContain('`oncall_db`')
    const id = /drf_[0-9a-z]+/.exec(out)?.[0] ?? ''
    expect((await as('per_rae', ['drift', 'show', id])).out).toContain('DriftFound')
    const words = ['drift', 'review', id, '--finding', 'not-justified', '--note', 'given by hand']
    expect(await as('per_rae', words, 'review')).toMatchObject({ exit: 0 })
    expect(await as('per_rae', ['drift', 'show', 'drf_nothing'])).not.toMatchObject({ exit: 0 })
  } finally {
    world.target.standing.length = 0
  }
})
