/**
 * The tables as TypeScript sees them, and how a connection is made. Everything lives in the schema `countersign` and is
 * used under the role `countersign_app`, which may add events but neither change nor remove them.
 */
import { createHash } from 'node:crypto'
import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type RawBuilder,
  sql,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'

export const schemaName = 'countersign'
export const applicationRole = 'countersign_app'

export interface Database {
  events: EventsTable
  event_bodies: { event: string; salt: Buffer; body: string | null }
  unsequenced: { seq: string }
  feed: { position: string; seq: string }
  waivers: WaiversTable
  waiver_persons: { waiver: string; person: string }
  decisions: { event: string; waiver: string; countersigner: string; at: Date }
  grants: GrantsTable
  revisions: { digest: string; kind: string; content: Buffer }
  heads: { name: string; digest: string | null; at: Date; frozen: boolean }
  answers: { key: string; actor: string; fingerprint: string; answer: unknown; at: Date }
  passkeys: { id: string; person: string; credential: string; sign_count: string; used_at: Date | null }
  challenges: ChallengesTable
  records: { id: string; kind: string; version: number; status: string; state: unknown; due_at: Date | null }
  sessions: SessionsTable
}

interface SessionsTable {
  key: Buffer
  account_on: string
  account_login: string
  person: string
  signed_in_at: Date | null
  began_at: Date
  used_at: Date
  ends_at: Date
}

interface ChallengesTable {
  id: string
  person: string
  content: unknown
  nonce: Buffer
  made_at: Date
  expires_at: Date
  used_at: Date | null
  outcome: unknown
}

interface EventsTable {
  seq: string
  id: string
  stream: string
  version: number
  type: string
  at: Date
  actor: string
  body_hash: string
}

interface WaiversTable {
  id: string
  version: number
  status: string
  kind: string
  open: boolean
  requester: string
  beneficiary: string
  system: string
  entitlement: string
  account: string | null
  reference: string | null
  window_start: Date
  window_end: Date
  due_at: Date | null
  review_due_at: Date | null
  state: unknown
  people: string[]
}

export interface GrantsTable {
  id: string
  waiver: string
  generation: number
  system: string
  wanted: unknown
  settled: boolean
  next_at: Date | null
  attempts: number
  last_error: string | null
  observed: unknown
  observed_at: Date | null
  claimed_until: Date | null
  claimed_generation: number | null
}

export interface ConnectOptions {
  readonly url: string
  readonly poolMax?: number
  /** False only for migrations, which own the schema. */
  readonly asApplication?: boolean
}

/**
 * Statements are few and large, and planning one costs more than running it: each is prepared once a connection, under
 * a name that follows from its text.
 */
class PreparingClient extends pg.Client {
  #isHeld = false

  // biome-ignore lint/suspicious/noExplicitAny: the many overloads of the driver, passed on as they come
  override query(...call: any[]): any {
    const [text, values] = call
    this.#sendTogether()
    if (text === 'begin') return this.#begins(super.query(...(call as [string])))
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
      return super.query(...(call as [string]))
    const prepared = { name: nameOf(text), text, values }
    return super.query(...([prepared, ...call.slice(2)] as unknown as [string]))
  }

  /** Statements that follow a failed beginning would stand by themselves: nothing more is sent on this connection. */
  #begins(answer: unknown): unknown {
    if (answer instanceof Promise) answer.catch(() => this.connection.stream.destroy())
    return answer
  }

  /** What is asked in one turn is sent at its end, all at once: every sending wakes a process on the other side. */
  #sendTogether(): void {
    const { stream } = this.connection
    if (this.#isHeld) return
    this.#isHeld = true
    stream.cork()
    process.nextTick(() => {
      this.#isHeld = false
      stream.uncork()
    })
  }
}

/**
 * Begins without waiting for the answer: what is asked next arrives after it anyway. Whoever commits knows that it was
 * begun.
 */
class PromptDriver extends PostgresDriver {
  readonly #begun = new WeakMap<DatabaseConnection, Promise<void>>()

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const begun = super.beginTransaction(connection, settings)
    begun.catch(() => {})
    this.#begun.set(connection, begun)
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#begun.get(connection)
    await super.commitTransaction(connection)
  }
}

class PromptDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig

  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): Driver {
    return new PromptDriver(this.#config)
  }
}

const names = new Map<string, string>()
/** Statements are made by code, not by callers, so there are only so many; a bound all the same. */
const namesMax = 2_000

function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= namesMax) names.clear()
  const name = createHash('sha256').update(text).digest('hex').slice(0, 40)
  names.set(text, name)
  return name
}

export function connect({ url, poolMax = 16, asApplication = true }: ConnectOptions): Kysely<Database> {
  const role = asApplication ? ` -c role=${applicationRole}` : ''
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: url,
    max: poolMax,
    pipeline: true,
    application_name: 'countersign',
    options: `-c search_path=${schemaName},public -c idle_in_transaction_session_timeout=60000${role}`,
    connectionTimeoutMillis: 10_000,
  })
  // A client without a listener takes the whole process down when its connection is lost, checked out or not.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Database>({ dialect: new PromptDialect({ pool }) })
}

/** The one clock that rules are judged by. Tests replace the SQL function, nothing else. */
export const clock: RawBuilder<Date> = sql<Date>`clock()`

/** An instant as text, in the fixed form of `core/time.ts`. */
export function instantText(expression: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`to_char(${expression} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
