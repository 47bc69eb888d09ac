/**
 * Who holds what, and who holds a conflict today? A million holders lie in a few typed arrays; a holder whose
 * assignments change is judged again alone and kept beside them until enough have changed to lay everything out anew.
 * The one thing here that changes in place, since nobody copies a million holders to move one. After every change it
 * answers exactly as a scan from nothing would.
 */
import type { CompiledDuties } from './compile.ts'
import { Judge } from './judge.ts'
import {
  Growing,
  type Lists,
  listed,
  Numbering,
  type Numbers,
  narrowest,
  numbersIn,
  replaced,
  type Slice,
  sliceAt,
  sortedLists,
  whole,
} from './lists.ts'
import type { EntitlementKey, HolderId, RuleId } from './rules.ts'

export interface Assignment {
  readonly holder: HolderId
  readonly entitlement: EntitlementKey
}

/** That a holder breaks a rule, by what they hold. */
export interface Broken {
  readonly holder: HolderId
  readonly rule: RuleId
}

/** What one change of assignments did to its holder, and to nobody else. */
export interface Change {
  readonly appeared: readonly RuleId[]
  readonly resolved: readonly RuleId[]
}

/** A holder beside the arrays: entitlements and rules, ascending. */
interface Held {
  readonly entitlements: Numbers
  readonly broken: Numbers
}

/** Below this many changed holders, laying everything out anew costs more than it saves. */
const changedHoldersMin = 1024
/** The share of all holders that may lie beside the arrays, at some 300 bytes each. */
const changedShareMax = 1 / 16

/** @returns everybody's holdings, judged. Repeated assignments count once. */
export function scan(duties: CompiledDuties, assignments: Iterable<Assignment>): Holdings {
  return new Holdings(duties, assignments)
}

export class Holdings {
  readonly duties: CompiledDuties
  private readonly holders = new Numbering()
  /** Entitlements that nobody described, numbered behind those that somebody did. */
  private readonly unknown = new Numbering()
  private readonly judge: Judge
  private readonly changed = new Map<number, Held>()
  private held: Lists
  private broken: Lists
  private assignments: number
  private conflicts: number
  private revision = 0

  constructor(duties: CompiledDuties, assignments: Iterable<Assignment>) {
    this.duties = duties
    this.judge = new Judge(duties)
    const [owners, items] = [new Growing(), new Growing()]
    for (const { holder, entitlement } of assignments) {
      owners.push(this.holders.numberFor(holder))
      items.push(this.numberFor(entitlement))
    }
    this.held = sortedLists(owners.filled(), items.filled(), this.holders.names.length, this.entitlementLimit)
    this.broken = this.judged(this.held)
    this.assignments = this.held.items.length
    this.conflicts = this.broken.items.length
  }

  /** Holders who ever had an assignment; one may hold nothing now. */
  get holdersCount(): number {
    return this.holders.names.length
  }

  get assignmentsCount(): number {
    return this.assignments
  }

  /** Pairs of a holder and a rule they break. */
  get conflictsCount(): number {
    return this.conflicts
  }

  /** Bytes of the arrays, without the names of holders and entitlements and without what changed since. */
  get arrayBytes(): number {
    return [this.held, this.broken].reduce((sum, { starts, items }) => sum + starts.byteLength + items.byteLength, 0)
  }

  /** In the order of the entitlements' numbers; empty for somebody who holds nothing. */
  entitlementsOf(holder: HolderId): EntitlementKey[] {
    return this.numbersOf(holder).map((number) => this.nameOf(number))
  }

  has({ holder, entitlement }: Assignment): boolean {
    const [owner, item] = [this.holders.numberOf(holder), this.numberOf(entitlement)]
    return owner !== undefined && item !== undefined && listed(this.heldBy(owner), item)
  }

  /** The rules this holder breaks, in the order of their ids. */
  brokenBy(holder: HolderId): RuleId[] {
    const owner = this.holders.numberOf(holder)
    return owner === undefined ? [] : this.ruleIds(this.brokenAt(owner))
  }

  /** Numbers as `duties` has them; beyond those for entitlements that nobody described. */
  numbersOf(holder: HolderId): number[] {
    const owner = this.holders.numberOf(holder)
    return owner === undefined ? [] : numbersIn(this.heldBy(owner))
  }

  /** Everybody who breaks something, with the numbers of the rules. @throws when holdings change while it is read */
  *brokenHolders(): Generator<{ readonly holder: HolderId; readonly rules: readonly number[] }> {
    const { revision } = this
    for (let owner = 0; owner < this.holders.names.length; owner++) {
      const slice = this.brokenAt(owner)
      if (slice.to === slice.from) continue
      yield { holder: this.holders.names[owner] as string, rules: numbersIn(slice) }
      this.assertUnchanged(revision)
    }
  }

  /** Every conflict, holder by holder. @throws when holdings change while it is read */
  *allBroken(): Generator<Broken> {
    const rules = this.duties.ruleNumbers.names
    for (const { holder, rules: numbers } of this.brokenHolders()) {
      for (const number of numbers) yield { holder, rule: rules[number] as RuleId }
    }
  }

  /** Every assignment, holder by holder. @throws when holdings change while it is read */
  *allAssignments(): Generator<Assignment> {
    const { revision } = this
    for (let owner = 0; owner < this.holders.names.length; owner++) {
      const { items, from, to } = this.heldBy(owner)
      for (let place = from; place < to; place++) {
        yield { holder: this.holders.names[owner] as string, entitlement: this.nameOf(items[place] as number) }
        this.assertUnchanged(revision)
      }
    }
  }

