/**
 * What does the server get to see of a spec? One JSON value, sent as data and taken apart there with `format('%I')`, so
 * that no name from terms ever becomes part of a statement on our side.
 */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { GrantSpec } from '../access.ts'
import { fitName, roleNameOf, UnfitSpec } from './name.ts'
import { type Asked, readTarget } from './target.ts'

export interface WireSpec extends Asked {
  readonly grant: string
  readonly generation: number
  readonly account: string
  readonly until: string
  /** Name of the grant's role. */
  readonly role: string
  /** The comment on that role: whose it is, which generation, until when, and a digest of what was asked. */
  readonly mark: string
  /** The part of the mark that tells whose role it is, whatever the generation. */
  readonly markPrefix: string
  /** Why the entitlement's target cannot be read any more; null where it can. */
  readonly unreadable: string | null
}

/** @throws {UnfitSpec} when the spec asks for what this target cannot hold or give exactly. */
export function wireSpec(spec: GrantSpec): WireSpec {
  return withAsked(spec, readTarget(spec), null)
}

/** Removal and looking must go on when policy no longer describes what was given: then only the grant itself counts. */
export function removalSpec(spec: GrantSpec): WireSpec {
  try {
    return wireSpec(spec)
  } catch (error) {
    if (!(error instanceof UnfitSpec)) throw error
    return withAsked(spec, nothingAsked, error.message)
  }
}

const nothingAsked: Asked = { member: null, setRole: false, ceiling: null, resources: [], actions: [] }

function withAsked(spec: GrantSpec, asked: Asked, unreadable: string | null): WireSpec {
  const { grant, generation, until } = spec
  const account = fitName(spec.account, 'account')
  const markPrefix = `{"countersign":1,"grant":${JSON.stringify(grant)},`
  const mark = `${markPrefix}"generation":${generation},"until":${JSON.stringify(until)},"asked":"${digestOf(spec)}"}`
  return { ...asked, grant, generation, account, until, role: roleNameOf(grant), mark, markPrefix, unreadable }
}

function digestOf({ account, target, resources, actions }: GrantSpec): string {
  const bytes = canonicalize({ account, target, resources, actions }) ?? ''
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** @returns the generation a mark speaks of, or `undefined` for a comment that is no mark. */
export function generationIn(mark: string): number | undefined {
  const match = /^\{"countersign":1,.*"generation":(\d+),/s.exec(mark)
  return match?.[1] === undefined ? undefined : Number(match[1])
}
