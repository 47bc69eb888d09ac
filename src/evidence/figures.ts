/** The figures of a period: how many, how fast decided, how long open, refused for what, removed and reviewed how soon. */
import { plusSeconds, secondsBetween, type Window } from '../core/time.ts'
import { actsIn, isIn } from './checks/check.ts'
import type { Act, Life, Story } from './lives.ts'

export interface Figures {
  readonly requests: number
  readonly approvals: number
  readonly denials: number
  readonly lapses: number
  readonly activations: number
  readonly extensions: number
  readonly envelopesOpened: number
  readonly narrowed: number
  readonly refusedAttempts: number
  /** Seconds from being asked for to being decided, either way. */
  readonly decided: Spread
  /** Seconds from the start of access to its end. */
  readonly open: Spread
  /** Seconds from the end of access to its being seen to be gone. */
  readonly removed: Spread
  readonly reviewsClosed: number
  readonly reviewsOverdue: number
  readonly removalsOpen: number
  /** Most frequent first. */
  readonly refusedFor: readonly (readonly [code: string, count: number])[]
  readonly bySystem: readonly (readonly [system: string, count: number])[]
  /** Weeks of the period from its start. */
  readonly weeks: readonly Week[]
}

/** Of some lengths of time, in whole seconds; absent where there were none. */
export interface Spread {
  readonly count: number
  readonly median?: number
  readonly slowestTenth?: number
  readonly longest?: number
}

export interface Week {
  readonly start: string
  readonly approved: number
  readonly denied: number
  readonly refused: number
}

export function figuresOf(story: Story, period: Window): Figures {
  const count = (...types: Parameters<typeof actsIn>[2][]) => actsIn(story, period, ...types).length
  const refused = story.attempts.filter(({ recorded }) => isIn(period, recorded.at))
  const started = actsIn(story, period, 'ActivationStarted')
  return {
    requests: count('WaiverRequested'),
    approvals: count('WaiverCountersigned'),
    denials: count('WaiverDenied', 'ExtensionDenied', 'ResumptionDenied'),
    lapses: count('WaiverLapsed', 'ExtensionLapsed', 'ResumptionLapsed'),
    activations: started.length,
    extensions: count('ExtensionCountersigned'),
    envelopesOpened: started.filter(({ life }) => life.waiver.terms.kind === 'break-glass').length,
    narrowed: count('TermsNarrowed'),
    refusedAttempts: refused.length,
    decided: spreadOf(decisionSeconds(story, period)),
    open: spreadOf(accessSeconds(story, period)),
    removed: spreadOf(removalSeconds(story, period)),
    reviewsClosed: count('ReviewClosed'),
    reviewsOverdue: story.lives.filter(({ waiver }) => isOverdue(waiver.review, period.end)).length,
    removalsOpen: story.lives.filter(({ waiver }) => waiver.removal.state === 'open').length,
    refusedFor: tally(refused.map(({ code }) => code)),
    bySystem: tally(actsIn(story, period, 'WaiverRequested').map(({ life }) => life.waiver.terms.access.system)),
    weeks: weeksOf(story, period),
  }
}

function isOverdue(review: Life['waiver']['review'], at: string): boolean {
  return review !== undefined && review.closed === undefined && review.dueAt < at
}

function decisionSeconds(story: Story, period: Window): readonly number[] {
  return actsIn(story, period, 'WaiverCountersigned', 'WaiverDenied').flatMap(({ act, life }) => {
    const isComplete = act.event.type === 'WaiverDenied' || act.event.complete
    return isComplete ? [secondsBetween(life.waiver.requestedAt, act.event.at)] : []
  })
}

function accessSeconds(story: Story, period: Window): readonly number[] {
  return endsIn(story, period).flatMap(({ act, life }) => {
    const started = life.waiver.activation?.at
    return started === undefined ? [] : [secondsBetween(started, act.event.at)]
  })
}

function removalSeconds(story: Story, period: Window): readonly number[] {
  return endsIn(story, period).flatMap(({ act, life }) => {
    const gone = life.acts.slice(life.acts.indexOf(act)).find(({ event }) => event.type === 'RemovalVerified')
    return gone === undefined ? [] : [secondsBetween(act.event.at, gone.event.at)]
  })
}

function endsIn({ lives }: Story, period: Window): readonly { readonly act: Act; readonly life: Life }[] {
  return lives.flatMap((life) =>
    life.acts
      .filter(
        ({ before, after, event }) => before?.end === undefined && after.end !== undefined && isIn(period, event.at),
      )
      .map((act) => ({ act, life })),
  )
}

function spreadOf(seconds: readonly number[]): Spread {
  if (seconds.length === 0) return { count: 0 }
  const sorted = seconds.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number)
  return { count: sorted.length, median: at(0.5), slowestTenth: at(0.9), longest: at(1) }
}

function tally(names: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
}

const weekSeconds = 7 * 86_400

function weeksOf(story: Story, { start, end }: Window): readonly Week[] {
  const weeks: Week[] = []
  for (let from = start; from < end; from = plusSeconds(from, weekSeconds)) {
    const to = plusSeconds(from, weekSeconds)
    const week = { start: from, end: to < end ? to : end }
    weeks.push({
      start: from,
      approved: actsIn(story, week, 'WaiverCountersigned').length,
      denied: actsIn(story, week, 'WaiverDenied').length,
      refused: story.attempts.filter(({ recorded }) => isIn(week, recorded.at)).length,
    })
  }
  return weeks
}
