/**
 * What would reading the sources now change? Reads every source and merges its word into the facts in force, and writes
 * nothing: for people who look before they have it imported.
 */
import { type DirectorySource, SourceError } from '../../connectors/directory.ts'
import type { DirectoryFacts, SourceId } from '../../core/directory.ts'
import {
  applySource,
  type DirectoryDifference,
  diffDirectories,
  goneLately,
  isSudden,
  usualLimits,
} from '../../core/merge.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Machinery } from '../handle.ts'
import { keepDays } from './kept.ts'

export interface SourcePreview {
  readonly kind: string
  readonly source?: SourceId
  /** `hold`: it says so much less that its word would be held until somebody confirms it. */
  readonly outcome: 'change' | 'none' | 'unreadable' | 'hold'
  readonly problems: readonly string[]
}

export interface ImportPreview {
  readonly sources: readonly SourcePreview[]
  /** Of all sources whose word would be put into force. */
  readonly difference: DirectoryDifference
}

export async function previewImport(
  { store, knowledge }: Pick<Machinery, 'store' | 'knowledge'>,
  sources: readonly DirectorySource[],
): Promise<ImportPreview> {
  const { now, directory, freshness } = await store.heads()
  const inForce = await knowledge.facts(directory)
  const before = { ...inForce, sources: inForce.sources.map((source) => seenLast(source, freshness)) }
  let after: DirectoryFacts = before
  const previews: SourcePreview[] = []
  for (const source of sources) {
    const read = await source.read(now).catch((error: unknown) => {
      if (error instanceof SourceError) return error
      throw error
    })
    const own = { kind: source.kind, ...(source.id === undefined ? {} : { source: source.id }) }
    if (read instanceof SourceError) {
      const problems = read.problems.map(({ where, message }) => `${where}: ${message}`)
      previews.push({ ...own, outcome: 'unreadable', problems })
      continue
    }
    const next = applySource(after, read, now, keepDays)
    const named = { ...own, source: read.source.id }
    const limits = source.shrink ?? usualLimits
    const since = plusSeconds(now, -limits.withinSeconds)
    if (isSudden(goneLately({ before: after, after: next, source: read.source.id, since, now }).shrinkage, limits)) {
      previews.push({ ...named, outcome: 'hold', problems: [] })
      continue
    }
    previews.push({ ...named, outcome: isSame(diffDirectories(after, next)) ? 'none' : 'change', problems: [] })
    after = next
  }
  return { sources: previews, difference: diffDirectories(before, after) }
}

function seenLast<Source extends { readonly id: SourceId; readonly observedAt: string }>(
  source: Source,
  freshness: Readonly<Record<SourceId, string>>,
): Source {
  const readAt = freshness[source.id]
  return readAt === undefined || readAt < source.observedAt ? source : { ...source, observedAt: readAt }
}

function isSame({ added, removed, changed, turns }: DirectoryDifference): boolean {
  const facts = [added, removed].flatMap(({ nodes, relations, access }) => [nodes, relations, access])
  return (
    facts.every(({ length }) => length === 0) && changed.length === 0 && turns.addedCount + turns.removedCount === 0
  )
}
