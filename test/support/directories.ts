/**
 * Small directories and policies that a test can be read by: one fact per line, in the words of the directory. Every id
 * that is mentioned is described unless the text says it is unknown, so that a test is about what its lines say.
 */

import { compileDirectory } from '../../src/core/compile.ts'
import { type ConflictCode, readPath, type Verdict } from '../../src/core/conflict.ts'
import {
  type Absence,
  type DirectoryFacts,
  type DirectoryNode,
  kindOf,
  type NodeId,
  type Relation,
  type RelationKind,
  type Shift,
  type SourceState,
  type StandingAccess,
} from '../../src/core/directory.ts'
import { type IndependenceHistory, independence, type Matter, noHistory } from '../../src/core/independence.ts'
import type { IndependencePolicy, Policy, Pool } from '../../src/core/policy.ts'
import { instantOf, millisOf, parseInstant } from '../../src/core/time.ts'

export { type BigDirectory, bigDirectory, seededRandom } from './big-directory.ts'

/** The moment at which tests ask, unless they say otherwise. */
export const noon = '2026-11-22T12:00:00.000Z'

/** @returns the instant so many days before `noon`. */
export function daysAgo(days: number): string {
  return instantOf(millisOf(noon) - days * 86_400_000)
}

/**
 * Lines are `from relation to [since DAY] [until DAY] [confirmed] [by SOURCE]`, `shift ROTA PERSON START END`,
 * `away PERSON START END`,
 * `HOLDER holds SYSTEM/ENTITLEMENT [until DAY] [by SOURCE]`, `unknown ID`, or a node with what is special about it: `per_eve external`, `per_tom until DAY`, `wl_bot agent`,
 * `acc_1 on sys_db login Eve`. Days and instants are ISO 8601; `#` begins a comment.
 */
export function directoryOf(text: string, state: Partial<SourceState> = {}): DirectoryFacts {
  const reader = factReader(state.id ?? 'hr')
  for (const line of text.split('\n')) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/)
    if (words[0]) reader.read(words)
  }
  return reader.facts(state)
}

function factReader(source: string) {
  const nodes = new Map<string, DirectoryNode>()
  const relations: Relation[] = []
  const shifts: Shift[] = []
  const access: StandingAccess[] = []
  const absences: Absence[] = []
  const unknown = new Set<NodeId>()
  const sources = new Set([source])

  function mention(id: NodeId, by: string): void {
    const kind = kindOf(id)
    if (kind === undefined)
      throw new Error(`the prefix of \`${id}\` is no kind: write per_, acc_, team_, wl_, sys_ or rota_`)
    if (!nodes.has(id)) nodes.set(id, { id, kind, name: id, source: by })
  }

  function read(words: readonly string[]): void {
    const [first = '', second = '', third = ''] = words
    const said = wordsAfter(words)
    const by = said('by') ?? source
    sources.add(by)
    if (first === 'unknown') unknown.add(second)
    else if (first === 'shift') readShift(words, by)
    else if (first === 'away') readAbsence(words, by)
    else if (second === 'holds') readAccess(first, third, said, by)
    else if (kindOf(third) !== undefined && second !== 'on') readRelation([first, second, third], said, by, words)
    else readNode(first, words, said, by)
  }

  function readShift(words: readonly string[], by: string): void {
    const [, rota = '', person = '', start = '', end = ''] = words
    mention(rota, by)
    mention(person, by)
    shifts.push({ rota, person, start: instant(start), end: instant(end), source: by })
  }

  function readAbsence(words: readonly string[], by: string): void {
    const [, person = '', start = '', end = ''] = words
    mention(person, by)
    absences.push({ person, start: instant(start), end: instant(end), source: by })
  }

  function readAccess(holder: NodeId, name: string, said: Said, by: string): void {
    const [system = '', entitlement = ''] = name.split('/')
    mention(holder, by)
    mention(system, by)
    access.push({ holder, system, entitlement, source: by, ...timeOf('since', said), ...timeOf('until', said) })
  }

  function readRelation(triple: readonly string[], said: Said, by: string, words: readonly string[]): void {
    const [from = '', relation = '', to = ''] = triple
    mention(from, by)
    mention(to, by)
    relations.push({
      from,
      relation: relation as RelationKind,
      to,
      source: by,
      ...timeOf('since', said),
      ...timeOf('until', said),
      ...(words.includes('confirmed') ? { confirmed: true } : {}),
    })
  }

  function readNode(id: NodeId, words: readonly string[], said: Said, by: string): void {
    mention(id, by)
    nodes.set(id, {
      ...(nodes.get(id) as DirectoryNode),
      ...timeOf('until', said),
      ...(words.includes('external') ? { external: true } : {}),
      ...(words.includes('agent') ? { workloadKind: 'agent' } : {}),
      ...(said('on') === undefined ? {} : { on: said('on') as string, login: said('login') ?? '' }),
    })
  }

  function facts(state: Partial<SourceState>): DirectoryFacts {
    return {
      nodes: [...nodes.values()].filter(({ id }) => !unknown.has(id)),
      relations,
      shifts,
      ...(access.length === 0 ? {} : { access }),
      ...(absences.length === 0 ? {} : { absences }),
      sources: [...sources].map((id) => ({ ...freshSource(id), ...(id === source ? state : {}) })),
    }
  }

  return { read, facts }
}

