/**
 * Numbers for every entitlement that anybody holds: those that were compiled keep theirs, and whatever else turns up is
 * numbered behind them, so that an entitlement nobody described is kept and told rather than dropped.
 */
import { Numbering } from './lists.ts'
import type { EntitlementKey } from './rules.ts'

export class EntitlementNames {
  private readonly described: Numbering
  private readonly others = new Numbering()

  constructor(described: Numbering) {
    this.described = described
  }

  /** One more than the highest number. */
  get count(): number {
    return this.described.names.length + this.others.names.length
  }

  get undescribed(): readonly EntitlementKey[] {
    return this.others.names
  }

  numberOf(name: EntitlementKey): number | undefined {
    const known = this.described.numberOf(name)
    if (known !== undefined) return known
    const other = this.others.numberOf(name)
    return other === undefined ? undefined : this.described.names.length + other
  }

  numberFor(name: EntitlementKey): number {
    return this.described.numberOf(name) ?? this.described.names.length + this.others.numberFor(name)
  }

  nameOf(number: number): EntitlementKey {
    const { names } = this.described
    return (number < names.length ? names[number] : this.others.names[number - names.length]) as EntitlementKey
  }
}
