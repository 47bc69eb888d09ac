/**
 * What is really there of a grant? Reads it back from the catalogs, never from what was done before, and says what
 * differs, which sessions may still use it and what outlives it. Anybody in the grant's role counts as present, whoever
 * they are: a renamed account is still inside.
 */
import { done, notDone, type Observation, type Outcome, type Residue } from '../access.ts'
import { isShutOut, type Target } from './connection.ts'
import { differences } from './differs.ts'
import { observeSql, residueElsewhereSql } from './observe-sql.ts'
import { blindReason } from './sessions.ts'
import type { WireSpec } from './wire.ts'

export interface Membership {
  readonly name: string
  readonly admin: boolean
  readonly usable: boolean
  readonly set: boolean
}

/** What `observeSql` answers. */
export interface Seen {
  readonly standby: boolean
  readonly sees: boolean
  readonly modern: boolean
  readonly remembered: readonly { readonly generation: number; readonly removed: boolean }[]
  readonly account: readonly { readonly super: boolean; readonly login: boolean }[]
  /** Roles with the name or the identity of the grant's role that are not it. */
  readonly strangers: readonly { readonly name: string; readonly known: boolean }[]
  readonly role: readonly {
    readonly name: string
    readonly mark: string | null
    readonly until: string | null
    readonly powerful: boolean
    readonly login: boolean
  }[]
  readonly members: readonly (Membership & { readonly maker: boolean })[]
  readonly within: readonly Membership[]
  readonly holds: readonly {
    readonly resource: string | null
    readonly action: string
    readonly grantable: boolean
    readonly implied: boolean
    readonly object: string
  }[]
  /** Resources of the spec that are not there (any more). */
  readonly missing: readonly string[]
  readonly due: readonly { readonly resource: string; readonly action: string }[]
  readonly standing: readonly { readonly holds: string }[]
  readonly sessions: Observation['sessions']
  readonly residue: readonly Residue[]
  readonly elsewhere: readonly { readonly name: string }[]
  readonly scope: Readonly<Record<string, unknown>>
}

/** What the target holds of several grants, at one moment. */
export async function lookAtAll(target: Target, specs: readonly WireSpec[]): Promise<readonly Outcome<Seen>[]> {
  const query = { name: 'countersign_observe', text: observeSql, values: [JSON.stringify(specs)] }
  const answer = await target.ask('reads', query)
  return specs.map((_, index) => (answer.outcome === 'done' ? done(answer.value[index]?.seen as Seen) : answer))
}

export async function observation(target: Target, wire: WireSpec, seen: Seen): Promise<Outcome<Observation>> {
  if (seen.standby) return notDone('this server is a standby and may be behind: connect to the primary', true)
  if (!seen.sees) return notDone(blindReason, false)
  const elsewhere = await residueElsewhere(target, seen)
  if (elsewhere.outcome !== 'done') return elsewhere
  const present = seen.members.some(({ usable }) => usable)
  const differs = differences(seen, wire, present)
  return done({
    present,
    differs,
    sessions: seen.sessions,
    residue: [...residueHere(seen, present), ...elsewhere.value],
  })
}

function residueHere(seen: Seen, present: boolean): readonly Residue[] {
  if (present) return seen.residue.filter(({ kind }) => kind !== 'privilege-of-role')
  const stub = seen.role.map(({ name }) => role(name, 'the role of the grant is still there, with nobody in it'))
  const lost = seen.strangers
    .filter(({ known }) => known)
    .map(({ name }) => role(name, 'has the identity of the role of the grant, under another name and without its mark'))
  return [...stub, ...lost, ...seen.residue]
}

function role(name: string, detail: string): Residue {
  return { kind: 'role', name, detail }
}

/** Looks in every other database where a role the grant lent owns or holds something, and names those it cannot enter. */
async function residueElsewhere(target: Target, seen: Seen): Promise<Outcome<readonly Residue[]>> {
  const found: Residue[] = []
  for (const { name: database } of seen.elsewhere) {
    const query = { text: residueElsewhereSql, values: [JSON.stringify(seen.scope)] }
    const answer = await target.askIn(database, query)
    if (answer.outcome === 'done') {
      for (const row of answer.value) found.push(inDatabase(database, row as unknown as Residue))
    } else if (isShutOut(answer.reason)) {
      found.push({
        kind: 'unread-database',
        name: `database ${database}`,
        detail: `could not be looked at: ${answer.reason}`,
      })
    } else return answer
  }
  return done(found)
}

function inDatabase(database: string, { kind, name, detail }: Residue): Residue {
  return { kind, name: `${name} in database ${database}`, detail }
}
