/**
 * Plays a history from its first act to its last and keeps what each act meant at that moment: which grants it was
 * about, what it did to the promised end, and where it contradicts what came before. A history is taken at its word and
 * in its order; what does not fit together is said, not repaired.
 */
import type { SaidEnd } from '../calendar.ts'
import type { Act } from '../history.ts'
import type { GrantLife, Promised } from './life.ts'
import { contradicts, hadPassed, type Move, moveOf } from './moves.ts'

export const contradictions = ['granted-again', 'changed-not-held', 'removed-not-held', 'end-moved-unrecorded'] as const
export type Contradiction = (typeof contradictions)[number]

/** What one act meant when it was done. */
export interface Meaning {
  /** The grants it is about, by index. */
  readonly grants: readonly number[]
  /** Absent for acts that say nothing about an end, and for beginnings. */
  readonly move?: Move
  /** The promised end that it moved, or under which it was granted or removed. */
  readonly endBefore: SaidEnd
  /** The promised end had passed when this was done. `undefined`: not known. */
  readonly afterEnd?: boolean
  /** The reason is, letter for letter, the one that was there before. `undefined`: not known. */
  readonly sameReason?: boolean
  readonly contradictions: readonly Contradiction[]
}

interface Draft extends Omit<GrantLife, 'promises' | 'acts'> {
  entitlement?: string
  team?: string
  removed?: { at: string; day: string }
  promises: Promised[]
  acts: number[]
  laterCount: number
  laterAfterEndCount: number
  movesCount: number
  reason?: string | null
}

export interface Replay {
  readonly grants: readonly GrantLife[]
  /** One for each act, in order. */
  readonly meanings: readonly Meaning[]
}

export function replay(acts: readonly Act[]): Replay {
  const register = new Register()
  const meanings = acts.map((act) => register.take(act))
  return { grants: register.grants.map(({ reason: _, ...life }) => life), meanings }
}

class Register {
  readonly grants: Draft[] = []
  private readonly open = new Map<string, Draft>()
  private readonly byBeneficiary = new Map<string, Set<Draft>>()

  take(act: Act): Meaning {
    switch (act.kind) {
      case 'granted':
        return this.granted(act)
      case 'removed':
        return this.removed(act)
      case 'end-changed':
      case 'access-changed':
      case 'noted':
        return this.changed(act)
      default:
        return act.kind satisfies never
    }
  }

  private granted(act: Act): Meaning {
    const held = this.open.get(keyOf(act))
    if (held === undefined) {
      const draft = this.begin(act, { start: { at: act.at, day: act.day } })
      return meaning([draft], { endBefore: act.until, ...ifKnown('afterEnd', hadPassed(act.until, act)) })
    }
    const endBefore = endOf(held)
    held.acts.push(act.index)
    promise(held, act)
    remember(held, act)
    return meaning([held], { endBefore, contradictions: ['granted-again'] })
  }

  private removed(act: Act): Meaning {
    const held = this.about(act)
    if (held.length === 0) return this.removedUnheard(act)
    const found = held.flatMap((draft) => unrecorded(draft, act))
    const endBefore = act.untilBefore === 'unknown' ? endOf(held[0] as Draft) : act.untilBefore
    for (const draft of held) {
      draft.acts.push(act.index)
      draft.removed = { at: act.at, day: act.day }
      this.close(draft)
    }
    return meaning(held, { endBefore, contradictions: once(found), ...ifKnown('afterEnd', hadPassed(endBefore, act)) })
  }

  /** Something was in force that the history never saw begin. */
  private removedUnheard(act: Act): Meaning {
    if (isAboutEverything(act)) return meaning([], { endBefore: act.untilBefore, contradictions: ['removed-not-held'] })
    const draft = this.begin({ ...act, until: act.untilBefore }, {})
    draft.removed = { at: act.at, day: act.day }
    this.close(draft)
    const afterEnd = ifKnown('afterEnd', hadPassed(act.untilBefore, act))
    return meaning([draft], { endBefore: act.untilBefore, contradictions: ['removed-not-held'], ...afterEnd })
  }

