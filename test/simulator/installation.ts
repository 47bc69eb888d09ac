/**
 * One real database for many simulated worlds: founded once, and put back to that moment before every world begins. The
 * clock of the database is a row that the simulation writes.
 */
import pg from 'pg'
import { assemble } from '../../src/app.ts'
import type { SourceSnapshot } from '../../src/core/directory.ts'
import type { Policy } from '../../src/core/policy.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { Actor } from '../../src/core/waiver.ts'
import { importDirectory } from '../../src/engine/directories.ts'
import { handleFounding, proposeFounding } from '../../src/engine/founding.ts'
import { type Handled, handle, type Machinery } from '../../src/engine/handle.ts'
import { type Knowledge, knowledgeOf } from '../../src/engine/knowledge.ts'
import { silent } from '../../src/engine/logger.ts'
import type { Store } from '../../src/store/contract.ts'
import { openStore } from '../../src/store/store.ts'
import { directoryOf, noon } from '../support/directories.ts'
import { type SignableOrder, type Signers, signersOf, testRelyingParty } from '../support/signing.ts'
import { type RevisionReader, revisionReader } from './invariants/facts.ts'
import { directoryText, firstRules, founders, holdsAtFirst, people, type RuleChoices, rulesOf } from './organisation.ts'

export interface Installation {
  readonly store: Store
  readonly rules: RuleChoices
  /** Does what is ordered; where the rules ask for it, signed with a passkey that was confirmed before the first world began. */
  handle(order: SignableOrder, machinery: Machinery): Promise<Handled>
  /** As a superuser, in the schema of the store. */
  readonly admin: pg.Client
  /** What is named after its content is the same in every world, so it is read and compiled once for all of them. */
  readonly revisions: RevisionReader
  readonly knowledge: Knowledge
  setClock(instant: string): Promise<void>
  /** Back to the moment after the founding, at noon. */
  reset(): Promise<void>
  /** Everything as it is now, to come back to. */
  save(): Promise<Saved>
  restore(saved: Saved): Promise<void>
  close(): Promise<void>
}

/** A schema with a copy of every table. */
export interface Saved {
  readonly schema: string
}

export async function openInstallation(url: string, rules = firstRules): Promise<Installation> {
  const store = await openStore({ url, poolMax: 4 })
  const admin = new pg.Client({ connectionString: url, options: '-c search_path=countersign,public' })
  admin.on('error', () => {})
  await admin.connect()
  await admin.query(`
    create table public.simulated_time (at timestamptz not null);
    insert into public.simulated_time values ('${before}');
    grant select on public.simulated_time to public;
    create or replace function clock() returns timestamptz language sql volatile as 'select at from public.simulated_time'`)
  await found(store, rulesOf(rules), before)
  const signers = rules.passkey ? await enrolled(store) : undefined
  await admin.query('update public.simulated_time set at = $1', [noon])
  await importDirectory(machineryOn(store), [sourceOf(directoryText(holdsAtFirst), noon)])
  await store.watchClock()
  const tables = await tablesOf(admin)
  const founded = await copyTables(admin, tables, 'founded')
  let savesCount = 0
  return {
    store,
    rules,
    handle: (order, machinery) => signers?.handle(order, machinery) ?? handle(machinery, order),
    admin,
    revisions: revisionReader(admin),
    knowledge: knowledgeOf(store),
    async setClock(instant) {
      await admin.query('update public.simulated_time set at = $1', [instant])
    },
    reset: () => putBack(admin, tables, founded),
    save: () => copyTables(admin, tables, `saved_${++savesCount}`),
    restore: (saved) => putBack(admin, tables, saved),
    async close() {
      await store.close()
      await admin.end()
    },
  }
}

interface Table {
  readonly name: string
  /** Those that are kept; what the database computes from them it computes again. */
  readonly columns: string
}

/** The time is one of them. */
async function tablesOf(admin: pg.Client): Promise<readonly Table[]> {
  const { rows } = await admin.query<Table>(
    `select relname as name, string_agg(quote_ident(attname), ', ' order by attnum) as columns
     from pg_class join pg_attribute on attrelid = pg_class.oid
     where relnamespace = 'countersign'::regnamespace and relkind in ('r', 'p') and relname not like 'kysely%'
       and attnum > 0 and not attisdropped and attgenerated = ''
     group by relname`,
  )
  return [...rows, { name: 'simulated_time', columns: 'at' }]
}

async function copyTables(admin: pg.Client, tables: readonly Table[], schema: string): Promise<Saved> {
  const copies = tables.map(({ name, columns }) => `create table ${schema}.${name} as select ${columns} from ${name};`)
  await admin.query(`create schema ${schema}; ${copies.join('\n')}`)
  return { schema }
}

async function putBack(admin: pg.Client, tables: readonly Table[], { schema }: Saved): Promise<void> {
  const copies = tables.map(
    ({ name, columns }) =>
      `delete from ${name}; insert into ${name} (${columns}) overriding system value select ${columns} from ${schema}.${name};`,
  )
  await admin.query(`
    set session_replication_role = replica;
    ${copies.join('\n')}
    set session_replication_role = origin`)
}

/** Passkeys were confirmed before any clock of a world can go back to. */
const before = plusSeconds(noon, -10 * 86_400)

function machineryOn(store: Store): Machinery {
  return assemble({ store, log: silent, sources: [], kinds: [], relyingParty: testRelyingParty }).machinery
}

/** Whoever decides anything, and whoever only tries to. */
async function enrolled(store: Store): Promise<Signers> {
  const signers = signersOf(machineryOn(store), (id) => signedIn(id, before), ['per_wes', ...founders], false)
  const inDirectory = people.filter((id) => id.startsWith('per_') && id !== 'per_nobody')
  for (const person of inDirectory) await signers.enrol(person)
  while ((await store.feed.sequence(1_000)) > 0);
  return signers
}

/** The organisation, its rules, and two of three founders who accept them. */
export async function found(store: Store, rules: Policy, now: string): Promise<void> {
  const { machinery } = assemble({ store, log: silent, sources: [], kinds: [] })
  await importDirectory(machinery, [sourceOf(directoryText(holdsAtFirst), now)])
  const proposed = await proposeFounding(machinery, [...founders], 2, rules)
  if (proposed.outcome === 'refused') throw new Error(proposed.refusal.message)
  for (const founder of ['per_rae', 'per_pia']) {
    const { policy } = proposed.founding
    const accepted = await handleFounding(machinery, { type: 'accept', policy }, signedIn(founder, now))
    if (accepted.outcome === 'refused') throw new Error(accepted.refusal.message)
  }
  while ((await store.feed.sequence(1_000)) > 0);
}

/** A person who has just signed in, or a workload. */
export function signedIn(id: string, now: string): Actor {
  return { id, chain: [], ...(id.startsWith('per_') ? { signedInAt: plusSeconds(now, -10) } : {}) }
}

export function sourceOf(text: string, now: string) {
  return { kind: 'simulated', read: async (): Promise<SourceSnapshot> => snapshotOf(text, now) }
}

function snapshotOf(text: string, now: string): SourceSnapshot {
  const { nodes, relations, shifts, sources } = directoryOf(text)
  const [source] = sources
  if (source === undefined) throw new Error('the directory has no source')
  return { nodes, relations, shifts, source: { ...source, observedAt: plusSeconds(now, -60) } }
}
