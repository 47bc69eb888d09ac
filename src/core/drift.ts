/** Drift and habit: what is live beside what waivers say, and what waivers come to over time. */
export {
  type Drift,
  type DriftEvent,
  type DriftFinding,
  type DriftId,
  type DriftKind,
  driftKey,
  driftKinds,
  type EndOfDrift,
  ended,
  evolveDrift,
  found,
  isHabit,
} from './drift/finding.ts'
export { type HabitSeen, habitDrift, usageOf, waiversNamedMax } from './drift/habits.ts'
export { driftOn, type Look, type SeenHolding } from './drift/on-target.ts'
export { orphanDrift } from './drift/orphans.ts'
export {
  type Knowledge,
  knowledgeNow,
  type ReadingContent,
  readEverySeconds,
  readingSecondsMax,
} from './drift/reading.ts'
export { againstDriftReview, askingOfDrift, type DriftReviewCommand, decideDriftReview } from './drift/review.ts'
export { type DriftWords, driftWords } from './drift/words.ts'
