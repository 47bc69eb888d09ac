/**
 * What sources of directories say, taken for an audit of the past. A running installation stamps and forgets facts as
 * time goes by; here they stay exactly as a source states them, so that an end of years ago is still known.
 */
import type { DirectoryFacts, SourceSnapshot } from '../../core/directory.ts'
import type { AuditDirectory } from './then.ts'

/** @param snapshots what each source said when it was read just now; what several say adds up. */
export function auditDirectory(
  snapshots: readonly SourceSnapshot[],
  rest: Omit<AuditDirectory, 'facts'> = {},
): AuditDirectory {
  const facts: DirectoryFacts = {
    nodes: snapshots.flatMap(({ source, nodes }) => nodes.map((node) => ({ ...node, source: source.id }))),
    relations: snapshots.flatMap(({ source, relations }) => relations.map((one) => ({ ...one, source: source.id }))),
    shifts: snapshots.flatMap(({ source, shifts }) => shifts.map((shift) => ({ ...shift, source: source.id }))),
    sources: snapshots.map(({ source }) => source),
  }
  return { facts, ...rest }
}
