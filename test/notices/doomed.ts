// A process that tells people until it dies: killed by itself at the place it is told, or by whoever started it.
// argv[2] is JSON: where the database and the receiver are, and when to die.
import pg from 'pg'
import { openStore } from '../../src/store/store.ts'
import { endpointTo, nodeOn } from './node.ts'

export interface Doom {
  readonly url: string
  readonly receiver: string
  readonly dies: /** Before the n-th statement of the transaction that reads, moves on and queues, counted from 0. */
    | { readonly before: number }
    /** When the commit is on its way, and nobody knows. */
    | { readonly when: 'committing' }
    /** When the receiver has the notice, and the queue does not know. */
    | { readonly when: 'delivered' }
    | { readonly when: 'told' }
}

const { url, receiver, dies } = JSON.parse(process.argv[2] ?? '{}') as Doom
const die = () => process.kill(process.pid, 'SIGKILL')

let sending = false
let delivered = false
const statements = new WeakMap<object, number>()
const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
pg.Client.prototype.query = function watched(this: pg.Client, ...args: unknown[]) {
  const [text] = args
  if (text === 'BEGIN') statements.set(this, 0)
  const count = statements.get(this)
  if (count !== undefined) {
    statements.set(this, count + 1)
    if ('before' in dies && dies.before === count) die()
  }
  if (delivered) die()
  sending = text === 'COMMIT' && 'when' in dies && dies.when === 'committing'
  const result = query.apply(this, args)
  if (text === 'COMMIT') statements.delete(this)
  if (sending) die()
  return result
} as typeof pg.Client.prototype.query

const store = await openStore({ url, poolMax: 3 })
const endpoint = endpointTo('siem', receiver)
const send = endpoint.connector.send
const watched = {
  ...endpoint,
  connector: {
    async send(notice: Parameters<typeof send>[0]) {
      const outcome = await send(notice)
      delivered = 'when' in dies && dies.when === 'delivered'
      return outcome
    },
  },
}
// That it died with a job in its hands is found out soon.
const node = nodeOn({ url, store }, [watched], { attemptSecondsMax: 1 })
await node.tell()
if (!('when' in dies && dies.when === 'delivered')) process.exit(0)
