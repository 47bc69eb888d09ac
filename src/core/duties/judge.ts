/**
 * Which rules does somebody break who holds these entitlements? Counts, for every rule that the held functions touch,
 * how many of its functions there are, and touches nothing else: the cost follows what is held, not how many rules
 * there are. Keeps its counters between questions, so one judge answers one question at a time.
 */
import type { CompiledDuties } from './compile.ts'
import type { Numbers } from './lists.ts'

export class Judge {
  /** The rules found last, by number; only the first so many as `broken` returned. */
  readonly found: Uint32Array
  private readonly duties: CompiledDuties
  private readonly known: number
  /** For which question a function or a rule was last seen; saves clearing the counters. */
  private readonly functionSeen: Uint32Array
  private readonly ruleSeen: Uint32Array
  private readonly ruleCount: Uint16Array
  private question = 0

  constructor(duties: CompiledDuties) {
    this.duties = duties
    this.known = duties.entitlements.names.length
    this.found = new Uint32Array(duties.rules.length)
    this.functionSeen = new Uint32Array(duties.functions.length)
    this.ruleSeen = new Uint32Array(duties.rules.length)
    this.ruleCount = new Uint16Array(duties.rules.length)
  }

  /**
   * Entitlements by number, `from` to, not including, `to`; numbers beyond the compiled ones hold nothing.
   * @returns how many rules are broken; they stand in `found`, ascending.
   */
  broken(entitlements: Numbers | readonly number[], from = 0, to = entitlements.length): number {
    const { starts, items } = this.duties.functionsOf
    const question = this.nextQuestion()
    let count = 0
    for (let place = from; place < to; place++) {
      const entitlement = entitlements[place] as number
      if (entitlement >= this.known) continue
      const end = starts[entitlement + 1] as number
      for (let at = starts[entitlement] as number; at < end; at++) {
        const func = items[at] as number
        if (this.functionSeen[func] === question) continue
        this.functionSeen[func] = question
        count = this.countFunction(func, question, count)
      }
    }
    if (count > 1) this.found.subarray(0, count).sort()
    return count
  }

  private countFunction(func: number, question: number, found: number): number {
    const { starts, items } = this.duties.rulesOf
    const end = starts[func + 1] as number
    let count = found
    for (let at = starts[func] as number; at < end; at++) {
      const rule = items[at] as number
      const held = this.ruleSeen[rule] === question ? (this.ruleCount[rule] as number) + 1 : 1
      this.ruleSeen[rule] = question
      this.ruleCount[rule] = held
      if (held === this.duties.conflictsFrom[rule]) this.found[count++] = rule
    }
    return count
  }

  private nextQuestion(): number {
    if (this.question === 0xffff_ffff) {
      this.functionSeen.fill(0)
      this.ruleSeen.fill(0)
      this.question = 0
    }
    return ++this.question
  }
}
