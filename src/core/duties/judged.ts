/**
 * Who holds what and breaks what, in numbers alone. Everybody lies in a few typed arrays; an owner whose list changes is
 * judged again alone and kept beside them until enough have changed to lay everything out anew. After every change it
 * is what judging everything from nothing would give.
 */
import type { CompiledDuties } from './compile.ts'
import { Judge } from './judge.ts'
import {
  Growing,
  type Lists,
  lengthOf,
  type Numbers,
  narrowest,
  replaced,
  type Slice,
  sliceAt,
  whole,
} from './lists.ts'

/** An owner beside the arrays: entitlements and broken rules, ascending. */
interface Changed {
  readonly entitlements: Numbers
  readonly broken: Numbers
}

/** Below this many changed owners, laying everything out anew costs more than it saves. */
const changedOwnersMin = 1024
/** The share of all owners that may lie beside the arrays, at some 300 bytes each. */
const changedShareMax = 1 / 16

export class Judged {
  assignmentsCount: number
  conflictsCount: number
  /** Rises with every change. */
  revision = 0
  private readonly judge: Judge
  private readonly rulesCount: number
  private readonly changed = new Map<number, Changed>()
  private held: Lists
  private broken: Lists

  /** `held`: the entitlements of every owner, ascending. */
  constructor(duties: CompiledDuties, held: Lists) {
    this.judge = new Judge(duties)
    this.rulesCount = duties.rules.length
    this.held = held
    this.broken = this.judgeAll()
    this.assignmentsCount = held.items.length
    this.conflictsCount = this.broken.items.length
  }

  /** Without what lies beside the arrays. */
  get arrayBytes(): number {
    return [this.held, this.broken].reduce((sum, { starts, items }) => sum + starts.byteLength + items.byteLength, 0)
  }

  /** Empty for an owner who came later and has nothing. */
  heldBy(owner: number): Slice {
    const changed = this.changed.get(owner)
    return changed === undefined ? sliceAt(this.held, owner) : whole(changed.entitlements)
  }

  brokenBy(owner: number): Slice {
    const changed = this.changed.get(owner)
    return changed === undefined ? sliceAt(this.broken, owner) : whole(changed.broken)
  }

  /** A question, not a change. */
  brokenWith(entitlements: readonly number[]): Uint32Array {
    const count = this.judge.broken(entitlements)
    return this.judge.found.slice(0, count)
  }

  /** Ascending entitlements. The counts are those of owners and of entitlements from now on. */
  replace(owner: number, entitlements: readonly number[], ownersCount: number, entitlementsCount: number): void {
    const broken = this.brokenWith(entitlements)
    this.assignmentsCount += entitlements.length - lengthOf(this.heldBy(owner))
    this.conflictsCount += broken.length - lengthOf(this.brokenBy(owner))
    this.changed.set(owner, { entitlements: Uint32Array.from(entitlements), broken })
    this.revision++
    if (this.changed.size > Math.max(changedOwnersMin, ownersCount * changedShareMax)) {
      this.layOut(ownersCount, entitlementsCount)
    }
  }

  /** Judges everybody again. */
  rescan(ownersCount: number, entitlementsCount: number): void {
    this.layOut(ownersCount, entitlementsCount)
    this.broken = this.judgeAll()
    this.conflictsCount = this.broken.items.length
    this.revision++
  }

  private layOut(ownersCount: number, entitlementsCount: number): void {
    if (this.changed.size === 0 && this.held.starts.length === ownersCount + 1) return
    const changed = [...this.changed].sort(([a], [b]) => a - b)
    const entitlements = changed.map(([owner, own]) => [owner, own.entitlements] as const)
    const broken = changed.map(([owner, own]) => [owner, own.broken] as const)
    this.held = replaced(this.held, entitlements, ownersCount, entitlementsCount)
    this.broken = replaced(this.broken, broken, ownersCount, this.rulesCount)
    this.changed.clear()
  }

  private judgeAll(): Lists {
    const { starts, items } = this.held
    const brokenStarts = new Uint32Array(starts.length)
    const found = new Growing()
    for (let owner = 0; owner < starts.length - 1; owner++) {
      const count = this.judge.broken(items, starts[owner], starts[owner + 1])
      for (let place = 0; place < count; place++) found.push(this.judge.found[place] as number)
      brokenStarts[owner + 1] = found.length
    }
    return { starts: brokenStarts, items: narrowest(found.filled(), this.rulesCount) }
  }
}
