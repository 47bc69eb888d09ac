/**
 * Which conflicts does somebody answer for, and which nobody? A conflict is covered while a waiver tolerates it or a
 * compensating control mitigates it: not before, not after, and only as long as the control is kept. A waiver tolerates
 * the two accesses it names, so the same rule broken by other access beside them is covered by nothing.
 */
import type { PersonId } from '../directory.ts'
import type { ControlId } from '../policy.ts'
import { type Instant, instantOf, millisOf } from '../time.ts'
import type { Waiver } from '../waiver.ts'
import type { Broken, Holdings } from './holdings.ts'
import { type EntitlementKey, entitlementKey, type HolderId, type RuleId, type SeparationRule } from './rules.ts'

/** That somebody answers for a holder breaking a rule. */
export interface Cover {
  /** The waiver or the mitigation. */
  readonly id: string
  readonly holder: HolderId
  readonly rule: RuleId
  readonly from: Instant
  /** From this instant on it covers nothing. */
  readonly until: Instant
  /** One that the rule accepts and that is kept is enough. */
  readonly controls: readonly CoverControl[]
  /** The two that may be held together; absent: whatever breaks the rule. */
  readonly tolerates?: readonly [EntitlementKey, EntitlementKey]
}

export interface CoverControl {
  readonly control: ControlId
  readonly owner: PersonId
  /** When the next evidence is due; from then on it is not kept. Absent: not kept. */
  readonly dueAt?: Instant
}

/** A compensating control over what a holder holds for longer than a waiver lasts. */
export interface Mitigation {
  readonly id: string
  readonly holder: HolderId
  readonly rule: RuleId
  readonly control: ControlId
  readonly owner: PersonId
  readonly from: Instant
  readonly until: Instant
  /** Evidence is due this often, counted from the last or from the beginning. */
  readonly everySeconds: number
  readonly evidencedAt?: Instant
}

export type CoverGap =
  | 'not-begun'
  | 'ended'
  | 'time-unreadable'
  /** The rule takes no such control; a rule without controls takes none. */
  | 'control-not-accepted'
  | 'control-not-kept'
  /** Whoever holds the conflict watches over it. */
  | 'control-owner-is-holder'
  /** The rule would be broken by other access than it tolerates. */
  | 'other-access'

export interface Covered extends Broken {
  readonly by: readonly string[]
}

export interface Uncovered extends Broken {
  /** What would cover it and does not. Usually empty. */
  readonly not: readonly { readonly id: string; readonly why: CoverGap }[]
}

export interface Coverage {
  readonly covered: readonly Covered[]
  readonly uncovered: readonly Uncovered[]
  /** Covers of something that nobody breaks now. */
  readonly idle: readonly Cover[]
}

/** Pairs that are tolerated in one conflict; the cost doubles with each, so with more it counts as not covered. */
const toleratedPairsMax = 10

export function coverageOf(holdings: Holdings, covers: readonly Cover[], now: Instant): Coverage {
  const byConflict = new Map<string, Cover[]>()
  for (const cover of covers) {
    const key = keyOf(cover)
    byConflict.set(key, [...(byConflict.get(key) ?? []), cover])
  }
  const [covered, uncovered]: [Covered[], Uncovered[]] = [[], []]
  for (const broken of holdings.allBroken()) {
    const own = byConflict.get(keyOf(broken)) ?? []
    byConflict.delete(keyOf(broken))
    const answer = own.length === 0 ? { by: nothing, not: nothing } : judge(holdings, broken, own, now)
    if (answer.by.length > 0) covered.push({ ...broken, by: answer.by })
    else uncovered.push({ ...broken, not: answer.not })
  }
  return { covered, uncovered, idle: [...byConflict.values()].flat() }
}

/** @returns the cover that a mitigation is. Evidence that claims to come from the future is not evidence. */
export function coverOfMitigation(mitigation: Mitigation, now: Instant): Cover {
  const { id, holder, rule, control, owner, from, until, everySeconds, evidencedAt } = mitigation
  const believed = evidencedAt !== undefined && millisOf(evidencedAt) <= millisOf(now) ? evidencedAt : from
  const due = millisOf(believed) + everySeconds * 1000
  const dueAt = Number.isNaN(due) ? {} : { dueAt: instantOf(due) }
  return { id, holder, rule, from, until, controls: [{ control, owner, ...dueAt }] }
}

