/** What a check is, and the acts that several of them look at. */
import type { Instant, Window } from '../../core/time.ts'
import type { WaiverEvent } from '../../core/waiver.ts'
import { type Act, actsOf, type Life, type Story } from '../lives.ts'

export interface Check {
  /** What it looks at, in the plural. */
  readonly looked: string
  readonly look: (story: Story, period: Window) => Looked
}

export interface Looked {
  readonly count: number
  readonly lapses: readonly Lapse[]
}

/** One thing that did not hold: the event that shows it, and what it shows. */
export interface Lapse {
  readonly event: string
  readonly says: string
}

export type Approval = Act<
  Extract<WaiverEvent, { type: 'WaiverCountersigned' | 'ExtensionCountersigned' | 'ResumptionCountersigned' }>
>

export function isIn({ start, end }: Window, at: Instant): boolean {
  return at >= start && at < end
}

export interface Of<One> {
  readonly life: Life
  readonly act: One
}

export function approvalsIn({ lives }: Story, period: Window): readonly Of<Approval>[] {
  return lives.flatMap((life) =>
    actsOf(life, 'WaiverCountersigned', 'ExtensionCountersigned', 'ResumptionCountersigned')
      .filter(({ event }) => isIn(period, event.at))
      .map((act) => ({ life, act })),
  )
}

export function actsIn<Type extends WaiverEvent['type']>(
  { lives }: Story,
  period: Window,
  ...types: readonly Type[]
): readonly Of<Act<Extract<WaiverEvent, { type: Type }>>>[] {
  return lives.flatMap((life) =>
    actsOf(life, ...types)
      .filter(({ event }) => isIn(period, event.at))
      .map((act) => ({ life, act })),
  )
}

/** A check that looks at each of some acts and asks what is wrong with it; `undefined` when nothing is. */
export function each<One extends { readonly recorded: { readonly id: string } }>(
  looked: string,
  those: (story: Story, period: Window) => readonly Of<One>[],
  wrong: (act: One, life: Life, period: Window) => string | undefined,
): Check {
  return {
    looked,
    look(story, period) {
      const found = those(story, period)
      const lapses = found.flatMap(({ act, life }) => {
        const says = wrong(act, life, period)
        return says === undefined ? [] : [{ event: act.recorded.id, says }]
      })
      return { count: found.length, lapses }
    },
  }
}
