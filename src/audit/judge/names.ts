/**
 * Who is meant by a name in a history? An id of the directory, a login on one of the places the names come from, or the
 * name with the prefix of its kind: byte by byte, never by likeness. Where two answers fit, there is none.
 */
import { type CompiledDirectory, describe, resolveAccount } from '../../core/compile.ts'
import type { NodeId } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import type { Unknown } from './verdict.ts'

export interface Known {
  readonly id: NodeId
  /** Why nothing can be said in favour of whoever this is. */
  readonly doubt?: Unknown
}

/** @param namesOn issuers and systems on which the names of the history are logins. */
export function knownAs(
  name: string,
  isMachine: boolean,
  directory: CompiledDirectory,
  namesOn: readonly string[],
  at: Instant,
): Known {
  const found = new Map<NodeId, boolean>()
  for (const id of spellingsOf(name)) {
    if (describe(directory, id, at) !== undefined) found.set(id, true)
  }
  for (const on of namesOn) {
    const { person, workload, confirmed, conflicting } = resolveAccount(directory, on, name, at)
    const owner = person ?? workload
    if (owner !== undefined) found.set(owner, confirmed || found.get(owner) === true)
    for (const one of conflicting) found.set(one, false)
  }
  const [first] = found.keys()
  if (first === undefined) return { id: idFor(name, isMachine), doubt: 'not-in-directory' }
  if (found.size > 1) return { id: first, doubt: 'several-people' }
  return found.get(first) ? { id: first } : { id: first, doubt: 'account-unconfirmed' }
}

/** The id that a name would have. */
export function idFor(name: string, isMachine: boolean): NodeId {
  if (name.startsWith('per_') || name.startsWith('wl_')) return name
  return `${isMachine ? 'wl' : 'per'}_${name}`
}

/** `undefined` when the directory has no such system. */
export function systemKnownAs(name: string, directory: CompiledDirectory, at: Instant): NodeId | undefined {
  return [name, `sys_${name}`].find((id) => describe(directory, id, at)?.kind === 'system')
}

function spellingsOf(name: string): readonly NodeId[] {
  return name.startsWith('per_') || name.startsWith('wl_') ? [name] : [`per_${name}`, `wl_${name}`]
}
