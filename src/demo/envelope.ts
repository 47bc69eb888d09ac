/** An envelope for the worst night, countersigned in advance by somebody who can never be the one to open it. */
import type { Answer, Client } from '../client/index.ts'
import type { Cast, Person } from './cast.ts'

interface Left {
  readonly cast: Cast
  readonly as: (person: Person) => Promise<Client>
}

const validSeconds = 7 * 86_400

/** @param openFor ISO 8601 duration */
export async function sealEnvelope(
  { cast, as }: Left,
  openFor: string,
): Promise<{ readonly waiver: string; readonly signer: Person }> {
  const client = await as(cast.sealer)
  const { waiver } = value(
    await client.ask({
      terms: {
        kind: 'break-glass',
        beneficiary: cast.rota,
        access: {
          system: 'sys_ledger-db',
          entitlement: 'settlement-emergency',
          resources: ['settlement_emergency'],
          actions: ['member'],
        },
        window: { start: now(), end: now(validSeconds) },
        openFor,
        reason: 'settlement stands still and nobody else is awake',
        controls: [{ control: 'peer-watch', owner: cast.watcher.id, every: 'PT30M' }],
        conditions: {},
      },
    }),
  )
  const [first] = value(await client.eligible(waiver.id)).eligible
  if (first === undefined) throw new Error('nobody is independent')
  const signer = { id: first.person, login: first.person.slice('per_'.length) }
  const signed = (await as(signer)).countersign(waiver.id, { digest: waiver.digest, acknowledges: [] })
  value(await signed)
  return { waiver: waiver.id, signer }
}

function value<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}

function now(plusSeconds = 0): string {
  return new Date(Date.now() + plusSeconds * 1000).toISOString()
}
