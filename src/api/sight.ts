/**
 * Who sees what. The one place where answers are cut to what the caller may see: which waivers, whose conflicts with
 * their paths, which settings. What is not plainly somebody's to see is left out; nothing here decides anything else.
 */
import type { CompiledDirectory } from '../core/compile.ts'
import type { Conflict, Verdict } from '../core/conflict.ts'
import { readPath } from '../core/conflict.ts'
import type { NodeId } from '../core/directory.ts'
import { poolsOf } from '../core/independence.ts'
import { poolsThat } from '../core/obligations.ts'
import { type Relation, relationsOf, seesPaths } from '../core/permit.ts'
import type { Policy } from '../core/policy.ts'
import { type Refusal, type RefusalCode, refusal } from '../core/refusal.ts'
import type { RuleDifference } from '../core/rules-diff.ts'
import { answersFor, isActive, isControllerOf, nodeKindOf } from '../core/standing.ts'
import type { Instant } from '../core/time.ts'
import type { Actor, Waiver } from '../core/waiver.ts'
import { knowledgeFor } from '../engine/handle.ts'
import type { Known } from '../proof/circumstances.ts'
import type { Heads } from '../store/contract.ts'
import type { DirectoryIndex } from './directory-index.ts'
import type { Parts } from './parts.ts'
import { type Problem, refused } from './problem.ts'
import type { ConflictView, ExcludedView, VerdictView } from './schema/conflict.ts'

export interface Sight {
  readonly caller: Actor
  readonly now: Instant
  readonly known: Known
  readonly policy: Policy
  readonly directory: CompiledDirectory
  readonly index: DirectoryIndex
}

/** The newest facts, seen with the eyes of the caller; a problem when there are none or the caller has left. */
export async function sightFor(parts: Parts, caller: Actor): Promise<Sight | Problem> {
  const sight = await sightAt(parts, caller, await parts.machinery.store.heads())
  if (sight === undefined) return refused(refusal('not-initialised'))
  if (isActive(sight.directory, caller.id, sight.now)) return sight
  const code = nodeKindOf(sight.directory, caller.id) === undefined ? 'unknown-person' : 'not-active-in-directory'
  return refused(refusal(code, `\`${caller.id}\``))
}

/**
 * For cutting the answer to an attempt that was decided already: facts of the last half second will do, and whoever has
 * left gets an answer too, in which they see next to nothing.
 */
export async function anySight(parts: Parts, caller: Actor): Promise<Sight | undefined> {
  return sightAt(parts, caller, await parts.machinery.store.recentHeads())
}

async function sightAt(
  { machinery, indexes }: Parts,
  caller: Actor,
  heads: Heads & { readonly now: Instant },
): Promise<Sight | undefined> {
  const known = await knowledgeFor(machinery.knowledge, { heads })
  if (known === undefined) return undefined
  const index = await indexes(heads.directory)
  return { caller, now: heads.now, known, policy: known.today, directory: known.directory, index }
}

export function relationsTo(
  { caller, directory, policy, now }: Sight,
  waiver: Waiver | undefined,
): ReadonlySet<Relation> {
  return relationsOf(caller.id, waiver, directory, policy, now)
}

/** Whoever stands in some relation to a waiver reads it. Being a person or a workload is no relation to it. */
export function mayRead(sight: Sight, waiver: Waiver | undefined): boolean {
  return [...relationsTo(sight, waiver)].some((relation) => relation !== 'person' && relation !== 'workload')
}

/** Reviewers and the security pool read every record; that is what they are for. */
export function readsEverything(sight: Sight): boolean {
  return mayRead(sight, undefined)
}

const askingSide: readonly Relation[] = ['requester', 'beneficiary', 'controller', 'on-rota', 'activator']

/** Deciders and reviewers see the paths of others, but never of a waiver on whose asking side they stand. */
export function seesPathsIn(relations: ReadonlySet<Relation>): boolean {
  return seesPaths(relations) && !askingSide.some((relation) => relations.has(relation))
}

/** Accounts are for their holder and for whoever answers for the holder; nobody collects those of others by asking. */
export function seesAccountsOf({ caller, directory, now }: Sight, holder: NodeId): boolean {
  return (
    caller.id === holder ||
    isControllerOf(directory, caller.id, holder, now) ||
    answersFor(directory, caller.id, holder, now)
  )
}

/** Addresses and settings of targets are for those who answer for the rules, and for nobody's curiosity. */
export function seesSettings(sight: Sight): boolean {
  const { caller, policy, directory, now } = sight
  const decides = poolsOf(caller.id, poolsThat(policy, 'rules'), directory, policy, now).length > 0
  return decides || policy.founders.includes(caller.id) || readsEverything(sight)
}

export function shownConflict(sight: Sight, conflict: Conflict, seesPath: boolean): ConflictView {
  if (!seesPath) return { code: conflict.code }
  const nameOf = (id: NodeId) => sight.index.nameOf(id) ?? id
  const reads = readPath(conflict.path, nameOf)
  return { ...conflict, ...(reads === '' ? {} : { reads }) }
}

