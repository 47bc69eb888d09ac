/**
 * Who holds what, and who holds a conflict today? Takes assignments by name, judges everybody once and then only the
 * holder whose assignments change. The one thing here that changes in place, since nobody copies a million holders to
 * move one; after every change it answers exactly as a scan from nothing would.
 */
import type { CompiledDuties } from './compile.ts'
import { EntitlementNames } from './entitlement-names.ts'
import { Judged } from './judged.ts'
import { Growing, listed, Numbering, numbersIn, sortedLists, whole } from './lists.ts'
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

const noChange: Change = { appeared: [], resolved: [] }

/** @returns everybody's holdings, judged. Repeated assignments count once. */
export function scan(duties: CompiledDuties, assignments: Iterable<Assignment>): Holdings {
  return new Holdings(duties, assignments)
}

export class Holdings {
  readonly duties: CompiledDuties
  private readonly holders = new Numbering()
  private readonly entitlements: EntitlementNames
  private readonly judged: Judged

  constructor(duties: CompiledDuties, assignments: Iterable<Assignment>) {
    this.duties = duties
    this.entitlements = new EntitlementNames(duties.entitlements)
    const [owners, items] = [new Growing(), new Growing()]
    for (const { holder, entitlement } of assignments) {
      owners.push(this.holders.numberFor(holder))
      items.push(this.entitlements.numberFor(entitlement))
    }
    const held = sortedLists(owners.filled(), items.filled(), this.holders.names.length, this.entitlements.count)
    this.judged = new Judged(duties, held)
  }

  /** Holders who ever had an assignment; one may hold nothing now. */
  get holdersCount(): number {
    return this.holders.names.length
  }

  get assignmentsCount(): number {
    return this.judged.assignmentsCount
  }

  /** Pairs of a holder and a rule they break. */
  get conflictsCount(): number {
    return this.judged.conflictsCount
  }

  /** Bytes of the arrays, without the names of holders and entitlements and without what changed since. */
  get arrayBytes(): number {
    return this.judged.arrayBytes
  }

  /** In the order of the entitlements' numbers; empty for somebody who holds nothing. */
  entitlementsOf(holder: HolderId): EntitlementKey[] {
    return this.numbersOf(holder).map((number) => this.entitlements.nameOf(number))
  }

  has({ holder, entitlement }: Assignment): boolean {
    const [owner, item] = [this.holders.numberOf(holder), this.entitlements.numberOf(entitlement)]
    return owner !== undefined && item !== undefined && listed(this.judged.heldBy(owner), item)
  }

  /** The rules this holder breaks, in the order of their ids. */
  brokenBy(holder: HolderId): RuleId[] {
    const owner = this.holders.numberOf(holder)
    return owner === undefined ? [] : numbersIn(this.judged.brokenBy(owner)).map((rule) => this.ruleId(rule))
  }

  /** Numbers as `duties` has them; beyond those for entitlements that nobody described. */
  numbersOf(holder: HolderId): number[] {
    const owner = this.holders.numberOf(holder)
    return owner === undefined ? [] : numbersIn(this.judged.heldBy(owner))
  }

  /** The rules that would be broken with these entitlements, all by number; a question, not a change. */
  brokenWith(entitlements: readonly number[]): number[] {
    return numbersIn(whole(this.judged.brokenWith(entitlements)))
  }

  /** Everybody who breaks something, with the numbers of the rules. @throws when holdings change while it is read */
  *brokenHolders(): Generator<{ readonly holder: HolderId; readonly rules: readonly number[] }> {
    const { revision } = this.judged
    for (let owner = 0; owner < this.holders.names.length; owner++) {
      const rules = this.judged.brokenBy(owner)
      if (rules.to === rules.from) continue
      yield { holder: this.holders.names[owner] as HolderId, rules: numbersIn(rules) }
      this.assertUnchanged(revision)
    }
  }

  /** Every conflict, holder by holder. @throws when holdings change while it is read */
  *allBroken(): Generator<Broken> {
    const { names } = this.duties.ruleNumbers
    const { revision } = this.judged
    for (let owner = 0; owner < this.holders.names.length; owner++) {
      const { items, from, to } = this.judged.brokenBy(owner)
      const holder = this.holders.names[owner] as HolderId
      for (let place = from; place < to; place++) {
        yield { holder, rule: names[items[place] as number] as RuleId }
        this.assertUnchanged(revision)
      }
    }
  }

  /** Every assignment, holder by holder. @throws when holdings change while it is read */
  *allAssignments(): Generator<Assignment> {
    const { revision } = this.judged
    for (const [owner, holder] of this.holders.names.entries()) {
      const { items, from, to } = this.judged.heldBy(owner)
      for (let place = from; place < to; place++) {
        yield { holder, entitlement: this.entitlements.nameOf(items[place] as number) }
        this.assertUnchanged(revision)
      }
    }
  }

  /** Entitlements that are held and described nowhere: what they let one do is not known, so it is in no answer. */
  undescribed(): { readonly entitlement: EntitlementKey; readonly holdersCount: number }[] {
    const counts = new Map(this.entitlements.undescribed.map((name) => [name, 0]))
    if (counts.size === 0) return []
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
    const item = this.entitlements.numberFor(entitlement)
    const before = this.numbersOf(holder)
    return before.includes(item) ? noChange : this.replace(holder, [...before, item].sort(ascending))
  }

  /** Judges this holder again, and nobody else. */
  remove({ holder, entitlement }: Assignment): Change {
    if (!this.has({ holder, entitlement })) return noChange
    const item = this.entitlements.numberOf(entitlement)
    return this.replace(
      holder,
      this.numbersOf(holder).filter((number) => number !== item),
    )
  }

  /** Everything this holder holds from now on. Judges this holder again, and nobody else. */
  set(holder: HolderId, entitlements: Iterable<EntitlementKey>): Change {
    const numbers = new Set([...entitlements].map((name) => this.entitlements.numberFor(name)))
    return this.replace(holder, [...numbers].sort(ascending))
  }

  /** Judges everybody again, as a scan of the same assignments would. @returns how many conflicts there are */
  rescan(): number {
    this.judged.rescan(this.holders.names.length, this.entitlements.count)
    return this.conflictsCount
  }

  private replace(holder: HolderId, numbers: readonly number[]): Change {
    const owner = this.holders.numberFor(holder)
    const before = new Set(this.brokenBy(holder))
    this.judged.replace(owner, numbers, this.holders.names.length, this.entitlements.count)
    const after = new Set(this.brokenBy(holder))
    return { appeared: [...after.difference(before)], resolved: [...before.difference(after)] }
  }

  private ruleId(number: number): RuleId {
    return this.duties.ruleNumbers.names[number] as RuleId
  }

  private assertUnchanged(revision: number): void {
    if (revision !== this.judged.revision)
      throw new Error('holdings were changed while they were read; read them again')
  }
}

function ascending(a: number, b: number): number {
  return a - b
}
