/**
 * Directory and policy revisions in memory, compiled once each. A decision names the revisions it rests on by their
 * digest, so what is cached here can be old but never wrong; a revision that cannot be had is an error, never a guess.
 */

import type { Change } from '../core/change.ts'
import { type CompiledDirectory, compileSteps, recompiled, refreshed } from '../core/compile.ts'
import { type DirectoryFacts, emptyDirectory, type SourceId } from '../core/directory.ts'
import type { IndependenceHistory } from '../core/independence.ts'
import type { Policy, PoolTenure } from '../core/policy.ts'
import { loosenedBy } from '../core/rules-diff.ts'
import type { Digest } from '../core/terms.ts'
import type { Instant } from '../core/time.ts'
import type { Records, Store } from '../store/contract.ts'
import { inTurns } from './in-turns.ts'

export interface Knowledge {
  /** What the sources said. Nothing is said before there is a directory. */
  facts(digest: Digest | undefined): Promise<DirectoryFacts>
  /** These facts have this name: whoever made them need not read them again. */
  learn(digest: Digest, facts: DirectoryFacts): void
  /** `freshness`: when each source was last read. */
  directory(digest: Digest, freshness: Readonly<Record<SourceId, Instant>>): Promise<CompiledDirectory>
  policy(digest: Digest): Promise<Policy>
  /** Who changed the rules and who has been in which pool since when, as of the policy that is in force since then. */
  rules(policySince: Instant): Promise<Pick<IndependenceHistory, 'ruleChanges' | 'tenures'>>
}

const directoriesMax = 2
/** The one in force and the one before it or about to be: they have most facts in common. */
const factsMax = 2
/** Facts are needed to change a directory and to show it, and not to decide: in between, their room is better used. */
const factsKeptMillis = 600_000
const policiesMax = 32

export function knowledgeOf({ revisions, records }: Pick<Store, 'revisions' | 'records'>): Knowledge {
  const facts = remember(factsMax, async (digest) => must(await revisions.directory(digest), digest), factsKeptMillis)
  const compiled = remember(directoriesMax, compiler(facts.get))
  const policies = remember(policiesMax, async (digest) => must(await revisions.policy(digest), digest))
  const rules = remember(2, () => rulesHistory(records))
  return {
    facts: async (digest) => (digest === undefined ? emptyDirectory : facts.get(digest)),
    learn: (digest, known) => facts.set(digest, known),
    async directory(digest, freshness) {
      return refreshed(await compiled.get(digest), freshness)
    },
    policy: policies.get,
    rules: rules.get,
  }
}

/** What was compiled last is where the next begins, when only somebody was deactivated. */
function compiler(factsOf: (digest: Digest) => Promise<DirectoryFacts>) {
  let last: { readonly facts: WeakRef<DirectoryFacts>; readonly compiled: WeakRef<CompiledDirectory> } | undefined
  return async (digest: Digest): Promise<CompiledDirectory> => {
    const facts = await factsOf(digest)
    const [before, known] = [last?.facts.deref(), last?.compiled.deref()]
    const compiled =
      (before && known && recompiled({ facts: before, compiled: known }, facts)) ?? (await inTurns(compileSteps(facts)))
    last = { facts: new WeakRef(facts), compiled: new WeakRef(compiled) }
    return compiled
  }
}

interface Remembered<Value> {
  readonly get: (digest: Digest) => Promise<Value>
  readonly set: (digest: Digest, value: Value) => void
}

/**
 * Keeps the most recently used, and with `keptMillis` only as long as somebody uses them; concurrent askers of one digest
 * wait for one load, and a failed load is forgotten.
 */
function remember<Value>(
  max: number,
  load: (digest: Digest) => Promise<Value>,
  keptMillis?: number,
): Remembered<Value> {
  const kept = new Map<Digest, Promise<Value>>()
  let letGo: NodeJS.Timeout | undefined
  const keep = (digest: Digest, value: Promise<Value>) => {
    kept.delete(digest)
    kept.set(digest, value)
    if (kept.size > max) kept.delete(kept.keys().next().value as Digest)
    if (keptMillis === undefined) return
    letGo ??= setTimeout(() => {
      kept.clear()
      letGo = undefined
    }, keptMillis).unref()
    letGo.refresh()
  }
  return {
    get(digest) {
      const known = kept.get(digest)
      const value = known ?? load(digest)
      keep(digest, value)
      if (known === undefined) value.catch(() => kept.delete(digest))
      return value
    },
    set(digest, value) {
      keep(digest, Promise.resolve(value))
    },
  }
}

function must<Value>(value: Value | undefined, digest: Digest): Value {
  if (value === undefined) throw new Error(`revision \`${digest}\` is not in the store`)
  return value
}

/** Enough for years of changes; what is older no longer counts. */
const changesMax = 10_000

async function rulesHistory(records: Records): Promise<Pick<IndependenceHistory, 'ruleChanges' | 'tenures'>> {
  const changes = ((await records.list('change', changesMax)) as readonly (Change | null)[]).filter(
    (change) => change !== null,
  )
  const effective = changes.filter((change) => change.status === 'effective' && change.effectiveAt !== undefined)
  const tenures = (await records.find('tenures')) as readonly PoolTenure[] | undefined
  return {
    ruleChanges: effective.map((change) => ({
      author: change.author,
      loosened: loosenedBy(change.differences),
      at: change.effectiveAt as Instant,
      event: change.id,
    })),
    tenures: tenures ?? [],
  }
}
