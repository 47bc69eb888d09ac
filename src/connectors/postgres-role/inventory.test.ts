import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresFor } from '../../../test/support/postgres.ts'
import type { Governed, Holding } from '../access.ts'
import { type Bench, openBench, type Server } from './harness.contract.ts'

for (const major of [15, 18] as const) {
  describe(`the inventory on PostgreSQL ${major}`, () => {
    let bench: Bench
    let server: Server
    beforeAll(async () => {
      server = (await (await postgresFor(major)).createDatabase()).connection
      bench = await openBench(server, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    const entries = (...actions: readonly string[]): Governed => ({
      entitlement: 'entries',
      target: {},
      resources: ['ledger', 'ledger.entries', 'ledger.post(text)'],
      actions,
    })
    const writing = (): Governed => ({
      entitlement: 'writing',
      target: { shape: 'membership', role: bench.writer },
      resources: [bench.writer],
      actions: ['member'],
    })
    const inventory = async (...governed: readonly Governed[]): Promise<readonly Holding[]> => {
      const outcome = await bench.connector.inventory(governed)
      if (outcome.outcome !== 'done') throw new Error(outcome.reason)
      expect(outcome.value.unread).toEqual([])
      return outcome.value.holdings
    }
    const of = (holdings: readonly Holding[], account: string) =>
      holdings.flatMap((one) => (one.account === account ? [`${one.entitlement ?? 'everything'}: ${one.holds}`] : []))

    test('[drift/found] every way to a role and to a privilege is named, also through groups', async () => {
      const [group, member, reader] = [`${bench.tag}_ops`, await bench.freshAccount(), await bench.freshAccount()]
      await bench.run(`CREATE ROLE ${group}; GRANT ${bench.writer} TO ${group}; GRANT ${group} TO ${member};
        GRANT SELECT (note) ON ledger.entries TO ${reader}; GRANT pg_write_all_data TO ${reader};
        GRANT EXECUTE ON FUNCTION ledger.post(text) TO ${reader}; GRANT SELECT ON ledger.salaries TO ${reader}`)
      const held = await inventory(entries('select', 'insert', 'execute'), writing())
      expect(of(held, member)).toEqual([
        `entries: insert on ledger.entries through ${bench.writer}`,
        `entries: select on ledger.entries through ${bench.writer}`,
        `writing: member of ${bench.writer} through ${group}`,
      ])
      expect(of(held, reader)).toEqual([
        'entries: execute on ledger.post(text)',
        'entries: insert on everything through pg_write_all_data',
        'entries: select on a column of ledger.entries',
      ])
      expect(of(await inventory(), reader)).toEqual([])
    })

    test('whoever owns the resource holds it, and so does everybody where everybody may', async () => {
      const [owner, anybody] = [await bench.freshAccount(), await bench.freshAccount()]
      await bench.run(`GRANT ${bench.owner} TO ${owner}; GRANT INSERT ON ledger.entries TO PUBLIC`)
      const held = await inventory(entries('insert'))
      expect(of(held, owner)).toContain(`entries: owner of ledger.entries through ${bench.owner}`)
      expect(of(held, 'public')).toEqual(['entries: insert on ledger.entries, for everybody'])
      expect(of(held, anybody)).toEqual([])
      await bench.run('REVOKE INSERT ON ledger.entries FROM PUBLIC')
      // A function without a list of its own can be run by everybody.
      await bench.run(`CREATE FUNCTION ledger.open() RETURNS int LANGUAGE sql AS 'SELECT 1'`)
      const open = await inventory({ ...entries('execute'), resources: ['ledger.open()'] })
      expect(of(open, 'public')).toEqual(['entries: execute on ledger.open(), for everybody'])
      await bench.run('DROP FUNCTION ledger.open()')
    })

    test('superusers have everything, whoever can become one too; our own login is left out', async () => {
      const [root, admin] = [`${bench.tag}_root`, await bench.freshAccount()]
      await bench.run(`CREATE ROLE ${root} SUPERUSER; GRANT ${root} TO ${admin}`)
      const held = await inventory(writing())
      expect(of(held, server.user)).toEqual(['everything: superuser'])
      expect(of(held, admin)).toEqual([`everything: superuser as ${root}`])
      expect(of(held, bench.admin)).toEqual([])
      await bench.run(`DROP ROLE ${root}`)
    })

    test('[B13] a role that looks like one of ours, in name and mark, is nobody’s grant', async () => {
      const spec = bench.specFor('membership', await bench.freshAccount())
      await bench.connector.apply(spec)
      const [fake, account] = [`countersign_grt_${bench.tag}_fake`, await bench.freshAccount()]
      await bench.run(`CREATE ROLE ${fake}; GRANT ${bench.writer} TO ${fake}; GRANT ${fake} TO ${account};
        COMMENT ON ROLE ${fake} IS '{"countersign":1,"grant":"${spec.grant}","generation":1}'`)
      const held = (await inventory(writing())).filter(({ account: one }) => [account, spec.account].includes(one))
      expect(held).toEqual(
        [
          { account, entitlement: 'writing', holds: `member of ${bench.writer} through ${fake}` },
          {
            account: spec.account,
            entitlement: 'writing',
            holds: `member of ${bench.writer}`,
            grant: spec.grant,
            until: spec.until,
          },
        ].sort((a, b) => (a.account < b.account ? -1 : 1)),
      )
      await bench.run(`DROP ROLE ${fake}`)
    })

    test('an end that was taken away is never, one that was moved is what it is now', async () => {
      const spec = bench.specFor('membership', await bench.freshAccount())
      await bench.connector.apply(spec)
      const role = `countersign_${spec.grant}`
      const untilNow = async () => (await inventory(writing())).find(({ grant }) => grant === spec.grant)?.until
      expect(await untilNow()).toBe(spec.until)
      await bench.run(`ALTER ROLE ${role} VALID UNTIL '2199-01-01'`)
      expect(await untilNow()).toBe('2199-01-01T00:00:00.000Z')
      await bench.run(`ALTER ROLE ${role} VALID UNTIL 'infinity'`)
      expect(await untilNow()).toBe('never')
      await bench.connector.revoke({ ...spec, generation: 2 })
    })

    test('[B07] what cannot be found here is unread, each with its reason, and the others are read all the same', async () => {
      const nobody = { ...writing(), entitlement: 'nobody', target: { shape: 'membership', role: 'nobody' } }
      const outcome = await bench.connector.inventory([
        { ...entries('select'), entitlement: 'gone', resources: ['ledger.nothing'] },
        { ...nobody, resources: ['nobody'] },
        { ...entries('select'), entitlement: 'odd', target: { shape: 'odd' } },
        writing(),
      ])
      expect(outcome).toMatchObject({
        value: {
          unread: [
            { entitlement: 'odd', reason: expect.stringMatching(/does not fit/) },
            { entitlement: 'nobody', reason: 'role `nobody` does not exist here' },
            { entitlement: 'gone', reason: 'resource `ledger.nothing` does not exist here' },
          ],
        },
      })
    })
  })
}
