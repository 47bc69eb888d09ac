import { randomBytes } from 'node:crypto'
import { escapeIdentifier } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresFor } from '../../../test/support/postgres.ts'
import type { GrantSpec, Observation } from '../access.ts'
import { type Bench, openBench } from './harness.contract.ts'

for (const major of [15, 18] as const) {
  describe(`revoke on PostgreSQL ${major}`, () => {
    let bench: Bench
    beforeAll(async () => {
      const { connection } = await (await postgresFor(major)).createDatabase()
      bench = await openBench(connection, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    const roleOf = ({ grant }: GrantSpec) => escapeIdentifier(`countersign_${grant}`)
    const given = async (more: Partial<GrantSpec> = {}) => {
      const spec = bench.specFor('grant-role', await bench.freshAccount(), more)
      expect(await bench.connector.apply(spec)).toMatchObject({ outcome: 'done' })
      return spec
    }
    const seen = async (spec: GrantSpec): Promise<Observation> => {
      const outcome = await bench.connector.observe(spec)
      if (outcome.outcome !== 'done') throw new Error(outcome.reason)
      return outcome.value
    }
    const revoked = async (spec: GrantSpec) =>
      expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
    const isInRole = async (spec: GrantSpec) =>
      (
        await bench.run(
          'SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles a ON a.oid = m.member WHERE r.rolname = $1 AND a.rolname = $2',
          [`countersign_${spec.grant}`, spec.account],
        )
      ).length > 0

    test('[B19] a transaction that holds the role locked cannot keep the account in it', async () => {
      const spec = await given()
      const client = await bench.connectAs(spec.account)
      await client.query(`CREATE TEMP TABLE mine (x int); BEGIN; GRANT SELECT ON mine TO ${roleOf(spec)}`)
      await revoked(spec)
      expect(await isInRole(spec)).toBe(false)
      const left = await seen(spec)
      expect(left).toMatchObject({ present: false, residue: [{ kind: 'role' }] })
      expect(left.sessions).toHaveLength(1)
      expect(await bench.connector.endSessions(spec)).toEqual({ outcome: 'done', value: { ended: 1 } })
      expect(await seen(spec)).toEqual({ present: false, differs: [], sessions: [], residue: [] })
      expect(await bench.run('SELECT FROM pg_roles WHERE rolname = $1', [`countersign_${spec.grant}`])).toEqual([])
      await client.end()
    })

    test('[B19] a locked table cannot keep the account in the role', async () => {
      const spec = await given()
      const client = await bench.connectAs(spec.account)
      await client.query('BEGIN; LOCK TABLE ledger.entries IN ROW EXCLUSIVE MODE')
      await bench.run('GRANT DELETE ON ledger.entries TO PUBLIC')
      await client.query('ROLLBACK; BEGIN; LOCK TABLE ledger.entries IN ACCESS EXCLUSIVE MODE')
      await revoked(spec)
      expect(await isInRole(spec)).toBe(false)
      await client.end()
      await revoked(spec)
      expect(await seen(spec)).toMatchObject({ present: false, sessions: [], residue: [] })
      await bench.run('REVOKE DELETE ON ledger.entries FROM PUBLIC')
    })

    test('[B19] somebody else who holds the role locked is waited for: named as residue until then', async () => {
      const spec = await given()
      const stranger = await bench.connectAs(await bench.freshAccount())
      await stranger.query(`CREATE TEMP TABLE mine (x int); BEGIN; GRANT SELECT ON mine TO ${roleOf(spec)}`)
      await revoked(spec)
      expect(await bench.connector.endSessions(spec)).toEqual({ outcome: 'done', value: { ended: 0 } })
      expect(await seen(spec)).toMatchObject({ present: false, sessions: [], residue: [{ kind: 'role' }] })
      await stranger.end()
      await expect.poll(() => bench.connector.revoke(spec).then(() => seen(spec))).toMatchObject({ residue: [] })
    })

    test('[revocation/verified] a renamed role is still the role of the grant, and goes', async () => {
      const spec = await given()
      await bench.run(`ALTER ROLE ${roleOf(spec)} RENAME TO ${bench.tag}_innocent`)
      const found = await seen(spec)
      expect(found).toMatchObject({ present: true })
      expect(found.differs).toEqual([expect.stringMatching(/is now called `.*_innocent`/)])
      await revoked(spec)
      expect(await bench.run(`SELECT FROM pg_roles WHERE rolname = '${bench.tag}_innocent'`)).toEqual([])
      expect(await seen(spec)).toMatchObject({ present: false, residue: [] })
    })

    test('[revocation/verified] a role that lost its name and its mark is never called gone', async () => {
      const spec = await given()
      const name = `${bench.tag}_hidden`
      await bench.run(`COMMENT ON ROLE ${roleOf(spec)} IS NULL; ALTER ROLE ${roleOf(spec)} RENAME TO ${name}`)
      expect(await seen(spec)).toMatchObject({ residue: [{ kind: 'role', name }] })
      expect(await bench.connector.revoke(spec)).toMatchObject({
        outcome: 'not-done',
        reason: expect.stringMatching(/rename it to `countersign_.*` again/),
      })
      await bench.run(`ALTER ROLE ${name} RENAME TO ${roleOf(spec)}`)
      await revoked(spec)
      expect(await seen(spec)).toMatchObject({ present: false, residue: [] })
    })

    test('[revocation/verified] a renamed account is still inside, and its sessions are found', async () => {
      const spec = await given()
      const other = `${bench.tag}_renamed`
      const client = await bench.connectAs(spec.account)
      await bench.run(`ALTER ROLE ${spec.account} RENAME TO ${other}`)
      const found = await seen(spec)
      expect(found).toMatchObject({ present: true, sessions: [{ account: other }] })
      expect(found.differs).toContain(`\`${other}\` is in the role of the grant too`)
      await revoked(spec)
      expect(await bench.connector.endSessions(spec)).toEqual({ outcome: 'done', value: { ended: 1 } })
      expect(await seen(spec)).toMatchObject({ present: false, sessions: [] })
      await client.end()
    })

    test('[B19] others in the role are named, their sessions count, and removal takes them out', async () => {
      const spec = await given()
      const friend = await bench.freshAccount()
      await bench.run(`GRANT ${roleOf(spec)} TO ${friend}`)
      const client = await bench.connectAs(friend)
      const found = await seen(spec)
      expect(found.differs).toEqual([`\`${friend}\` is in the role of the grant too`])
      expect(found.sessions).toMatchObject([{ account: friend }])
      await revoked(spec)
      await expect(client.query('SELECT FROM ledger.entries')).rejects.toThrow(/permission denied/)
      await client.end()
    })

    test('[B19] what was changed on the role is named one by one', async () => {
      const spec = await given()
      const role = roleOf(spec)
      await bench.run(`ALTER ROLE ${role} VALID UNTIL 'infinity' LOGIN CREATEDB; GRANT UPDATE ON ledger.entries TO ${role} WITH GRANT OPTION;
        REVOKE SELECT ON ledger.entries FROM ${role} GRANTED BY CURRENT_USER; GRANT ${bench.writer} TO ${role}; GRANT ${role} TO ${spec.account} WITH ADMIN OPTION`)
      const { differs } = await seen(spec)
      for (const part of [
        /expiry is `infinity`/,
        /can log in by itself/,
        /attributes it was not given/,
        /holds update on table ledger.entries/,
        /may pass on update/,
        /is a member of `.*_writer` too/,
        new RegExp(`\`${spec.account}\` may pass the role on`),
      ])
        expect(differs).toContainEqual(expect.stringMatching(part))
      await bench.run(`REVOKE UPDATE ON ledger.entries FROM ${role}`)
      await revoked(spec)
    })

    test('a table that was dropped or swapped while the grant ran does not stop its removal', async () => {
      await bench.run(
        `CREATE TABLE ledger.brief (x int); GRANT SELECT ON ledger.brief TO ${bench.admin} WITH GRANT OPTION`,
      )
      const one = await given({ resources: ['ledger.brief'], actions: ['select'] })
      await bench.run('ALTER TABLE ledger.brief RENAME TO brief_old; CREATE TABLE ledger.brief (x int)')
      const { differs } = await seen(one)
      expect(differs).toContainEqual(expect.stringMatching(/holds select on table ledger.brief_old/))
      expect(differs).toContain('the role does not hold select on `ledger.brief`')
      await bench.run('DROP TABLE ledger.brief, ledger.brief_old')
      expect((await seen(one)).differs).toEqual(['the resource `ledger.brief` does not exist any more'])
      await revoked(one)
      expect(await seen(one)).toMatchObject({ present: false, differs: [], residue: [] })
    })

    test('[revocation/automatic] an account that was dropped, or a policy that no longer fits, does not stop removal', async () => {
      const one = await given()
      await bench.run(`DROP ROLE ${one.account}`)
      await revoked(one)
      expect(await seen(one)).toMatchObject({ present: false, residue: [] })
      const other = { ...(await given()), target: { shape: 'no-such-shape' } }
      expect((await seen(other)).differs).toContainEqual(expect.stringMatching(/can no longer be read/))
      await revoked(other)
      expect(await seen(other)).toMatchObject({ present: false, residue: [] })
    })

    test('[revocation/automatic] without its memory the connector still removes, and says nothing it cannot know', async () => {
      const spec = await given()
      await bench.run('ALTER TABLE countersign.grants RENAME TO elsewhere')
      await revoked(spec)
      expect(await isInRole(spec)).toBe(false)
      expect(await bench.connector.observe(spec)).toMatchObject({ outcome: 'not-done' })
      await bench.run('ALTER TABLE countersign.elsewhere RENAME TO grants')
    })

    test('[fail/closed] a login that cannot see since when sessions are open does not claim there are none', async () => {
      const spec = await given()
      await bench.run(`REVOKE pg_read_all_stats FROM ${bench.admin}`)
      for (const call of [() => bench.connector.observe(spec), () => bench.connector.endSessions(spec)])
        expect(await call()).toMatchObject({ outcome: 'not-done', reason: expect.stringMatching(/pg_read_all_stats/) })
      await bench.run(`GRANT pg_read_all_stats TO ${bench.admin}`)
      await revoked(spec)
    })

    test('[fail/closed] somebody who blocks the work makes it not done, in time, and leaves the connector usable', async () => {
      const connector = bench.connectorAt({ statementTimeoutSeconds: 1 })
      const spec = bench.specFor('grant-role', await bench.freshAccount())
      const blocker = bench.run(`BEGIN; LOCK TABLE countersign.privileges_lock; SELECT pg_sleep(2.5); COMMIT`)
      await expect
        .poll(() => bench.run(`SELECT FROM pg_locks WHERE relation = 'countersign.privileges_lock'::regclass`))
        .toHaveLength(1)
      expect(await connector.apply(spec)).toMatchObject({ outcome: 'not-done', retryable: true })
      await blocker
      expect(await connector.apply(spec)).toMatchObject({ outcome: 'done' })
    })

    test('[B12] many grants that end at the same moment are all removed, each exactly once', async () => {
      const specs = await Promise.all(Array.from({ length: 40 }, () => given()))
      const old = specs[7] as GrantSpec
      await bench.connector.apply({ ...old, generation: 9 })
      const outcomes = await Promise.all(specs.map((spec) => bench.connector.revoke({ ...spec, generation: 2 })))
      expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(39)
      expect(outcomes[7]).toMatchObject({ outcome: 'not-done', retryable: false })
      const found = await Promise.all(specs.map((spec) => seen(spec)))
      expect(found.filter(({ present }) => present)).toHaveLength(1)
      await revoked({ ...old, generation: 10 })
    })
  })
}
