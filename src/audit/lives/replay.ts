/**
 * Plays a history from its first act to its last and keeps what each act meant at that moment: which grants it was
 * about, what it did to the promised end, and where it contradicts what came before. A history is taken at its word and
 * in its order; what does not fit together is said, not repaired.
 */
import type { SaidEnd } from '../calendar.ts'
import type { Act } from '../history.ts'
import {
  apply,
  type Draft,
  endOf,
  ifKnown,
  isAboutEverything,
  keyOf,
  promise,
  reasonStays,
  remember,
  unrecorded,
} from './draft.ts'
import type { GrantLife } from './life.ts'
import { hadPassed, type Move, moveOf } from './moves.ts'

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

function meaning(grants: readonly Draft[], rest: Partial<Meaning> & Pick<Meaning, 'endBefore'>): Meaning {
  return { contradictions: [], ...rest, grants: grants.map(({ index }) => index) }
}

function once<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)]
}
