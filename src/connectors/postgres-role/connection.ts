/**
 * What is known after a statement was sent? Every call borrows one connection, sends one message and comes back with an
 * outcome: `done`, `not-done` when the server said it rolled back, `unknown` when nobody can say. It never throws for
 * what the target does, never waits past its limits, and never reuses a connection it gave up on.
 */
import {
  type ClientBase,
  DatabaseError,
  escapeLiteral,
  Pool,
  type PoolClient,
  type PoolConfig,
  type QueryConfig,
} from 'pg'
import { done, notDone, type Outcome, unknown } from '../access.ts'
import type { Settings } from './settings.ts'

/** `reads`: a failure surely changed nothing. `writes`: a lost answer leaves the effect open. */
export type Effect = 'reads' | 'writes'

export type Row = Record<string, unknown>

/** Given on top of the server's own time-out, so that its answer wins whenever there is one. */
const answerGraceMillis = 1_000

export interface Target {
  /** The rows of the last statement in the message. */
  ask(effect: Effect, query: string | QueryConfig): Promise<Outcome<readonly Row[]>>
  /** Another database of the same cluster, with the same login; for one question. */
  askIn(database: string, query: string | QueryConfig): Promise<Outcome<readonly Row[]>>
  readonly statementTimeoutMillis: number
  close(): Promise<void>
}

/** A message that runs a fixed block with the spec as data, in one transaction of its own, and returns what it left. */
export function blockWith(block: string): (spec: unknown) => string {
  const quoted = escapeLiteral(block)
  return (spec) =>
    `SELECT set_config('countersign.spec', ${escapeLiteral(asciiJson(spec))}, true); DO ${quoted};
     SELECT current_setting('countersign.result', true) AS result`
}

/**
 * A question that reads whole catalogs: here the server may join as it likes, while everywhere else it is kept to
 * indexes. `$1` in it stands for the given value, as JSON.
 */
export function wholeCatalogs(sql: string, value: unknown = null): string {
  const literal = escapeLiteral(asciiJson(value))
  const settings = ['seqscan', 'hashjoin', 'mergejoin', 'hashagg'].map(
    (way) => `set_config('enable_${way}', 'on', true)`,
  )
  return `SELECT ${settings.join(', ')}; ${sql.replaceAll('$1', () => literal)}`
}

/** In any encoding of the database the block itself arrives, and can refuse names that would not. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function openTarget(settings: Settings): Target {
  const statementTimeoutMillis = settings.statementTimeoutSeconds * 1_000
  const config = poolConfig(settings, statementTimeoutMillis)
  const pool = openPool(config)
  const waitMillis = statementTimeoutMillis + answerGraceMillis
  return {
    ask: (effect, query) => askOn(pool, effect, query, waitMillis),
    askIn: (database, query) => askOnce(config, database, query, waitMillis),
    statementTimeoutMillis,
    close: () => (pool.ended || pool.ending ? Promise.resolve() : pool.end()),
  }
}

/** After this long a call that sends one message has answered. */
export function callMillisMax(settings: Settings): number {
  return settings.connectTimeoutSeconds * 1_000 + settings.statementTimeoutSeconds * 1_000 + answerGraceMillis
}

function poolConfig(settings: Settings, statementTimeoutMillis: number): PoolConfig {
  const connectMillis = settings.connectTimeoutSeconds * 1_000
  return {
    ...settings.connection,
    max: settings.connectionsMax,
    connectionTimeoutMillis: connectMillis,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: 'countersign',
    statement_timeout: statementTimeoutMillis,
    onConnect: (client) => settle(client, connectMillis),
  }
}

// What a role's or a database's own settings could have turned around. `synchronous_commit` because "removed" must
// survive a crash of the target; `client_min_messages` because names in notices are nobody's business.
const sessionSettings = `
  SET search_path = pg_catalog, pg_temp; SET default_transaction_isolation = 'read committed';
  SET default_transaction_read_only = off; SET default_transaction_deferrable = off; SET synchronous_commit = on;
  SET client_min_messages = error; SET standard_conforming_strings = on; SET quote_all_identifiers = off;
  SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET client_encoding = 'UTF8';
  SET plan_cache_mode = force_generic_plan; SET role = none; SET jit = off;
  SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
  SET enable_hashagg = off; SET check_function_bodies = off`

