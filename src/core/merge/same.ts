/** Do two directories say the same? Fact by fact and in order, without the moment at which a source was read. */
import type { DirectoryFacts, SourceState } from '../directory.ts'

export function saysTheSame(one: DirectoryFacts, other: DirectoryFacts): boolean {
  return (
    one === other ||
    (areSameFacts(one.sources.map(undated), other.sources.map(undated)) &&
      areSameFacts(one.nodes, other.nodes) &&
      areSameFacts(one.relations, other.relations) &&
      areSameFacts(one.shifts, other.shifts) &&
      areSameFacts(one.access ?? [], other.access ?? []) &&
      areSameFacts(one.absences ?? [], other.absences ?? []))
  )
}

export function areSameFacts(one: readonly object[], other: readonly object[]): boolean {
  if (one === other) return true
  return one.length === other.length && one.every((fact, at) => isSameFact(fact, other[at] as object))
}

/** Facts are flat. A member without a value is none. */
export function isSameFact(one: object, other: object): boolean {
  if (one === other) return true
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>]
  for (const member in a) if (a[member] !== b[member]) return false
  for (const member in b) if (a[member] !== b[member]) return false
  return true
}

/** Whether a source says what stands there already. When something began it need not say again, nor who says it. */
export function saysNothingNew(before: object, said: object): boolean {
  const [old, young] = [before as Record<string, unknown>, said as Record<string, unknown>]
  for (const member in young) if (member !== 'source' && young[member] !== old[member]) return false
  for (const member in old) if (member !== 'source' && member !== 'since' && young[member] !== old[member]) return false
  return true
}

/** Reading the same thing again is no change. */
function undated(source: SourceState): SourceState {
  return { ...source, observedAt: '', revision: '' }
}
