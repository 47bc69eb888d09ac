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

/**
 * @param isMachine as the history says. Where the directory says otherwise, what it knows counts against whoever this is,
 * and nothing in their favour.
 * @param namesOn issuers and systems on which the names of the history are logins.
 */
export function knownAs(
  name: string,
  isMachine: boolean,
  directory: CompiledDirectory,
  namesOn: readonly string[],
  at: Instant,
): Known {
  const found = accountOwners(name, directory, namesOn, at)
  const own = idFor(name, isMachine)
  if (describe(directory, own, at) !== undefined) found.set(own, undefined)
  const [first] = found
  if (found.size > 1 || first?.[1] === 'several-people')
    return { id: nobodyCalled(name, directory, at), doubt: 'several-people' }
  if (first !== undefined) return first[1] === undefined ? { id: first[0] } : { id: first[0], doubt: first[1] }
  const other = idFor(name, !isMachine)
  if (other !== own && describe(directory, other, at) !== undefined) return { id: other, doubt: 'person-or-machine' }
  return { id: own, doubt: 'not-in-directory' }
}

/** A person's id that nobody has: what one of several people did is held against none of them. */
function nobodyCalled(name: string, directory: CompiledDirectory, at: Instant): NodeId {
  let id = `per_one-of-several:${name}`
  while (describe(directory, id, at) !== undefined) id += ':'
  return id
}

function accountOwners(
  name: string,
  directory: CompiledDirectory,
  namesOn: readonly string[],
  at: Instant,
): Map<NodeId, Unknown | undefined> {
  const found = new Map<NodeId, Unknown | undefined>()
  for (const on of namesOn) {
    const { person, workload, confirmed, conflicting } = resolveAccount(directory, on, name, at)
    const owner = person ?? workload
    if (owner !== undefined && !(found.has(owner) && found.get(owner) === undefined)) {
      found.set(owner, confirmed ? undefined : 'account-unconfirmed')
    }
    for (const one of conflicting) found.set(one, 'several-people')
  }
  return found
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
