/** What is left for whoever looks around: two requests that nobody has decided yet, one of them denied once before. */
import type { Answer, Client } from '../client/index.ts'
import type { Cast, Person } from './cast.ts'

export interface LeftOpen {
  readonly waivers: readonly string[]
  /** Who could decide the first one, whoever is on duty before others. */
  readonly decider: Person
  readonly deciderName: string
}

interface Left {
  readonly cast: Cast
  readonly as: (person: Person) => Promise<Client>
}

const ledger = { system: 'sys_ledger-db', entitlement: 'entries-write' }

export async function leaveOpen({ cast, as }: Left): Promise<LeftOpen> {
  const { opener, owner, workload, watcher } = cast
  const client = await as(opener)
  const controls = [{ control: 'peer-watch', owner: watcher.id, every: 'PT30M' }]
  const correction = await asked(
    client.ask({
      terms: {
        kind: 'access-override',
        beneficiary: opener.id,
        access: {
          ...ledger,
          account: opener.account,
          resources: ['ledger.entries', 'ledger.accounts'],
          actions: ['select', 'insert', 'update'],
        },
        window: { start: now(), end: now(3 * 3_600) },
        reason:
          'Settlement of the night was booked against the wrong account. 214 entries have to be moved before the banks open at six.',
        reference: { kind: 'incident', id: 'INC-2043' },
        controls,
        conditions: {},
      },
    }),
  )
  const replay = await asked(
    (await as(owner)).ask({
      terms: {
        kind: 'access-override',
        beneficiary: workload.id,
        access: { ...ledger, account: workload.account, resources: ['ledger.entries'], actions: ['select'] },
        window: { start: now(), end: now(3_600) },
        reason: 'The next window of the pipeline is at noon, and the figures are due at nine. Read only, one hour.',
        controls,
        conditions: {},
      },
    }),
  )
  const routing = value(await client.eligible(correction))
  const first = routing.eligible[0]?.person ?? ''
  return {
    waivers: [correction, replay],
    decider: { id: first, login: first.slice('per_'.length) },
    deciderName: routing.names[first] ?? first,
  }
}

async function asked(answer: Promise<Answer<{ readonly waiver: { readonly id: string } }>>): Promise<string> {
  return value(await answer).waiver.id
}

function value<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}

function now(plusSeconds = 0): string {
  return new Date(Date.now() + plusSeconds * 1000).toISOString()
}
