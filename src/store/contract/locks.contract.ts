/** Who waits for whom: one row lock a waiver, people in one order, and a clock and heads that are read after the lock. */
import { describe, expect, test } from 'vitest'
import { plusSeconds } from '../../core/time.ts'
import { type Harness, next, noon } from './harness.contract.ts'

export function locks(the: () => Harness): void {
  describe('locks', () => {
    test('[B12] whoever comes second sees what the first did, at a later time', async () => {
      const { store, other, admin, at } = the()
      const waiver = await the().put('requested', { beneficiary: 'per_lock' })
      // A clock that really runs: it is read once the lock is there, not when the statement began.
      await admin.query(
        `create or replace function clock() returns timestamptz language sql volatile as 'select clock_timestamp()'`,
      )
      const order: string[] = []
      let beforeCommit = ''
      const first = store.transact(async (tx) => {
        const { now } = await tx.lockWaiver(waiver.id)
        order.push('first has it')
        await untilSomebodyWaits(the())
        const asked = { type: 'QuestionAsked', at: now, by: 'per_sam', text: 'why?' } as const
        await tx.write({ waivers: [next(waiver, asked)], revisions: [] })
        beforeCommit = (await store.heads()).now
        order.push('first is done')
      })
      await untilHas(order, 'first has it')
      const second = other.transact(async (tx) => {
        const locked = await tx.lockWaiver(waiver.id)
        order.push('second has it')
        return locked
      })
      const [, locked] = await Promise.all([first, second])
      await at(noon)
      expect(order).toEqual(['first has it', 'first is done', 'second has it'])
      expect(locked.waiver?.version).toBe(2)
      expect(locked.now >= beforeCommit).toBe(true)
    })

    test('[context/at-request-time] [B08] a directory that comes into force while somebody waits is the one they decide on', async () => {
      const { store, other, admin } = the()
      const waiver = await the().put('requested', { beneficiary: 'per_heads' })
      await putHead(the(), 'sha256:before')
      const order: string[] = []
      const first = store.transact(async (tx) => {
        await tx.lockWaiver(waiver.id)
        order.push('first has it')
        await untilSomebodyWaits(the())
        await putHead(the(), 'sha256:after')
      })
      await untilHas(order, 'first has it')
      const [, locked] = await Promise.all([first, other.transact((tx) => tx.lockWaiver(waiver.id))])
      await admin.query(`update heads set digest = null where name = 'directory'`)
      expect(locked.heads.directory).toBe('sha256:after')
    })

    test('[B08] [B12] a departure waits for whoever decides already, and everybody else waits for it', async () => {
      const { store, other } = the()
      const waiver = await the().put('requested', { beneficiary: 'per_leaves' })
      const order: string[] = []
      const deciding = store.transact(async (tx) => {
        await tx.lockWaiver(waiver.id)
        order.push('a decision is under way')
        await untilSomebodyWaits(the())
        order.push('it is made')
      })
      await untilHas(order, 'a decision is under way')
      const leaving = other.transact(async (tx) => {
        await tx.haltDecisions()
        order.push('somebody leaves')
        const ids = await tx.openWaiversOf(['per_leaves', 'per_somebody-else'])
        const waivers = await tx.lockWaivers(ids)
        await untilSomebodyWaits(the())
        order.push('what was theirs is over')
        return waivers
      })
      await deciding
      await untilHas(order, 'somebody leaves')
      // One that does not exist yet waits as well: it could be asked for by whoever is leaving.
      const later = store.transact(async (tx) => {
        await tx.lockWaiver(the().freshId())
        order.push('the next decision')
      })
      const [waivers] = await Promise.all([leaving, later])
      expect(waivers).toEqual([waiver])
      expect(order).toEqual([
        'a decision is under way',
        'it is made',
        'somebody leaves',
        'what was theirs is over',
        'the next decision',
      ])
    })

    test('[B08] open waivers are found by everybody whose leaving matters, and others are not', async () => {
      const { store } = the()
      const open = await the().put('countersigned', { beneficiary: 'per_found' })
      await the().put('ended', { beneficiary: 'per_found' })
      const found = (person: string) => store.transact((tx) => tx.openWaiversOf([person]))
      expect(await found('per_found')).toEqual([open.id])
      expect(await found('per_sam')).toContain(open.id)
      expect(await found('per_nobody')).toEqual([])
    })

    test('people are locked in one order, whatever order they are named in: nobody waits in a circle', async () => {
      const { store, other } = the()
      const people = Array.from({ length: 20 }, (_, index) => `per_${index}`)
      const locks = Array.from({ length: 12 }, (_, round) =>
        (round % 2 === 0 ? store : other).transact((tx) =>
          tx.lockPersons(round % 3 === 0 ? [...people].reverse() : [...people.slice(round), ...people]),
        ),
      )
      await expect(Promise.all(locks)).resolves.toHaveLength(12)
    })

    test('[B12] two sweeps at once never take the same waiver, and together they take what is due', async () => {
      const { store, other, at } = the()
      for (let n = 0; n < 12; n++) await the().put('requested', { beneficiary: `per_due_${n}` })
      await at(plusSeconds(noon, 2 * 3_600))
      const { rows } = await the().admin.query<{ id: string }>('select id from waivers where due_at <= clock()')
      const taken: (readonly string[])[] = []
      const take = (one: typeof store) =>
        one.transact(async (tx) => {
          const { waivers } = await tx.lockDue(rows.length - 4)
          taken.push(waivers.map(({ id }) => id))
          await untilHas(taken, undefined, 2)
        })
      await Promise.all([take(store), take(other)])
      await at(noon)
      expect(taken.flat().sort()).toEqual(rows.map(({ id }) => id).sort())
      expect(taken.every((ids) => ids.length > 0)).toBe(true)
    })

    test('records are one at a time, also before they exist', async () => {
      const { store, other } = the()
      const write = (one: typeof store) =>
        one.transact(async (tx) => {
          const { version } = await tx.lockRecord('chg_counter')
          await tx.writeRecord({
            id: 'chg_counter',
            kind: 'change',
            version: version + 1,
            status: 'proposed',
            state: { version: version + 1 },
            dueAt: undefined,
            events: [],
            revisions: [],
            heads: {},
            thaw: false,
          })
        })
      await Promise.all(Array.from({ length: 10 }, (_, n) => write(n % 2 === 0 ? store : other)))
      expect(await store.records.find('chg_counter')).toEqual({ version: 10 })
    })
  })
}

async function putHead({ admin }: Harness, digest: string): Promise<void> {
  await admin.query(
    `insert into revisions (digest, kind, content) values ($1, 'directory', '') on conflict do nothing`,
    [digest],
  )
  await admin.query(`update heads set digest = $1 where name = 'directory'`, [digest])
}

/** Another session of this database waits for a lock. Bounded: a test that never comes to wait fails by its own assertion. */
async function untilSomebodyWaits({ admin }: Harness): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rows } = await admin.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function untilHas(list: readonly unknown[], entry: unknown, count = 1): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (entry === undefined ? list.length >= count : list.includes(entry)) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