  /** Entitlements that are held and described nowhere: what they let one do is not known, so it is in no answer. */
  undescribed(): { readonly entitlement: EntitlementKey; readonly holdersCount: number }[] {
    if (this.unknown.names.length === 0) return []
    const counts = new Map<EntitlementKey, number>()
    for (const name of this.unknown.names) counts.set(name, 0)
    for (const { entitlement } of this.allAssignments()) {
      const count = counts.get(entitlement)
      if (count !== undefined) counts.set(entitlement, count + 1)
    }
    return [...counts].flatMap(([entitlement, holdersCount]) =>
      holdersCount > 0 ? [{ entitlement, holdersCount }] : [],
    )
  }

  /** Judges this holder again, and nobody else. */
  add({ holder, entitlement }: Assignment): Change {
    const owner = this.holders.numberFor(holder)
    const item = this.numberFor(entitlement)
    const before = this.heldBy(owner)
    if (listed(before, item)) return { appeared: [], resolved: [] }
    return this.replace(
      owner,
      [...numbersIn(before), item].sort((a, b) => a - b),
    )
  }

  /** Judges this holder again, and nobody else. */
  remove({ holder, entitlement }: Assignment): Change {
    const [owner, item] = [this.holders.numberOf(holder), this.numberOf(entitlement)]
    if (owner === undefined || item === undefined) return { appeared: [], resolved: [] }
    const before = this.heldBy(owner)
    if (!listed(before, item)) return { appeared: [], resolved: [] }
    return this.replace(
      owner,
      numbersIn(before).filter((number) => number !== item),
    )
  }

  /** Everything this holder holds from now on. */
  set(holder: HolderId, entitlements: Iterable<EntitlementKey>): Change {
    const numbers = new Set([...entitlements].map((name) => this.numberFor(name)))
    return this.replace(
      this.holders.numberFor(holder),
      [...numbers].sort((a, b) => a - b),
    )
  }

  /** Judges everybody again, as a scan of the same assignments would. @returns how many conflicts there are */
  rescan(): number {
    this.layOut()
    this.broken = this.judged(this.held)
    this.conflicts = this.broken.items.length
    this.revision++
    return this.conflicts
  }

  /** The rules that would be broken with these entitlements, by number; a question, not a change. */
  brokenWith(entitlements: readonly number[]): number[] {
    const count = this.judge.broken(entitlements)
    return [...this.judge.found.subarray(0, count)]
  }

  private replace(owner: number, numbers: readonly number[]): Change {
    const before = this.brokenAt(owner)
    const { from, to } = this.heldBy(owner)
    const broken = Uint32Array.from(this.brokenWith(numbers))
    const change = this.changeBetween(numbersIn(before), broken)
    this.assignments += numbers.length - (to - from)
    this.conflicts += broken.length - (before.to - before.from)
    this.changed.set(owner, { entitlements: Uint32Array.from(numbers), broken })
    this.revision++
    if (this.changed.size > Math.max(changedHoldersMin, this.holders.names.length * changedShareMax)) this.layOut()
    return change
  }

  private changeBetween(before: readonly number[], after: Numbers): Change {
    const [old, now] = [new Set(before), new Set(after)]
    return {
      appeared: [...now.difference(old)].map((number) => this.ruleId(number)),
      resolved: [...old.difference(now)].map((number) => this.ruleId(number)),
    }
  }

  private layOut(): void {
    const count = this.holders.names.length
    const changed = [...this.changed].sort(([a], [b]) => a - b)
    const entitlements = changed.map(([owner, held]) => [owner, held.entitlements] as const)
    const broken = changed.map(([owner, held]) => [owner, held.broken] as const)
    this.held = replaced(this.held, entitlements, count, this.entitlementLimit)
    this.broken = replaced(this.broken, broken, count, this.duties.rules.length)
    this.changed.clear()
  }

  private judged({ starts, items }: Lists): Lists {
    const brokenStarts = new Uint32Array(starts.length)
    const found = new Growing()
    for (let owner = 0; owner < starts.length - 1; owner++) {
      const count = this.judge.broken(items, starts[owner], starts[owner + 1])
      for (let place = 0; place < count; place++) found.push(this.judge.found[place] as number)
      brokenStarts[owner + 1] = found.length
    }
    return { starts: brokenStarts, items: narrowest(found.filled(), this.duties.rules.length) }
  }

  private heldBy(owner: number): Slice {
    const changed = this.changed.get(owner)
    return changed === undefined ? sliceAt(this.held, owner) : whole(changed.entitlements)
  }

  private brokenAt(owner: number): Slice {
    const changed = this.changed.get(owner)
    return changed === undefined ? sliceAt(this.broken, owner) : whole(changed.broken)
  }

  private ruleIds(slice: Slice): RuleId[] {
    return numbersIn(slice).map((number) => this.ruleId(number))
  }

  private ruleId(number: number): RuleId {
    return this.duties.ruleNumbers.names[number] as string
  }

  private get entitlementLimit(): number {
    return this.duties.entitlements.names.length + this.unknown.names.length
  }

  private numberOf(entitlement: EntitlementKey): number | undefined {
    const known = this.duties.entitlements.numberOf(entitlement)
    if (known !== undefined) return known
    const unknown = this.unknown.numberOf(entitlement)
    return unknown === undefined ? undefined : this.duties.entitlements.names.length + unknown
  }

  private numberFor(entitlement: EntitlementKey): number {
    const known = this.duties.entitlements.numberOf(entitlement)
    return known ?? this.duties.entitlements.names.length + this.unknown.numberFor(entitlement)
  }

  private nameOf(number: number): EntitlementKey {
    const known = this.duties.entitlements.names
    return (number < known.length ? known[number] : this.unknown.names[number - known.length]) as string
  }

  private assertUnchanged(revision: number): void {
    if (revision !== this.revision) throw new Error('holdings were changed while they were read; read them again')
  }
}
