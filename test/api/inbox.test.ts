// What waits for whom, what is heard as it happens, and how one stands, drawn: over HTTP, cut to what the caller may see.
import { beforeAll, describe, expect, test } from 'vitest'
import { createClient, type LiveNews } from '../../src/client/index.ts'
import { evolveAll } from '../../src/core/evolve.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { WaiverEvent } from '../../src/core/waiver.ts'
import type { WaiverWrite } from '../../src/store/contract.ts'
import { organisation } from '../support/life.ts'
import { asked, no, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
let waiver: string

beforeAll(async () => {
  surface = await openSurface()
  waiver = yes(await surface.client('per_asker').ask({ terms: asked(surface.world.now) })).waiver.id
})

describe('the inbox', () => {
  test('has what waits for me, and says why me and how long it may wait', async () => {
    const mine = yes(await surface.client('per_sam').inbox())
    expect(mine).toMatchObject({
      notMine: [],
      asked: [],
      moreNotMine: 0,
      moreWaiting: 0,
      moreAsked: 0,
      nowAt: surface.world.now,
    })
    expect(mine.toMe).toMatchObject([
      {
        waiver,
        of: 'waiver',
        acts: ['countersign'],
        pools: ['pool_security'],
        countersigned: 0,
        countersignersNeeded: 1,
      },
    ])
    expect(mine.toMe[0]?.until).toBe(yes(await surface.client('per_sam').waiver(waiver)).waiver.proposal?.decideBy)
    expect(mine.names).toMatchObject({ per_asker: 'per_asker', sys_ledger: 'sys_ledger' })
  })

  test('has what I asked for, and nothing for whoever has no part in it', async () => {
    const asker = yes(await surface.client('per_asker').inbox())
    expect(asker.asked.map((item) => item.waiver)).toEqual([waiver])
    expect(asker.toMe).toEqual([])
    const nobody = yes(await surface.client('per_nobody').inbox())
    expect([...nobody.toMe, ...nobody.notMine, ...nobody.asked]).toEqual([])
    expect(no(await surface.client('per_gone').inbox())).toBe('not-active-in-directory')
  })

  test('[independence/relation-not-title] [B04] what is with my pools and not for me stands apart, with the path', async () => {
    const mate = yes(await surface.client('per_mate').inbox())
    expect(mate).toMatchObject({ toMe: [], asked: [] })
    expect(mate.notMine).toMatchObject([{ waiver, acts: [], because: 'approver-not-independent' }])
    expect(mate.notMine[0]?.conflicts?.[0]?.reads).toContain('—member of→')
  })

  test('[independence/outside-requesting-path] drawn, the path crosses from the asking side; nobody asks how others stand but deciders', async () => {
    const drawn = yes(await surface.client('per_mate').picture(waiver))
    expect(drawn).toMatchObject({ person: 'per_mate', independent: false })
    const [conflict] = drawn.conflicts
    expect(drawn.edges.filter(({ conflicts }) => conflicts.includes(conflict?.code ?? '')).length).toBeGreaterThan(1)
    expect(drawn.nodes.find(({ id }) => id === 'per_asker')).toMatchObject({ side: 'requesting', part: 'requester' })
    const free = yes(await surface.client('per_sam').picture(waiver))
    expect(free).toMatchObject({ independent: true, conflicts: [] })
    expect(free.edges.every(({ conflicts }) => conflicts.length === 0)).toBe(true)
    expect(yes(await surface.client('per_sam').picture(waiver, { person: 'per_mate' })).independent).toBe(false)
    expect(no(await surface.client('per_asker').picture(waiver, { person: 'per_mate' }))).toBe('not-permitted')
    expect(no(await surface.client('per_nobody').picture(waiver))).toBe('unknown-waiver')
  })

  test('goes from one to the other as soon as somebody decides', async () => {
    const digest = yes(await surface.client('per_sam').waiver(waiver)).waiver.proposal?.digest ?? ''
    yes(await surface.client('per_sam').countersign(waiver, { digest }))
    expect(yes(await surface.client('per_sid').inbox()).toMe.map((item) => item.waiver)).not.toContain(waiver)
    expect(yes(await surface.client('per_asker').inbox()).toMe).toMatchObject([{ waiver, acts: ['activate'] }])
  })

  test('finds what is mine behind hundreds that are not, and counts what it does not show', async () => {
    const { world, client } = surface
    const of = yes(await client('per_oncall').ask({ terms: termsOf('per_oncall') })).waiver
    // Of one team mate there are more than anybody looks at; each has to be decided before this one.
    const [first] = (await world.store.waivers.events(of.id)).map(({ body }) => body as WaiverEvent)
    if (first?.type !== 'WaiverRequested') throw new Error('it was not asked for')
    const crowd = (from: number, count: number) =>
      Array.from({ length: count }, (_, place) => copyOf(first, from + place))
    const write = (writes: readonly WaiverWrite[]) =>
      world.store.transact((tx) => tx.write({ waivers: writes, revisions: [] }))
    await write(crowd(0, 250))
    const mate = yes(await client('per_mate').inbox())
    expect(mate.toMe.map((item) => item.waiver)).toEqual([of.id])
    expect({ ...mate, notMine: mate.notMine.length }).toMatchObject({ notMine: 100, moreNotMine: 150, moreWaiting: 0 })
    expect(yes(await client('per_asker').inbox())).toMatchObject({ moreAsked: 51 })
    await write(crowd(250, 800))
    const crowded = yes(await client('per_mate').inbox())
    expect(crowded).toMatchObject({ toMe: [], moreNotMine: 900, moreWaiting: 51 })
    await world.must('per_oncall', { type: 'withdraw', reason: 'enough of it' }, of.id)
  })
})

describe('being told what happens', () => {
  test('[B15] begins with the present, tells what the listener may read, and nothing else', async () => {
    const { world, client } = surface
    await world.settle()
    // A stream needs a socket.
    const baseUrl = await surface.api.listen({ port: 0, host: '127.0.0.1' })
    const off = new AbortController()
    const streamOf = (token: string) =>
      listening(createClient({ baseUrl, token: () => token }).live({ signal: off.signal }))
    const [heard, stranger] = [streamOf('per_sam'), streamOf('per_nobody')]
    try {
      expect((await heard.next()).news).toBe('begin')
      expect((await stranger.next()).news).toBe('begin')
      const asks = { ...asked(world.now), beneficiary: 'per_oncall' }
      const access = { ...asks.access, account: 'oncall_db' }
      const { id } = yes(await client('per_oncall').ask({ terms: { ...asks, access } })).waiver
      await world.settle()
      expect(await heard.next()).toMatchObject({
        news: 'record',
        stream: id,
        type: 'WaiverRequested',
        by: 'per_oncall',
      })
      // What is everybody's to know comes to the stranger as well, and is the first they hear: of the waiver they never did.
      await world.must('per_oncall', { type: 'withdraw', reason: 'no longer needed' }, id)
      await world.settle()
      expect(await heard.next()).toMatchObject({ stream: id, type: 'WaiverWithdrawn' })
      await world.changeDirectory(`${organisation}\n  per_new member-of team_canteen`)
      await world.settle()
      expect(await stranger.next()).toMatchObject({ stream: 'directory', type: 'DirectoryChanged' })
    } finally {
      off.abort()
    }
  })

  test('is nobody’s who is not signed in', async () => {
    expect((await surface.get('', '/v1/live', { headers: { authorization: '' } })).status).toBe(401)
  })
})

function listening(stream: AsyncGenerator<LiveNews, void>) {
  return {
    async next(): Promise<LiveNews> {
      const { done, value } = await stream.next()
      if (done) throw new Error('the stream is over')
      return value
    },
  }
}

function termsOf(person: string) {
  const terms = asked(surface.world.now)
  return { ...terms, beneficiary: person, access: { ...terms.access, account: `${person.slice(4)}_db` } }
}

/** The same, asked by somebody else and to be decided a little sooner. */
function copyOf(first: Extract<WaiverEvent, { type: 'WaiverRequested' }>, place: number): WaiverWrite {
  const id = `wvr_00000000000000000000${String(place).padStart(6, '0')}`
  const access = { ...first.terms.access, account: `crowd_${place}` }
  const terms = { ...first.terms, beneficiary: 'per_asker', access }
  const event = { ...first, by: 'per_asker', terms, decideBy: plusSeconds(first.at, 60) }
  const after = evolveAll(id, [event])
  return { id, before: undefined, after, events: [event], dueAt: undefined, grant: undefined, askedBy: ['per_asker'] }
}
