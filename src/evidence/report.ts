/** Evidence of one period: the story, the figures and what was examined, ready for any of the forms it is written in. */
import type { Instant, Window } from '../core/time.ts'
import { type EvidencedControlId, evidencedControlIds } from './controls.ts'
import { type Examined, examine } from './examine.ts'
import { type Figures, figuresOf } from './figures.ts'
import { type Recorded, type Story, storyOf } from './lives.ts'
import { type Subject, subjectOf } from './ocsf.ts'

export interface EvidenceReport {
  /** Of which installation, by its public address. */
  readonly installation: string
  readonly madeAt: Instant
  readonly version: string
  readonly period: Window
  readonly examined: readonly Examined[]
  readonly figures: Figures
  readonly records: readonly Recorded[]
  /** What each waiver of the records was about. */
  readonly subjects: ReadonlyMap<string, Subject>
  /** Names of ids that occur; what is not in it is shown as its id. */
  readonly names: Readonly<Record<string, string>>
  /** Bodies that were erased: what they say of their streams cannot be examined any more. */
  readonly erasedCount: number
}

export interface EvidenceInput {
  readonly installation: string
  readonly madeAt: Instant
  readonly version: string
  readonly period: Window
  readonly controls?: readonly EvidencedControlId[]
  /** The whole feed from its first event to at least the end of the period, in order. */
  readonly records: readonly Recorded[]
  readonly names: Readonly<Record<string, string>>
}

export function reportOf({ records, controls = evidencedControlIds, ...about }: EvidenceInput): EvidenceReport {
  const { period } = about
  const story: Story = storyOf(records.filter(({ at }) => at < period.end))
  return {
    ...about,
    examined: examine(story, period, controls),
    figures: figuresOf(story, period),
    records: records.filter(({ at }) => at >= period.start && at < period.end),
    subjects: new Map(story.lives.map(({ id, waiver }) => [id, subjectOf(waiver)])),
    erasedCount: story.erasedCount,
  }
}
