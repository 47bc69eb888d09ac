/** Records, newest first, and what opens their leaves: for whoever sees all of a body, and for nobody else. */
import { beforeAll, describe, expect, test } from 'vitest'
import { saltedDigest } from '../../src/lib/digest.ts'
import { decodeBase64 } from '../../src/log/index.ts'
import { asked, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
let id: string
type Row = { position: number; type: string; stream: string; by: string }

beforeAll(async () => {
  surface = await openSurface()
  const { waiver } = yes(await surface.client('per_asker').ask({ terms: asked(surface.world.now) }))
  id = waiver.id
  const digest = waiver.proposal?.digest ?? ''
  await surface.post('per_mate', `/v1/waivers/${id}/countersignature`, { digest })
  yes(await surface.client('per_sam').countersign(id, { digest }))
  await surface.world.settle()
})

const records = async (who: string, query = '') => (await surface.get(who, `/v1/records${query}`)).body

describe('records, newest first', () => {
  test('are all of the feed, page by page, and what is not mine to read is passed over', async () => {
    const feed = yes(await surface.client('per_watch').feed({ limit: 500 })).records
    const found: Row[] = []
    for (let next: number | undefined; found.length < 100; ) {
      const page = await records('per_watch', `?limit=2${next === undefined ? '' : `&before=${next}`}`)
      found.push(...page.records)
      next = page.next
      if (next === undefined) break
    }
    expect(found.map(({ position }) => position)).toEqual(feed.map(({ position }) => position).toReversed())
    const none = await records('per_lee')
    expect(none.records.some(({ stream }: Row) => stream.startsWith('wvr_'))).toBe(false)
    expect(none.records.length).toBeGreaterThan(0)
  })

  test('are found by a part of their kind, by who did it, and by what it happened to', async () => {
    const types = async (query: string) => (await records('per_watch', query)).records.map(({ type }: Row) => type)
    expect(await types('?type=countersigned')).toEqual(['WaiverCountersigned'])
    expect(await types('?by=per_mate')).toEqual(['AttemptRefused'])
    expect(await types(`?stream=${id}`)).toEqual(['WaiverCountersigned', 'AttemptRefused', 'WaiverRequested'])
    expect(await types(`?stream=${id}&by=per_asker&type=asked`)).toEqual([])
    for (const query of ['?before=-1', '?type=a%25', '?limit=201', '?nothing=1'])
      expect((await surface.get('per_watch', `/v1/records${query}`)).status, query).toBe(400)
  })
})

describe('what opens a leaf', () => {
  const place = async (type: string): Promise<number> =>
    (await records('per_watch', `?stream=${id}&type=${type}`)).records[0].position

  test('leads from the body to its hash', async () => {
    for (const type of ['WaiverRequested', 'WaiverCountersigned', 'AttemptRefused']) {
      const { record, opening } = yes(await surface.client('per_watch').record(await place(type)))
      expect(saltedDigest(decodeBase64(opening?.salt ?? '', 'salt'), opening?.body ?? ''), type).toBe(record.bodyHash)
      expect(JSON.parse(opening?.body ?? '')).toMatchObject({ type, by: record.by, at: record.at })
    }
  })

  test('is not for whom something of the body is cut: with the salt they could try out what it was', async () => {
    const position = await place('AttemptRefused')
    const asker = yes(await surface.client('per_asker').record(position))
    expect(JSON.stringify(asker.record.body)).toContain('on-requesting-team')
    expect(JSON.stringify(asker)).not.toContain('"path"')
    expect(asker.opening).toBeUndefined()
    expect(yes(await surface.client('per_asker').record(await place('WaiverRequested'))).opening).toBeDefined()
  })

  test('of a record that is not mine says no more than of one that is not there', async () => {
    const [one, other] = [await place('WaiverRequested'), 4_711]
    const answers = await Promise.all([one, other].map((at) => surface.get('per_lee', `/v1/records/${at}`)))
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
    ])
    expect(answers[0]?.body.detail.replace(String(one), '')).toBe(answers[1]?.body.detail.replace('4711', ''))
    expect((await surface.get('per_watch', '/v1/records/-1')).status).toBe(400)
  })
})
