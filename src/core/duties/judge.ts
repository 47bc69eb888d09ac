/**
 * Which rules does somebody break who holds these entitlements? Counts, for every rule that the held functions touch,
 * how many of its functions there are, and touches nothing else: the cost follows what is held, not how many rules
 * there are. Keeps its counters between questions, so one judge answers one question at a time.
 */
import type { CompiledDuties } from './compile.ts'
import { type Lists, listsOf, type Numbers, numbersIn, sliceAt } from './lists.ts'

export class Judge {
  /** The rules found last, by number; only the first so many as `broken` returned. */
  readonly found: Uint32Array
  private readonly duties: CompiledDuties
  private readonly known: number
  /** For every entitlement its functions, without those that no rule asks for. */
  private readonly askedFor: Lists
  /** For which question a function or a rule was last seen; saves clearing the counters. */
  private readonly functionSeen: Uint32Array
  /** Times `span`, and how many of its functions are held: one number to look up, and nothing to clear. */
  private readonly ruleSeen: Uint32Array
  /** More than any rule has functions. */
  private readonly span: number
  private readonly questionMax: number
  private question = 0

  constructor(duties: CompiledDuties) {
    this.duties = duties
    this.known = duties.entitlements.names.length
    this.askedFor = askedForIn(duties)
    this.found = new Uint32Array(duties.rules.length)
    this.functionSeen = new Uint32Array(duties.functions.length)
    this.ruleSeen = new Uint32Array(duties.rules.length)
    this.span = 1 + Math.max(1, ...duties.rules.map(({ functions }) => functions.length))
    this.questionMax = Math.floor(0xffff_ffff / this.span) - 1
  }

  /**
   * Entitlements by number, `from` to, not including, `to`; numbers beyond the compiled ones hold nothing.
   * @returns how many rules are broken; they stand in `found`, ascending.
   */
  broken(entitlements: Numbers | readonly number[], from = 0, to = entitlements.length): number {
    const { starts, items } = this.askedFor
    const { functionSeen, known } = this
    const question = this.nextQuestion()
    let count = 0
    for (let place = from; place < to; place++) {
      const entitlement = entitlements[place] as number
      if (entitlement >= known) continue
      const end = starts[entitlement + 1] as number
      for (let at = starts[entitlement] as number; at < end; at++) {
        const func = items[at] as number
        if (functionSeen[func] === question) continue
        functionSeen[func] = question
        count = this.countFunction(func, question * this.span, count)
      }
    }
    if (count > 1) sortFirst(this.found, count)
    return count
  }

  /** `none`: what a rule's number is when nothing of it was held yet, in this question. */
  private countFunction(func: number, none: number, before: number): number {
    const { rulesOf, conflictsFrom } = this.duties
    const { starts, items } = rulesOf
    const { ruleSeen, found } = this
    const end = starts[func + 1] as number
    let count = before
    for (let at = starts[func] as number; at < end; at++) {
      const rule = items[at] as number
      const seen = ruleSeen[rule] as number
      const held = seen > none ? seen + 1 : none + 1
      ruleSeen[rule] = held
      if (held - none === conflictsFrom[rule]) found[count++] = rule
    }
    return count
  }

  private nextQuestion(): number {
    if (this.question === this.questionMax) {
      this.functionSeen.fill(0)
      this.ruleSeen.fill(0)
      this.question = 0
    }
    return ++this.question
  }
}

function askedForIn({ functionsOf, rulesOf, functions, entitlements }: CompiledDuties): Lists {
  const isAsked = (func: number) => (rulesOf.starts[func + 1] as number) > (rulesOf.starts[func] as number)
  const lists = entitlements.names.map((_, entitlement) => numbersIn(sliceAt(functionsOf, entitlement)).filter(isAsked))
  return listsOf(lists, functions.length)
}

/** Most break few rules, and for few the detour over a view and the general way takes longer than sorting. */
const fewMax = 32

function sortFirst(numbers: Uint32Array, count: number): void {
  if (count > fewMax) {
    numbers.subarray(0, count).sort()
    return
  }
  for (let next = 1; next < count; next++) {
    const number = numbers[next] as number
    let place = next
    for (; place > 0 && (numbers[place - 1] as number) > number; place--) numbers[place] = numbers[place - 1] as number
    numbers[place] = number
  }
}
