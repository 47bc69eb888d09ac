/**
 * What asking by the profile rests on, and what is remembered of it: one row beside the waiver that was asked for. The
 * waiver is where everything is decided; a task is a name for how it stands.
 */
import type { Callback } from '../../access-request/index.ts'
import type { NodeId } from '../../core/directory.ts'
import type { AccessRequest } from '../../store/contract.ts'
import type { Machinery } from '../handle.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { SignedBy } from './offers.ts'

export interface AccessRequestDesk extends SignedBy {
  readonly machinery: Machinery
  readonly runtime: Runtime
  /** Whether whoever asks may have that address told. */
  mayTell(requester: NodeId, endpoint: string): boolean
}

/** What is remembered of the question, so that an approval can be held against the next one. */
export interface AskedBefore {
  /** Digest of the question, and the names in its context that count. */
  readonly hash: string
  readonly members: readonly string[]
  readonly evaluation?: string
  /** Of the decision point that denied it; absent: ours. */
  readonly point?: string
  readonly justifiedBy: NodeId
}

export interface Taken extends Omit<AccessRequest, 'asked' | 'callback'> {
  readonly asked: AskedBefore
  readonly callback?: Callback
}

/** Our own row, written by `submit` and nobody else. */
export function takenOf(request: AccessRequest): Taken {
  const { callback, ...rest } = request
  return {
    ...rest,
    asked: request.asked as AskedBefore,
    ...(callback === undefined ? {} : { callback: callback as Callback }),
  }
}

/** One name says the other; neither can be guessed. */
export function approvalOf(task: string): string {
  return `apr_${task.slice('arq_'.length)}`
}

export function taskOf(approval: string): string | undefined {
  return /^apr_[0-9a-z]{26}$/.test(approval) ? `arq_${approval.slice('apr_'.length)}` : undefined
}

const rememberedMax = 10_000
const remembered = new WeakMap<Machinery, Map<string, Taken>>()

/** Of a check at each use, which may ask again and again: what a task was about never changes. */
export async function knownTask({ machinery }: AccessRequestDesk, task: string): Promise<Taken | undefined> {
  const known = remembered.get(machinery) ?? new Map<string, Taken>()
  remembered.set(machinery, known)
  const before = known.get(task)
  if (before !== undefined) return before
  const found = await machinery.store.accessRequests.find(task)
  if (found === undefined) return undefined
  if (known.size >= rememberedMax) known.clear()
  const taken = takenOf(found)
  known.set(task, taken)
  return taken
}
