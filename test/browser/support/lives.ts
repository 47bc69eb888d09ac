/** Two lives that really happen on the sample, without a browser: one is given, used and ended, one is denied. */
import type { Answer, Client } from '../../../src/client/index.ts'
import type { Cast, Person } from '../../../src/demo/cast.ts'

interface Sample {
  readonly cast: Cast
  as(person: Person): Promise<Client>
}

const resource = { system: 'sys_ledger-db', entitlement: 'entries-write', resources: ['ledger.entries'] }

export async function closeOne({ cast, as }: Sample): Promise<{ readonly given: string; readonly denied: string }> {
  const asker = await as(cast.asker)
  const given = await ask(asker, cast, 'postings of the night have to be corrected')
  const mate = await (await as(cast.mate)).countersign(given.id, { digest: given.digest, acknowledges: [] })
  if (mate.ok) throw new Error('a team mate must not be able to approve this')
  yes(
    await (await as(await outside(asker, given.id))).countersign(given.id, { digest: given.digest, acknowledges: [] }),
  )
  yes(await asker.activate(given.id))
  yes(await asker.revoke(given.id, { reason: 'done' }))
  await until(async () => yes(await asker.waiver(given.id)).waiver.removal.state === 'verified')
  const denied = await ask(asker, cast, 'once more, without a ticket')
  const decider = await as(await outside(asker, denied.id))
  yes(await decider.deny(denied.id, { digest: denied.digest, reason: 'ask again with the ticket' }))
  return { given: given.id, denied: denied.id }
}

async function ask(client: Client, { asker, watcher }: Cast, reason: string) {
  const { waiver } = yes(
    await client.ask({
      terms: {
        kind: 'access-override',
        beneficiary: asker.id,
        access: { ...resource, account: asker.account, actions: ['select', 'update'] },
        window: { start: after(0), end: after(3_600) },
        reason,
        controls: [{ control: 'peer-watch', owner: watcher.id, every: 'PT30M' }],
        conditions: {},
      },
    }),
  )
  return waiver
}

async function outside(client: Client, id: string): Promise<Person> {
  const [first] = yes(await client.eligible(id)).eligible
  if (first === undefined) throw new Error('nobody is independent')
  return { id: first.person, login: first.person.slice('per_'.length) }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('it did not come to that within a minute')
}

/** What came of it; a no is a failed test. */
export function yes<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}

function after(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}
