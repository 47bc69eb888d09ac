import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, organisation, termsFor } from '../../test/support/life.ts'
import { openWorld, type World } from '../../test/support/world.ts'
import { importDirectory } from './directories.ts'
import { why } from './why.ts'

let world: World & { close(): Promise<void> }
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const without = (...gone: readonly string[]) =>
  `${organisation}\n${gone.map((id) => `${id} until 2026-11-22T11:59:00Z`).join('\n')}`

async function active(): Promise<string> {
  const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
  await world.countersign('per_sam', id)
  await world.must('per_asker', { type: 'activate' }, id)
  await world.settle()
  return id
}

/** In which transaction each event of these types was written. */
async function transactionsOf(...types: readonly string[]): Promise<readonly string[]> {
  const rows = await world.query<{ xmin: string }>(
    `select distinct xmin::text from events where type = any($1) and at = (select max(at) from events where type = $2)`,
    [types, types[0]],
  )
  return rows.map(({ xmin }) => xmin)
}

describe('[revocation/automatic] [B08] somebody is deactivated by a source', () => {
  test('their live access ends in the transaction in which they are, is seen gone, and can be computed again', async () => {
    const id = await active()
    expect(world.target.given.size).toBe(1)
    await world.after(60)
    await world.changeDirectory(without('per_asker'))
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'deactivated' } })
    expect(await transactionsOf('DirectoryChanged', 'AccessRevoked')).toHaveLength(1)
    const [changed] = (await world.store.waivers.events('directory')).slice(-1)
    expect(changed?.body).toMatchObject({ departed: ['per_asker'], departedCount: 1 })

    await world.settle()
    expect(world.target.given.size).toBe(0)
    expect((await world.waiver(id)).removal.state).toBe('verified')
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
    await world.changeDirectory(organisation)
  })

  test('what they approved and nobody started is void, and what waits for a second signature waits for two', async () => {
    await world.after(60)
    const { id } = await world.must('per_asker', {
      type: 'request',
      terms: termsFor({ window: windowFrom(world.now) }),
    })
    await world.countersign('per_sue', id)
    const sealed = await world.must('per_chief', {
      type: 'request',
      terms: envelope({ window: windowFrom(world.now) }),
    })
    await world.countersign('per_sue', sealed.id)
    await world.changeDirectory(without('per_sue'))
    for (const one of [id, sealed.id]) expect((await world.waiver(one)).end).toMatchObject({ cause: 'voided' })
    expect((await world.waiver(id)).end?.reason).toBe('`per_sue` was deactivated in the directory, and had approved it')
    expect((await why(world.app.machinery, id))?.follows).toBe(true)
    await world.changeDirectory(organisation)
  })

  test('an end that was announced comes by itself, although no source says anything new', async () => {
    await world.after(60)
    const announced = `${organisation}\nper_asker until 2026-11-22T12:30:00Z`
    await world.changeDirectory(announced)
    const { id } = await world.must('per_asker', {
      type: 'request',
      terms: termsFor({ window: windowFrom(world.now) }),
    })
    await world.at('2026-11-22T12:30:00.000Z')
    await world.changeDirectory(announced)
    expect(await world.waiver(id)).toMatchObject({ status: 'ended', end: { cause: 'deactivated' } })
    await world.changeDirectory(organisation)
  })
})

describe('[B08] [B12] two processes read a source at once', () => {
  test('what was read first and comes second is read again, and does not undo what was said since', async () => {
    const { sources, machinery } = world.app
    const [source] = sources
    if (source === undefined) throw new Error('no source')
    const [early, late] = [organisation, without('per_mate')]
    let readsCount = 0
    const slow = {
      ...source,
      async read(now: string) {
        readsCount++
        const snapshot = await source.read(now)
        if (readsCount > 1) return snapshot
        await world.after(60)
        expect(await world.changeDirectory(late)).toBe('changed')
        return snapshot
      },
    }
    await world.changeDirectory(early)
    const [report] = await importDirectory(machinery, [slow])
    expect(report?.outcome).toBe('unchanged')
    expect(readsCount).toBe(2)
    const { directory } = await world.store.heads()
    const facts = await world.store.revisions.directory(directory ?? '')
    expect(facts?.nodes.find(({ id }) => id === 'per_mate')?.until).toBe('2026-11-22T11:59:00.000Z')
    await world.changeDirectory(organisation)
  })

  test('and when that happens each time, it says so and changes nothing', async () => {
    const { sources, machinery } = world.app
    const [source] = sources
    if (source === undefined) throw new Error('no source')
    const overtaken = {
      ...source,
      async read(now: string) {
        const snapshot = await source.read(now)
        await world.after(1)
        await world.changeDirectory(organisation)
        return snapshot
      },
    }
    const [report] = await importDirectory(machinery, [overtaken])
    expect(report).toMatchObject({ outcome: 'unreadable', problems: [expect.stringContaining('others read it')] })
  })
})

function windowFrom(now: string): { start: string; end: string } {
  return { start: now, end: new Date(Date.parse(now) + 3_600_000).toISOString() }
}