type Said = (word: string) => string | undefined

function wordsAfter(words: readonly string[]): Said {
  return (word) => {
    const place = words.indexOf(word, 1)
    return place < 0 ? undefined : words[place + 1]
  }
}

function timeOf(word: 'since' | 'until', said: Said): { [key in typeof word]?: string } {
  const text = said(word)
  return text === undefined ? {} : { [word]: instant(text) }
}

function instant(text: string): string {
  const full = parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text)
  if (full === undefined)
    throw new Error(`\`${text}\` is not a day or an instant: write 2026-11-22 or 2026-11-22T10:00Z`)
  return full
}

/** Read a minute before `noon`, good for a day. */
export function freshSource(id: string): SourceState {
  return { id, revision: `${id}@1`, observedAt: instantOf(millisOf(noon) - 60_000), staleAfterSeconds: 86_400 }
}

/** `per_asker` asks for themselves on `sys_target`, to be decided by `pool_outside`. */
export function matterOf(parts: Partial<Matter> = {}): Matter {
  return {
    requester: 'per_asker',
    chain: [],
    beneficiary: parts.requester ?? 'per_asker',
    system: 'sys_target',
    took: [],
    pools: ['pool_outside'],
    rules: ['tier_high', 'sys_target', 'pool_outside'],
    ...parts,
  }
}

export function poolWith(id: string, members: readonly NodeId[], rotas: readonly NodeId[] = []): Pool {
  return { id, name: id, members, decides: ['countersign'], rotas }
}

interface PolicyParts extends Partial<Omit<IndependencePolicy, 'reciprocal'>> {
  readonly reciprocal?: Partial<IndependencePolicy['reciprocal']>
  readonly pools?: readonly Pool[]
  readonly founders?: readonly NodeId[]
}

/** Strict, except that no tenure in a pool is asked for unless the test asks for it. */
export function policyWith({ pools = [], founders = [], reciprocal, ...independence }: PolicyParts = {}): Policy {
  return {
    tiers: {},
    beneficiaryRisk: {},
    systems: {},
    connectors: {},
    pools: Object.fromEntries(pools.map((pool) => [pool.id, pool])),
    functions: {},
    dutyRules: {},
    controls: {},
    independence: {
      lingerDays: 30,
      reportingLine: 'conflict',
      reciprocal: { mode: 'second-countersigner', overDays: 90, from: 2, ringMax: 4, ...reciprocal },
      poolTenureDays: 0,
      teams: {},
      lastGoodSecondsMax: 86_400,
      ...independence,
    },
    changeDelaySeconds: 0,
    founders,
  }
}

interface Asked {
  readonly matter?: Partial<Matter>
  /** `none` for changes to the rules, which concern no target. */
  readonly target?: 'none'
  readonly policy?: Policy
  readonly history?: Partial<IndependenceHistory>
  readonly now?: string
}

/** Asks whether the person is independent of the matter, on the directory the text tells. */
export function judge(text: string | DirectoryFacts, person: NodeId, asked: Asked = {}): Verdict {
  const facts = typeof text === 'string' ? directoryOf(`sys_target\nper_asker\n${person}\n${text}`) : text
  const { system, ...matter } = matterOf(asked.matter)
  return independence(
    asked.target === 'none' || system === undefined ? matter : { ...matter, system },
    person,
    compileDirectory(facts),
    { ...noHistory, ...asked.history },
    asked.policy ?? policyWith(),
    asked.now ?? noon,
  )
}

export function codesOf({ conflicts }: Verdict): ConflictCode[] {
  return conflicts.map(({ code }) => code)
}

/** The path that proves the conflict, read aloud; `undefined` when there is no such conflict. */
export function pathTo({ conflicts }: Verdict, code: ConflictCode): string | undefined {
  const conflict = conflicts.find((one) => one.code === code)
  return conflict && readPath(conflict.path)
}
