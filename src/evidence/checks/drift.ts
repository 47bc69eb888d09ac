/**
 * Was what had drifted answered? Whatever was found live without a waiver, for longer, or again and again, ends or is looked
 * back on by somebody independent within a week. That it was found at all is what the record of it shows.
 */
import type { DriftEvent } from '../../core/drift.ts'
import { type Instant, plusSeconds, type Window } from '../../core/time.ts'
import type { Finding, Recorded, Story } from '../lives.ts'
import { type Check, isIn, type Lapse } from './check.ts'

export const driftChecks = {
  'drift/found': { looked: 'findings of drift', look: findings } satisfies Check,
}

/** Time to find whoever knows the target; and what is left alone for longer nobody looks at. */
const answeredDaysMax = 7

/** One time that something was there and asked to be looked at: it appeared, or changed after it had been looked at. */
interface Appearance {
  readonly recorded: Recorded
  readonly kind: string
  readonly answeredAt?: Instant
}

function findings(story: Story, period: Window): ReturnType<Check['look']> {
  const seen = story.findings.map(appearancesOf).map((all) => all.filter((one) => wasThere(one, period)))
  const late = seen.flat().flatMap((one) => unanswered(one, period))
  const near = story.findings.flatMap((finding) => dependentReviews(finding, period))
  return { count: seen.filter((all) => all.length > 0).length, lapses: [...late, ...near] }
}

function appearancesOf({ acts }: Finding): readonly Appearance[] {
  const all: Appearance[] = []
  for (const { recorded, event } of acts) {
    const last = all.at(-1)
    const waits = last !== undefined && last.answeredAt === undefined
    const { at } = recorded
    if (isAnswer(event)) {
      if (waits) all[all.length - 1] = { ...last, answeredAt: at }
    } else if (!waits && 'drift' in event) all.push({ recorded, kind: event.drift.kind })
  }
  return all
}

function isAnswer({ type }: DriftEvent): boolean {
  return type === 'DriftEnded' || type === 'HabitEnded' || type === 'DriftReviewed'
}

function wasThere({ recorded, answeredAt }: Appearance, { start, end }: Window): boolean {
  return recorded.at < end && (answeredAt === undefined || answeredAt >= start)
}

function unanswered({ recorded, kind, answeredAt }: Appearance, { end }: Window): readonly Lapse[] {
  const dueAt = plusSeconds(recorded.at, answeredDaysMax * 86_400)
  if (dueAt >= end || (answeredAt !== undefined && answeredAt <= dueAt)) return []
  const since = answeredAt === undefined ? 'nobody has looked back on it' : `it was answered at ${answeredAt}`
  return [{ event: recorded.id, says: `${kind} was found at ${recorded.at}, is there for over a week, and ${since}` }]
}

/** @returns looks back by somebody who was not outside, as the verdict in the record says itself. */
function dependentReviews({ acts }: Finding, period: Window): readonly Lapse[] {
  return acts.flatMap(({ recorded, event }): readonly Lapse[] => {
    if (event.type !== 'DriftReviewed' || !isIn(period, recorded.at) || event.verdict.independent) return []
    return [{ event: recorded.id, says: `${event.by} looked back on it and is not independent` }]
  })
}