function settle(client: ClientBase, query_timeout: number): Promise<unknown> {
  const query: QueryConfig & { query_timeout: number } = { text: sessionSettings, query_timeout }
  return client.query(query)
}

function openPool(config: PoolConfig): Pool {
  const pool = new Pool(config)
  // A connection that dies while idle is dropped by the pool; one that dies while borrowed rejects its query. Without
  // listeners either would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

async function askOn(
  pool: Pool,
  effect: Effect,
  query: string | QueryConfig,
  waitMillis: number,
): Promise<Outcome<readonly Row[]>> {
  let client: PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    return notDone(`no connection to the target: ${textOf(error)}`, true)
  }
  const answer = await answerWithin(client, query, waitMillis)
  client.release('lost' in answer)
  return outcomeOf(answer, effect)
}

async function askOnce(
  config: PoolConfig,
  database: string,
  query: string | QueryConfig,
  waitMillis: number,
): Promise<Outcome<readonly Row[]>> {
  const pool = openPool({ ...inDatabase(config, database), max: 1 })
  try {
    return await askOn(pool, 'reads', query, waitMillis)
  } finally {
    await pool.end()
  }
}

function inDatabase(config: PoolConfig, database: string): PoolConfig {
  if (config.connectionString === undefined) return { ...config, database }
  const url = new URL(config.connectionString)
  url.pathname = `/${encodeURIComponent(database)}`
  return { ...config, connectionString: url.href }
}

type Answer = { readonly rows: readonly Row[] } | { readonly failed: DatabaseError } | { readonly lost: string }

async function answerWithin(client: PoolClient, query: string | QueryConfig, waitMillis: number): Promise<Answer> {
  const { promise: late, resolve } = Promise.withResolvers<Answer>()
  const timer = setTimeout(() => resolve({ lost: `no answer within ${waitMillis} ms` }), waitMillis)
  try {
    return await Promise.race([late, answerTo(client, query)])
  } finally {
    clearTimeout(timer)
  }
}

async function answerTo(client: PoolClient, query: string | QueryConfig): Promise<Answer> {
  try {
    const result: unknown = await client.query(query)
    return { rows: lastRows(result) }
  } catch (error) {
    if (error instanceof DatabaseError && isAnswer(error)) return { failed: error }
    return { lost: textOf(error) }
  }
}

function lastRows(result: unknown): readonly Row[] {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result
  return (last as { rows: readonly Row[] }).rows
}

/**
 * Whether the server itself says that this message was rolled back. Not: a connection it is closing (57P), a failed
 * one (08), an internal or input/output error (XX, 58), a completion it does not know itself (40003).
 */
function isAnswer({ code = '' }: DatabaseError): boolean {
  return code !== '40003' && !/^(57P|08|XX|58)/.test(code)
}

/** Raised by our own blocks: never worth repeating, and worth repeating. */
export const refusedCode = 'CS001'
export const laterCode = 'CS002'

/** What a repetition may cure: serialisation, locks, resources, cancelled by time-out, a standby, our own "later". */
const retryable = new RegExp(`^(40|53|55|57|25006|${laterCode})`)

function outcomeOf(answer: Answer, effect: Effect): Outcome<readonly Row[]> {
  if ('rows' in answer) return done(answer.rows)
  if ('lost' in answer) {
    const reason = `the connection to the target was lost: ${answer.lost}`
    return effect === 'reads' ? notDone(reason, true) : unknown(reason)
  }
  return refusal(answer.failed.code ?? '', answer.failed.message)
}

/** What an error of the server, of which it is certain that it undid the work, means to whoever asked. */
export function refusal(code: string, message: string): Outcome<never> {
  return notDone(reasonOf(code, message), retryable.test(code))
}

const missing = /^(42P01|3F000)$/

function reasonOf(code: string, message: string): string {
  if (code === refusedCode || code === laterCode) return message
  if (missing.test(code)) return `${message}: has the setup been run on this database? see the connector's README`
  return `${message} (${code})`
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return error.message === '' ? code : `${error.message}${code === '' ? '' : ` (${code})`}`
}

/** The server says that the login may not enter: that stays so, while a failure passes. */
export function isShutOut(reason: string): boolean {
  return /\((42501|28000)\)$/.test(reason)
}
