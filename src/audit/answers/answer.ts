/** The shape of an answer: a question as an auditor asks it, sentences that hold the numbers, and the figures behind. */
import type { FigureCode } from '../report.ts'

/** How it went, at a glance. `unknown`: the history does not say enough to answer. */
export type Tone = 'bad' | 'look' | 'good' | 'unknown'

export interface Answer {
  readonly id: QuestionId
  readonly question: string
  readonly tone: Tone
  /** A word or two that sum it up. */
  readonly verdict: string
  readonly sentences: readonly string[]
  readonly figures: readonly FigureCode[]
}

export const questionIds = [
  'own-changes',
  'independence',
  'instead',
  'deciders',
  'ends',
  'removal',
  'extensions',
  'new-decisions',
  'standing',
  'reasons',
] as const
export type QuestionId = (typeof questionIds)[number]