/**
 * @returns the cover that a running sod-exception is; `undefined` for any other waiver. Where a missed control is only
 * reported, one that was missed is not kept any more; where it suspends, whoever resumed the waiver decided on that.
 */
export function coverOfWaiver({ id, status, terms, activation, controls, obligations }: Waiver): Cover | undefined {
  if (status !== 'active' || activation === undefined || terms.exception === undefined) return undefined
  const isKept = (missedCount: number) => missedCount === 0 || obligations.missedControl === 'suspend'
  return {
    id,
    holder: terms.beneficiary,
    rule: terms.exception.rule,
    from: activation.at,
    until: activation.end,
    controls: controls.map(({ control, owner, dueAt, missedCount }) => ({
      control,
      owner,
      ...(dueAt !== undefined && isKept(missedCount) ? { dueAt } : {}),
    })),
    tolerates: [entitlementKey(terms.access), entitlementKey(terms.exception.other)],
  }
}

const nothing: readonly never[] = []

function judge(
  holdings: Holdings,
  broken: Broken,
  covers: readonly Cover[],
  now: Instant,
): Pick<Covered, 'by'> & Pick<Uncovered, 'not'> {
  const rule = holdings.duties.rules[holdings.duties.ruleNumbers.numberOf(broken.rule) as number] as SeparationRule
  const answers = covers.map((cover) => ({ cover, why: gapOf(cover, rule, now) }))
  const live = answers.flatMap(({ cover, why }) => (why === undefined ? [cover] : []))
  const whole = live.filter(({ tolerates }) => tolerates === undefined)
  const tolerated = whole.length > 0 || toleratesAll(holdings, broken, live)
  return {
    by: tolerated ? (whole.length > 0 ? whole : live).map(({ id }) => id) : nothing,
    not: answers.map(({ cover, why }) => ({ id: cover.id, why: why ?? 'other-access' })),
  }
}

function gapOf(cover: Cover, rule: SeparationRule, now: Instant): CoverGap | undefined {
  const [from, until, at] = [millisOf(cover.from), millisOf(cover.until), millisOf(now)]
  if (Number.isNaN(from + until + at)) return 'time-unreadable'
  if (at < from) return 'not-begun'
  if (at >= until) return 'ended'
  const gaps = cover.controls.map((control) => controlGap(control, cover.holder, rule, at))
  return gaps.includes(undefined)
    ? undefined
    : (gaps.find((gap) => gap !== 'control-not-accepted') ?? 'control-not-accepted')
}

function controlGap(
  { control, owner, dueAt }: CoverControl,
  holder: HolderId,
  rule: SeparationRule,
  at: number,
): CoverGap | undefined {
  if (!rule.controls.includes(control)) return 'control-not-accepted'
  if (owner === holder) return 'control-owner-is-holder'
  return dueAt !== undefined && at < millisOf(dueAt) ? undefined : 'control-not-kept'
}

/** True when every way to break the rule needs a pair that is tolerated: whichever of each pair is left out, it holds. */
function toleratesAll(holdings: Holdings, { holder, rule }: Broken, covers: readonly Cover[]): boolean {
  const pairs = covers.flatMap(({ tolerates = [] }) => (tolerates.length === 2 ? [tolerates] : []))
  if (pairs.length === 0 || pairs.length > toleratedPairsMax) return false
  const number = holdings.duties.ruleNumbers.numberOf(rule) as number
  const numbers = pairs.map((pair) => pair.map((id) => holdings.duties.entitlements.numberOf(id)))
  const stillBroken = (held: readonly number[], from: number): boolean => {
    if (!holdings.brokenWith(held).includes(number)) return false
    const pair = numbers.slice(from).find((each) => each.every((id) => id !== undefined && held.includes(id)))
    if (pair === undefined) return true
    const next = numbers.indexOf(pair) + 1
    return pair.some((left) =>
      stillBroken(
        held.filter((id) => id !== left),
        next,
      ),
    )
  }
  return !stillBroken(holdings.numbersOf(holder), 0)
}

function keyOf({ holder, rule }: Broken): string {
  return `${holder.length}:${holder}${rule}`
}
