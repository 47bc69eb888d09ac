/** What is remembered and found again: answers, revisions by their content, who decided for whom, and earlier waivers. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { grantId } from '../../core/plan.ts'
import { plusSeconds } from '../../core/time.ts'
import { systemActor } from '../../core/waiver.ts'
import { canonicalJson, digestOfText } from '../../lib/digest.ts'
import { StoreFault } from '../fault.ts'
import { eventsOf, type Harness, next, noon, writeOf } from './harness.contract.ts'

export function memory(the: () => Harness): void {
  describe('idempotency keys', () => {
    const key = (parts: object = {}) => ({ key: 'k', actor: 'per_asker', fingerprint: 'sha256:one', ...parts })
    const answer = (parts: object = {}, said: unknown = { said: 'yes' }) =>
      the().store.transact((tx) => tx.write({ waivers: [], revisions: [], answer: { key: key(parts), answer: said } }))
    const asked = (parts: object = {}) => the().store.transact((tx) => tx.lockWaiver('wvr_none', key(parts)))

    test('[B10] the same key finds what was answered, and only for whom it was answered', async () => {
      await answer({ key: 'mine' })
      expect((await asked({ key: 'mine', fingerprint: 'sha256:other' })).answered).toEqual({
        fingerprint: 'sha256:one',
        answer: { said: 'yes' },
      })
      expect((await asked({ key: 'mine', actor: 'per_mate' })).answered).toBeUndefined()
      expect((await asked({ key: 'another' })).answered).toBeUndefined()
    })

    test('[B10] a key is answered once: whoever comes second hears so, and nothing of theirs is written', async () => {
      await answer({ key: 'once' })
      const write = writeOf(the().freshId(), eventsOf('requested', { beneficiary: 'per_twice' }))
      const second = the().store.transact((tx) =>
        tx.write({ waivers: [write], revisions: [], answer: { key: key({ key: 'once' }), answer: { said: 'no' } } }),
      )
      await expect(second).rejects.toMatchObject({ code: 'answered-before', retryable: true })
      expect(await the().store.waivers.find(write.id)).toBeUndefined()
      expect((await asked({ key: 'once' })).answered?.answer).toEqual({ said: 'yes' })
    })
  })

  test('texts with every control character, quote and backslash are read back as they were, several in one commit', async () => {
    const reason = `${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code || 1)).join('')}"\\'{},\u2028🙂`
    const writes = ['per_one', 'per_two'].map((beneficiary) =>
      writeOf(the().freshId(), eventsOf('active', { beneficiary, reason })),
    )
    await the().write(...writes)
    for (const { id, after, events } of writes) {
      expect(await the().store.waivers.find(id)).toEqual(JSON.parse(JSON.stringify(after)))
      const read = await the().store.waivers.events(id)
      expect(read.map(({ body }) => canonicalJson(body))).toEqual(events.map(canonicalJson))
      expect(read.filter(({ altered }) => altered)).toEqual([])
    }
    const grant = await the().store.grants.find(grantId(writes[1]?.id ?? ''))
    expect(grant?.waiver).toBe(writes[1]?.id)
  })

  describe('revisions', () => {
    const put = (content: string) =>
      the().store.transact((tx) =>
        tx.write({ waivers: [], revisions: [{ digest: digestOfText(content), kind: 'circumstances', content }] }),
      )
    const big = canonicalJson({ names: Array.from({ length: 3_000 }, (_, n) => `per_${n}`), sign: 'ß🙂' })

    test.each([
      ['small', canonicalJson({ a: 1, sign: 'ß🙂' })],
      ['big', big],
    ])('a %s one is read back as it was', async (_, content) => {
      await put(content)
      await put(content)
      expect(canonicalJson(await the().store.revisions.circumstances(digestOfText(content)))).toBe(content)
      const { rows } = await the().admin.query('select 1 from revisions where digest = $1', [digestOfText(content)])
      expect(rows).toHaveLength(1)
    })

    test('one that is not there is undefined', async () => {
      expect(await the().store.revisions.policy('sha256:none')).toBeUndefined()
    })

    test('[B20] [terms/digest] one whose content was changed is an error, never what was asked for', async () => {
      const content = canonicalJson({ pools: ['security'] })
      const digest = digestOfText(content)
      await put(content)
      const { admin, store } = the()
      const forged = Buffer.concat([Buffer.of(1), gzipSync(canonicalJson({ pools: ['everybody'] }))])
      await admin.query('alter table revisions disable trigger all')
      await admin.query('update revisions set content = $2 where digest = $1', [digest, forged])
      await admin.query('alter table revisions enable trigger all')
      const read = await store.revisions.circumstances(digest).catch((error: unknown) => error)
      expect(read).toBeInstanceOf(StoreFault)
      expect((read as StoreFault).message).toMatch(/does not have the content it is named after/)
    })
  })

  describe('who decided for whom', () => {
    /** `signer` countersigned what `asker` asked for, at this time. */
    const decided = async (signer: string, asker: string, at = noon) => {
      const events = eventsOf('countersigned', { beneficiary: `${asker} for ${signer} ${at}` })
      const signed = events.map((event) =>
        event.type === 'WaiverCountersigned' ? { ...event, by: signer, at } : event,
      )
      await the().write(writeOf(the().freshId(), signed, [asker]))
    }
    const found = async (askers: readonly string[], ringMax: number, since = plusSeconds(noon, -86_400)) => {
      const decisions = await the().store.transact((tx) => tx.decisions(askers, since, ringMax))
      return decisions.map(({ countersigner, askedBy }) => `${countersigner} for ${askedBy.join(' ')}`).sort()
    }

    test('[B21] [independence/relation-not-title] rings of two, three and four are found as far as the policy looks', async () => {
      await decided('per_r1', 'per_r2')
      await decided('per_r2', 'per_r3')
      await decided('per_r3', 'per_r4')
      await decided('per_r4', 'per_r1')
      await decided('per_r9', 'per_r8')
      expect(await found(['per_r1'], 2)).toEqual(['per_r1 for per_r2'])
      expect(await found(['per_r1'], 3)).toEqual(['per_r1 for per_r2', 'per_r2 for per_r3'])
      expect(await found(['per_r1'], 4)).toEqual(['per_r1 for per_r2', 'per_r2 for per_r3', 'per_r3 for per_r4'])
      expect(await found([], 4)).toEqual([])
    })

    test('[B21] decisions of long ago no longer count, and every decision counts on its own', async () => {
      await decided('per_s1', 'per_s2', plusSeconds(noon, -2 * 86_400))
      await decided('per_s1', 'per_s2', plusSeconds(noon, -60))
      await decided('per_s1', 'per_s2', plusSeconds(noon, -30))
      expect(await found(['per_s1'], 2)).toHaveLength(2)
      expect(await found(['per_s1'], 2, plusSeconds(noon, -30 * 86_400))).toHaveLength(3)
      const counts = await the().store.waivers.decisionsCount(plusSeconds(noon, -86_400))
      expect(counts.get('per_s1')).toBe(2)
    })

    test('a ring that is closed is walked once, not for ever', async () => {
      await decided('per_c1', 'per_c2')
      await decided('per_c2', 'per_c1')
      expect(await found(['per_c1'], 4)).toEqual(['per_c1 for per_c2', 'per_c2 for per_c1'])
    })
  })

  describe('earlier waivers', () => {
    const earlier = (persons: readonly string[], except = 'wvr_none', since = noon) =>
      the().store.transact(async (tx) => (await tx.earlier(persons, except, since)).map(({ id }) => id))
    const window = (start: number, end: number) => ({
      window: { start: plusSeconds(noon, start), end: plusSeconds(noon, end) },
    })

    test('[B18] [extension/new-approval] of the same persons: open ones, and those that ended lately; newest first', async () => {
      const put = (stage: 'requested' | 'removed', parts: object, askers = ['per_early']) =>
        the().put(stage, { beneficiary: the().freshId(), ...parts }, askers)
      const open = await put('requested', window(0, 3_600))
      const ended = await put('removed', window(0, 7_200))
      const old = await put('removed', window(-9_000, -7_200))
      const longOpen = await put('requested', window(-9_000, -7_200))
      await put('requested', window(0, 3_600), ['per_else'])
      expect(await earlier(['per_early'], longOpen.id)).toEqual([ended.id, open.id])
      expect(await earlier(['per_early'])).toEqual([longOpen.id, ended.id, open.id])
      expect(await earlier(['per_early'], 'wvr_none', plusSeconds(noon, -8_000))).toContain(old.id)
      expect(await earlier([])).toEqual([])
    })

    test('[B18] [break-glass/activator-is-not-approver] of a rota: its envelopes, whoever asked for them', async () => {
      const { store } = the()
      const rota = `rota_${the().freshId()}`
      const sealed = await the().put('sealed envelope', { beneficiary: rota }, ['per_e1'])
      await the().put('sealed envelope', { beneficiary: `${rota}2` }, ['per_e2'])
      const find = (persons: string[], of?: string) =>
        store.transact(async (tx) => (await tx.earlier(persons, 'wvr_none', noon, of)).map(({ id }) => id))
      expect(await find([], rota)).toEqual([sealed.id])
      expect(await find(['per_e1'], rota)).toEqual([sealed.id])
      expect(await find(['per_opener'])).toEqual([])
      const opened = next(sealed, ...eventsOf('opened envelope').slice(2))
      await the().write({ ...opened, askedBy: ['per_e1', 'per_opener'] })
      expect(await find(['per_opener'])).toEqual([sealed.id])
    })
  })

  describe('open reviews', () => {
    test('[review/after] those that are due first come first, in pages, and none that is closed', async () => {
      const { store } = the()
      const waiting = eventsOf('removed').slice(0, -2)
      const put = async (dueIn: number, closed = false) => {
        const review = { type: 'ReviewOpened', at: noon, by: systemActor, dueAt: plusSeconds(noon, dueIn) } as const
        const closing = eventsOf('reviewed').slice(-1)
        const write = writeOf(the().freshId(), [...waiting, review, ...(closed ? closing : [])])
        await the().write(write)
        return write.id
      }
      const far = 40 * 86_400
      const [late, soon, same, closed] = [
        await put(far + 9),
        await put(far + 1),
        await put(far + 1),
        await put(far, true),
      ]
      const after = { dueAt: plusSeconds(noon, far - 1), id: '' }
      const page = async (limit: number, from: { dueAt: string; id: string }) =>
        (await store.waivers.openReviews({ after: from, limit })).map(({ id }) => id)
      expect(await page(10, after)).toEqual([soon, same, late])
      expect(await page(2, after)).toEqual([soon, same])
      expect(await page(2, { dueAt: plusSeconds(noon, far + 1), id: soon })).toEqual([same, late])
      expect((await store.waivers.openReviews({ limit: 1_000 })).map(({ id }) => id)).not.toContain(closed)
    })
  })

  describe('what an inbox is made of', () => {
    test('what waits for pools or owners, the one that can wait least first, and how many more; what somebody asked for', async () => {
      const { store } = the()
      const waits = async (pools: readonly string[], minutes: number, system = 'sys_inbox', person = 'per_inbox') => {
        const access = { system, entitlement: 'write', account: `${pools}${minutes}`, resources: ['r'], actions: ['a'] }
        const terms = { beneficiary: person, access }
        const events = eventsOf('requested', terms).map((event) =>
          event.type === 'WaiverRequested'
            ? {
                ...event,
                decideBy: plusSeconds(noon, minutes * 60),
                obligations: { ...event.obligations, pools, endorsePools: ['target-owners'] },
              }
            : event,
        )
        const write = writeOf(the().freshId(), events)
        await the().write(write)
        return write.id
      }
      const late = await waits(['pool_inbox'], 9)
      const soon = await waits(['pool_inbox', 'pool_other'], 3)
      const alike = await waits(['pool_inbox'], 3)
      const owners = await waits(['pool_else'], 5, 'sys_inbox_owned', 'wl_inbox')
      const ids = async (deciders: readonly string[], owned: readonly string[], limit: number, from: object = {}) => {
        const { waivers, total } = await store.waivers.waiting({ deciders, owned, limit, ...from })
        return { ids: waivers.map(({ id }) => id), total }
      }
      expect(await ids(['pool_inbox'], [], 9)).toEqual({ ids: [soon, alike, late], total: 3 })
      expect(await ids(['pool_inbox'], ['sys_inbox_owned'], 3)).toEqual({ ids: [soon, alike, owners], total: 4 })
      const after = { decideBy: plusSeconds(noon, 180), id: soon }
      expect(await ids(['pool_inbox'], [], 1, { after })).toEqual({ ids: [alike], total: 2 })
      expect(await ids([], [], 9)).toEqual({ ids: [], total: 0 })
      const asked = async (person: string, beneficiaries: readonly string[], limit: number) => {
        const { waivers, total } = await store.waivers.asked({ person, beneficiaries, limit })
        return { ids: waivers.map(({ id }) => id), total }
      }
      expect(await asked('per_inbox', [], 2)).toEqual({ ids: [alike, soon], total: 3 })
      expect(await asked('per_nobody', ['wl_inbox'], 9)).toEqual({ ids: [owners], total: 1 })
      expect(await asked('per_nobody', [], 9)).toEqual({ ids: [], total: 0 })
    })
  })

  describe('finding waivers', () => {
    test('by what they are, newest first, in pages', async () => {
      const { store } = the()
      const parts = (name: string) => ({
        beneficiary: name,
        access: { system: 'sys_find', entitlement: 'write', account: name, resources: ['r'], actions: ['a'] },
      })
      const one = await the().put('requested', { ...parts('per_f1'), reference: { kind: 'incident', id: 'INC-7' } })
      const two = await the().put('active', parts('per_f2'))
      const three = await the().put('removed', { ...parts('per_f3'), reference: { kind: 'incident', id: 'INC-7' } })
      const ids = async (filter: object) =>
        (await store.waivers.list({ system: 'sys_find', limit: 10, ...filter })).map(({ id }) => id)
      expect(await ids({})).toEqual([three.id, two.id, one.id])
      expect(await ids({ limit: 2 })).toEqual([three.id, two.id])
      expect(await ids({ after: two.id })).toEqual([one.id])
      expect(await ids({ status: ['active', 'requested'] })).toEqual([two.id, one.id])
      expect(await ids({ open: false })).toEqual([three.id])
      expect(await ids({ beneficiary: 'per_f2' })).toEqual([two.id])
      expect(await ids({ requester: 'per_asker', kind: 'access-override' })).toHaveLength(3)
      expect(await ids({ kind: 'break-glass' })).toEqual([])
      expect(await store.waivers.withReference('INC-7')).toEqual([one.id])
      expect(await store.waivers.find('wvr_nowhere')).toBeUndefined()
      expect(await store.waivers.find(one.id)).toEqual(one)
    })
  })
}
