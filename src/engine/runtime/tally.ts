/**
 * What one process holds of one waiver's budget, and what it has allowed and not yet recorded. It never holds more than
 * the store gave it, and believes a lease only as long as it could not have been taken away.
 */

import type { NodeId } from '../../core/directory.ts'
import type { LiveWaiver, Use } from '../../core/runtime.ts'
import type { Instant } from '../../core/time.ts'
import type { JudgedBy, RecordedUses, UseLine } from '../../core/waiver.ts'
import { digestOf } from '../../lib/digest.ts'
import type { LeaseGiven } from '../../store/contract.ts'

/** One use that is about to be allowed. */
export interface NewUse {
  readonly use: Use
  readonly enforcer: NodeId
  readonly now: Instant
  readonly judged?: JudgedBy
}

export interface Tally {
  /** Takes one use if what is held suffices. @returns whether it was allowed. */
  spend(waiver: LiveWaiver, use: NewUse, monotonic: number): boolean
  /** More was given by the store, to be believed until then. */
  hold(given: LeaseGiven, until: number): void
  renewed(until: number): void
  /** What is held and not spent; afterwards nothing is. */
  letGo(): { readonly uses: number; readonly bytes: number }
  /** What was allowed and is to be recorded now; `undo` puts it back when it could not be. */
  take(): { readonly pending: Omit<RecordedUses, 'process'>; readonly undo: () => void } | undefined
  readonly pendingCount: number
  readonly held: { readonly uses: number; readonly bytes: number }
  readonly heldUntil: number
  readonly usedAt: number
}

export function newTally(): Tally {
  let held = { uses: 0, bytes: 0 }
  let stretch: { uses: number; end: Instant } | undefined
  let heldUntil = Number.NEGATIVE_INFINITY
  let usedAt = Number.NEGATIVE_INFINITY
  let pending = newPending()

  return {
    spend({ conditions: { usesMax, bytesMax, rate } }, { use, enforcer, now, judged }, monotonic) {
      const bytes = use.bytes ?? 0
      const counted = usesMax !== undefined || bytesMax !== undefined
      if (counted && monotonic > heldUntil) return false
      if (usesMax !== undefined && held.uses < 1) return false
      if (bytesMax !== undefined && held.bytes < bytes) return false
      if (rate !== undefined && (stretch === undefined || now >= stretch.end || stretch.uses < 1)) return false
      if (usesMax !== undefined) held = { ...held, uses: held.uses - 1 }
      if (bytesMax !== undefined) held = { ...held, bytes: held.bytes - bytes }
      if (stretch !== undefined) stretch = { ...stretch, uses: stretch.uses - 1 }
      usedAt = monotonic
      pending.add(lineOf(use, enforcer, now, judged), bytes)
      return true
    },
    hold(given, until) {
      held = { uses: held.uses + given.uses, bytes: held.bytes + given.bytes }
      const same = stretch !== undefined && stretch.end === given.stretch?.end ? stretch.uses : 0
      if (given.stretch !== undefined) stretch = { uses: same + given.stretch.uses, end: given.stretch.end }
      heldUntil = until
    },
    renewed(until) {
      heldUntil = until
    },
    letGo() {
      const back = held
      held = { uses: 0, bytes: 0 }
      return back
    },
    take() {
      if (pending.uses === 0) return undefined
      const taken = pending
      pending = newPending()
      return { pending: taken.recorded(), undo: () => pending.merge(taken) }
    },
    get pendingCount() {
      return pending.uses
    },
    get held() {
      return held
    },
    get heldUntil() {
      return heldUntil
    },
    get usedAt() {
      return usedAt
    },
  }
}

/** Beyond so many different lines the rest are one line without their particulars: the count stays exact. */
const linesMax = 200

interface Pending {
  readonly uses: number
  add(line: UseLine, bytes: number): void
  merge(other: Pending): void
  recorded(): Omit<RecordedUses, 'process'>
}

/** What a line says apart from how often and when. */
type Kind = Omit<UseLine, 'count' | 'from' | 'to'>

interface Counted {
  readonly kind: Kind
  count: number
  from: Instant
  to: Instant
}

function newPending(): Pending {
  const lines = new Map<string, Counted>()
  let [uses, bytes] = [0, 0]
  // Whoever enforces asks the same again and again; to find the line of its kind anew takes longer than all the rest.
  let last: Counted | undefined
  const lineFor = (line: UseLine, plain = false): Counted => {
    if (last !== undefined && isPlainlyOf(last.kind, line)) return last
    const { count: _, from, to, ...kind } = line
    const key = JSON.stringify(kind)
    const known = lines.get(key)
    // Without particulars there are no more kinds than the terms have actions and resources, and the policy enforcers.
    if (known === undefined && lines.size >= linesMax && !plain) return lineFor(withoutParticulars(line), true)
    last = known ?? { kind, count: 0, from, to }
    lines.set(key, last)
    return last
  }
  const put = (line: UseLine) => {
    const counted = lineFor(line)
    counted.count += line.count
    if (line.from < counted.from) counted.from = line.from
    if (line.to > counted.to) counted.to = line.to
  }
  return {
    get uses() {
      return uses
    },
    add(line, more) {
      uses += 1
      bytes += more
      put(line)
    },
    merge(other) {
      const { uses: count, bytes: more, lines: others } = other.recorded()
      uses += count
      bytes += more
      for (const line of others) put(line)
    },
    recorded: () => ({
      uses,
      bytes,
      lines: [...lines.values()].map(({ kind, count, from, to }) => ({ ...kind, count, from, to })),
    }),
  }
}

/** Only where nothing has to be looked into to see that it is the same kind. */
function isPlainlyOf(kind: Kind, line: UseLine): boolean {
  return (
    kind.action === line.action &&
    kind.resource === line.resource &&
    kind.enforcer === line.enforcer &&
    kind.tool === line.tool &&
    kind.arguments === line.arguments &&
    isSameJudged(kind.judged, line.judged) &&
    kind.chain.length === 0 &&
    line.chain.length === 0
  )
}

function isSameJudged(one: JudgedBy | undefined, other: JudgedBy | undefined): boolean {
  return one?.policy === other?.policy && one?.directory === other?.directory && one?.unkept === other?.unkept
}

function withoutParticulars({ action, resource, enforcer, judged, count, from, to }: UseLine): UseLine {
  // Without them the guardrails cannot be asked again.
  const by = judged === undefined ? {} : { judged: { ...judged, unkept: true as const } }
  return { action, resource, enforcer, chain: [], ...by, count, from, to }
}

function lineOf(use: Use, enforcer: NodeId, now: Instant, judged: JudgedBy | undefined): UseLine {
  return {
    action: use.action,
    resource: use.resource,
    ...(use.tool === undefined ? {} : { tool: use.tool }),
    ...(use.arguments === undefined ? {} : { arguments: digestOf(use.arguments) }),
    chain: use.chain,
    enforcer,
    ...(judged === undefined ? {} : { judged }),
    count: 1,
    from: now,
    to: now,
  }
}