export function shownVerdict(sight: Sight, verdict: Verdict, seesPath: boolean): VerdictView {
  const sees = seesPath || verdict.person === sight.caller.id
  return { ...verdict, conflicts: verdict.conflicts.map((conflict) => shownConflict(sight, conflict, sees)) }
}

export function shownExcluded(
  sight: Sight,
  excluded: NonNullable<Refusal['excluded']>,
  seesPath: boolean,
): ExcludedView[] {
  return excluded.map(({ person, pool, conflicts }) => {
    const sees = seesPath || person === sight.caller.id
    return { person, pool, conflicts: conflicts.map((conflict) => shownConflict(sight, conflict, sees)) }
  })
}

/** Refusals whose conflicts are those of whoever was refused; in all others they are somebody else's. */
const aboutTheCaller: ReadonlySet<RefusalCode> = new Set([
  'approver-is-requester',
  'approver-not-independent',
  'endorser-unfit',
  'reviewer-not-independent',
  'author-is-approver',
])

/** The refusal as the caller hears it. Without a sight (nothing is initialised) there are codes and no paths. */
export function shownRefusal(sight: Sight | undefined, no: Refusal, waiver: Waiver | undefined): ShownRefusal {
  const { code, message, conflicts = [], excluded = [], at, limit, nearest, changed } = no
  const sees = sight !== undefined && seesPathsIn(relationsTo(sight, waiver))
  const own = aboutTheCaller.has(code)
  return {
    code,
    message,
    more: {
      ...(at === undefined ? {} : { at }),
      ...(limit === undefined ? {} : { limit }),
      ...(nearest === undefined ? {} : { nearest }),
      ...(changed === undefined ? {} : { changed }),
      ...(conflicts.length === 0
        ? {}
        : {
            conflicts: conflicts.map((one) =>
              sight === undefined ? { code: one.code } : shownConflict(sight, one, sees || own),
            ),
          }),
      ...(excluded.length === 0 || sight === undefined ? {} : { excluded: shownExcluded(sight, excluded, sees) }),
    },
  }
}

interface ShownRefusal {
  readonly code: RefusalCode
  readonly message: string
  readonly more: NonNullable<Parameters<typeof refused>[1]>
}

/** The body of a recorded event: every verdict in it, wherever it stands, cut like any other. */
export function shownBody(sight: Sight, body: unknown, seesPath: boolean): unknown {
  if (Array.isArray(body)) return body.map((entry) => shownBody(sight, entry, seesPath))
  if (typeof body !== 'object' || body === null) return body
  if ('conflicts' in body && Array.isArray(body.conflicts)) {
    const sees = seesPath || ('person' in body && body.person === sight.caller.id)
    return {
      ...body,
      conflicts: (body.conflicts as readonly Conflict[]).map((conflict) => shownConflict(sight, conflict, sees)),
    }
  }
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, shownBody(sight, value, seesPath)]))
}

/** Ids may contain dots, so anything of a connector that is below a `settings` counts. */
const settingsPath = /^connectors\..*\bsettings\b|\.target(?:\.|$)/

/** That a setting of a target changed is for everybody; from what to what is not. */
export function shownDifferences(differences: readonly RuleDifference[], seesAll: boolean): RuleDifference[] {
  return differences.map((one) =>
    seesAll || !settingsPath.test(one.path) ? one : { path: one.path, direction: one.direction, rule: one.rule },
  )
}

export function shownPolicy(policy: Policy, seesAll: boolean): Record<string, unknown> {
  if (seesAll) return { ...policy }
  const without = <Entry extends object>(entries: Readonly<Record<string, Entry>>, field: keyof Entry) =>
    Object.fromEntries(
      Object.entries(entries).map(([id, entry]) => [
        id,
        Object.fromEntries(Object.entries(entry).filter(([key]) => key !== field)),
      ]),
    )
  const systems = Object.entries(policy.systems).map(([id, system]) => [
    id,
    { ...system, entitlements: without(system.entitlements, 'target') },
  ])
  return { ...policy, connectors: without(policy.connectors, 'settings'), systems: Object.fromEntries(systems) }
}

const idPattern = /^(?:per|acc|team|wl|sys|rota)_/

/** Names of every id that occurs in an answer. Names are data of the directory; nothing is looked up by them. */
export function namesIn(index: DirectoryIndex, ...values: readonly unknown[]): Record<string, string> {
  const names = new Map<string, string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      const name = idPattern.test(value) ? index.nameOf(value) : undefined
      if (name !== undefined) names.set(value, name)
    } else if (typeof value === 'object' && value !== null) {
      for (const entry of Object.values(value)) visit(entry)
    }
  }
  values.forEach(visit)
  return Object.fromEntries([...names].sort(([a], [b]) => (a < b ? -1 : 1)))
}
