/** Decisions that share a transaction: as good as alone for each of them, whatever happens to the others. */
import { describe, expect, test } from 'vitest'
import type { Waiver } from '../../core/waiver.ts'
import type { IdempotencyKey, NewChallenge, Transaction } from '../contract.ts'
import { eventsOf, type Harness, next, noon, writeOf } from './harness.contract.ts'

export function together(the: () => Harness): void {
  describe('decisions that come at the same time', () => {
    const asks = { type: 'QuestionAsked', at: noon, by: 'per_sam', text: 'why?' } as const
    const put = (...people: readonly string[]) =>
      Promise.all(people.map((beneficiary) => the().put('requested', { beneficiary })))
    const decide = <Value>(run: (tx: Transaction) => Promise<Value>) => the().store.transact(run, 'together')
    /** Locks, asks back, and says which version it saw. */
    const asking = ({ id }: Waiver, before: (tx: Transaction) => Promise<unknown> = async () => {}) =>
      decide(async (tx) => {
        const { waiver } = await tx.lockWaiver(id)
        if (waiver === undefined) throw new Error('no waiver')
        await before(tx)
        await tx.write({ waivers: [next(waiver, asks)], revisions: [] })
        return waiver.version
      })
    const versionOf = async ({ id }: Waiver) => (await the().store.waivers.find(id))?.version
    /** How many transactions wrote the last events of these. */
    const commitsOf = async (waivers: readonly Waiver[]) => {
      const { rows } = await the().admin.query<{ count: number }>(
        `select count(distinct e.xmin::text)::int as count from events e join waivers w on w.id = e.stream and w.version = e.version
         where w.id = any($1)`,
        [waivers.map(({ id }) => id)],
      )
      return rows[0]?.count
    }

    test('are one transaction, and each sees and writes its own', async () => {
      const waivers = await put('per_t1', 'per_t2', 'per_t3')
      expect(await Promise.all(waivers.map((waiver) => asking(waiver)))).toEqual([1, 1, 1])
      expect(await Promise.all(waivers.map(versionOf))).toEqual([2, 2, 2])
      expect(await commitsOf(waivers)).toBe(1)
    })

    test('[B12] about one waiver are made one after the other: the second sees what the first did', async () => {
      const [waiver, other] = await put('per_t4', 'per_t5')
      const seen = await Promise.all([asking(waiver as Waiver), asking(waiver as Waiver), asking(other as Waiver)])
      expect(seen.slice(0, 2).sort()).toEqual([1, 2])
      expect(seen[2]).toBe(1)
      expect(await versionOf(waiver as Waiver)).toBe(3)
    })

    test('[B12] do not wait for one whose waiver somebody else has', async () => {
      const [taken, ...free] = await put('per_t6', 'per_t7', 'per_t8')
      let finish = () => {}
      const elsewhere = new Promise<void>((locked) => {
        void the().other.transact(async (tx) => {
          await tx.lockWaiver((taken as Waiver).id)
          locked()
          await new Promise<void>((resolve) => {
            finish = resolve
          })
        })
      })
      await elsewhere
      const late = asking(taken as Waiver)
      await Promise.all(free.map((waiver) => asking(waiver)))
      expect(await versionOf(taken as Waiver)).toBe(1)
      finish()
      expect(await late).toBe(1)
      expect(await commitsOf(free)).toBe(1)
    })

    test('[B12] of the same person are made one after the other', async () => {
      const under: string[] = []
      const ask = (person: string, persons: readonly string[]) =>
        decide(async (tx) => {
          await tx.lockPersons(persons)
          const id = the().freshId()
          await tx.lockWaiver(id)
          const before = (await tx.earlier([person], id, noon)).length
          under.push(person)
          await tx.write({
            waivers: [writeOf(id, eventsOf('requested', { beneficiary: id }), [person])],
            revisions: [],
          })
          return before
        })
      const [a, b, c] = await Promise.all([
        ask('per_t9', ['per_t9', 'per_boss']),
        ask('per_t9', ['per_boss', 'per_t9']),
        ask('per_t10', ['per_t10']),
      ])
      expect([a, b].sort()).toEqual([0, 1])
      expect(c).toBe(0)
    })

    test('[B10] under one idempotency key are made one after the other, and the second hears what the first was told', async () => {
      const waivers = await put('per_t11', 'per_t12')
      const key: IdempotencyKey = { key: 'both', actor: 'per_sam', fingerprint: 'sha256:one' }
      const once = ({ id }: Waiver) =>
        decide(async (tx) => {
          const { waiver, answered } = await tx.lockWaiver(id, key)
          if (answered !== undefined) return answered.answer
          const answer = { said: id }
          await tx.write({ waivers: [next(waiver as Waiver, asks)], revisions: [], answer: { key, answer } })
          return answer
        })
      const [one, two] = await Promise.all(waivers.map(once))
      expect(one).toEqual(two)
      expect((await Promise.all(waivers.map(versionOf))).sort()).toEqual([1, 2])
    })

    test('fail alone: whoever throws before they write leaves no trace and holds nobody up', async () => {
      const [bad, ...good] = await put('per_t13', 'per_t14', 'per_t15')
      const fails = async () => {
        throw new Error('nobody can make sense of it')
      }
      const [failed] = await Promise.allSettled([asking(bad as Waiver, fails), ...good.map((waiver) => asking(waiver))])
      expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'nobody can make sense of it' } })
      expect(await Promise.all([bad as Waiver, ...good].map(versionOf))).toEqual([1, 2, 2])
      expect(await commitsOf(good)).toBe(1)
    })

    test('fail alone: what the database refuses to one is written for the others', async () => {
      const [bad, ...good] = await put('per_t16', 'per_t17', 'per_t18')
      const clashes = decide(async (tx) => {
        await tx.lockWaiver(the().freshId())
        // A version that is there already.
        await tx.write({ waivers: [writeOf((bad as Waiver).id, eventsOf('requested'))], revisions: [] })
      })
      const [failed] = await Promise.allSettled([clashes, ...good.map((waiver) => asking(waiver))])
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'conflict', retryable: true } })
      expect(await Promise.all([bad as Waiver, ...good].map(versionOf))).toEqual([1, 2, 2])
    })

    test('[B10] fail alone: a challenge that was taken by one who then failed is not taken', async () => {
      const [bad, ...good] = await put('per_t19', 'per_t20', 'per_t21')
      const challenge: NewChallenge = { id: 'chl_torn', person: 'per_sam', content: {}, nonce: new Uint8Array(32) }
      await the().store.transact((tx) => tx.openChallenge(challenge, 60))
      const torn = asking(bad as Waiver, async (tx) => {
        expect(await tx.takeChallenge('chl_torn', 'per_sam')).toBe(true)
        throw new Error('half way')
      })
      const [failed] = await Promise.allSettled([torn, ...good.map((waiver) => asking(waiver))])
      expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'half way' } })
      expect(await Promise.all([bad as Waiver, ...good].map(versionOf))).toEqual([1, 2, 2])
      expect((await the().store.passkeys.challenge('chl_torn'))?.usedAt).toBeUndefined()
      expect(await decide((tx) => tx.takeChallenge('chl_torn', 'per_sam'))).toBe(true)
    })

    test('that need more than there is for several are made alone', async () => {
      const [waiver, other] = await put('per_t22', 'per_t23')
      const [version, moment] = await Promise.all([asking(other as Waiver), decide((tx) => tx.moment())])
      expect(version).toBe(1)
      expect(moment.now).toBe(noon)
      expect(await asking(waiver as Waiver)).toBe(1)
    })
  })
}