  private changed(act: Act): Meaning {
    const held = this.about(act)
    const found = held.flatMap((draft) => unrecorded(draft, act))
    const endBefore =
      act.untilBefore === 'unknown' ? (held[0] === undefined ? 'unknown' : endOf(held[0])) : act.untilBefore
    const move = act.until === 'unknown' && act.kind !== 'end-changed' ? undefined : moveOf(endBefore, act.until)
    const afterEnd = hadPassed(endBefore, act)
    const sameReason = reasonStays(held, act)
    const unheard = held.length === 0 && !isAboutEverything(act)
    const drafts = unheard ? [this.begin({ ...act, until: endBefore }, {})] : held
    for (const draft of drafts) apply(draft, act, move, afterEnd === true, unheard)
    return meaning(drafts, {
      endBefore,
      contradictions: [...(unheard ? (['changed-not-held'] as const) : []), ...once(found)],
      ...ifKnown('move', move),
      ...ifKnown('afterEnd', afterEnd),
      ...ifKnown('sameReason', sameReason),
    })
  }

  private about(act: Act): Draft[] {
    if (isAboutEverything(act)) return [...(this.byBeneficiary.get(act.beneficiary ?? '') ?? [])]
    const held = this.open.get(keyOf(act))
    return held === undefined ? [] : [held]
  }

  private begin(act: Act, start: Pick<GrantLife, 'start'>): Draft {
    const { beneficiary, grant, system, entitlement, team } = act
    const draft: Draft = {
      index: this.grants.length,
      key: keyOf(act),
      ...ifKnown('beneficiary', beneficiary),
      ...ifKnown('grant', grant),
      ...ifKnown('system', system),
      ...ifKnown('entitlement', entitlement),
      ...ifKnown('team', team),
      ...start,
      promises: [{ at: act.at, day: act.day, end: act.until }],
      acts: [act.index],
      laterCount: 0,
      laterAfterEndCount: 0,
      movesCount: 0,
      ...ifKnown('reason', act.reason),
    }
    this.grants.push(draft)
    this.open.set(draft.key, draft)
    const others = this.byBeneficiary.get(beneficiary ?? '')
    if (others === undefined) this.byBeneficiary.set(beneficiary ?? '', new Set([draft]))
    else others.add(draft)
    return draft
  }

  private close(draft: Draft): void {
    this.open.delete(draft.key)
    this.byBeneficiary.get(draft.beneficiary ?? '')?.delete(draft)
  }
}

/** The same grant: by its name where it has one, or else by who has what where. */
function keyOf({ grant, beneficiary, system, entitlement }: Act): string {
  return JSON.stringify(grant === undefined ? [beneficiary, system, entitlement] : [grant])
}

function isAboutEverything({ grant, entitlement, kind }: Act): boolean {
  return grant === undefined && entitlement === undefined && (kind === 'end-changed' || kind === 'removed')
}

function endOf(draft: Draft): SaidEnd {
  return draft.promises.at(-1)?.end ?? 'unknown'
}

function apply(draft: Draft, act: Act, move: Move | undefined, afterEnd: boolean, begun: boolean): void {
  if (!begun) draft.acts.push(act.index)
  if (move !== undefined) promise(draft, act)
  if (move !== undefined && move !== 'same') draft.movesCount += 1
  if (move === 'later') draft.laterCount += 1
  if (move === 'later' && afterEnd) draft.laterAfterEndCount += 1
  remember(draft, act)
}

/** A change that does not say the new end leaves nobody knowing it. */
function promise(draft: Draft, { at, day, until }: Act): void {
  draft.promises.push({ at, day, end: until })
}

function remember(draft: Draft, { entitlement, team, reason }: Act): void {
  if (entitlement !== undefined) draft.entitlement = entitlement
  if (team !== undefined) draft.team = team
  if (reason !== undefined) draft.reason = reason
}

function reasonStays(held: readonly Draft[], { reason }: Act): boolean | undefined {
  const before = held[0]?.reason
  return before === undefined || before === null || reason === undefined ? undefined : reason === before
}

/** The end stands elsewhere than where the history last left it: somebody moved it without a record. */
function unrecorded(draft: Draft, { untilBefore }: Act): Contradiction[] {
  return contradicts(endOf(draft), untilBefore) ? ['end-moved-unrecorded'] : []
}

function meaning(grants: readonly Draft[], rest: Partial<Meaning> & Pick<Meaning, 'endBefore'>): Meaning {
  return { contradictions: [], ...rest, grants: grants.map(({ index }) => index) }
}

function once<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)]
}

function ifKnown<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Exclude<Value, undefined> } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Exclude<Value, undefined> })
}
