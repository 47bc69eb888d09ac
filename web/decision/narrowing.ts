/**
 * What a decider signs instead of what was asked: less, never more. A draft starts from the terms that wait and can only
 * shrink; what it leaves out is said in words, and is the very thing that is sent. The engine checks it once more.
 */
import type { Narrowing, TermsView } from '../../src/client/index.ts'
import { lengthWords, localWords, secondsBetween } from '../time/words.ts'

export interface Draft {
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  readonly end: string
  readonly openForSeconds?: number
}

export function draftOf({ access, window }: TermsView): Draft {
  return { resources: access.resources, actions: access.actions, end: window.end }
}

/** @returns the draft without, or again with, one resource or action; never one that was not asked for, never none. */
export function toggled(asked: readonly string[], chosen: readonly string[], one: string): readonly string[] {
  const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]
  return next.length === 0 ? chosen : asked.filter((name) => next.includes(name))
}

/** An end that is neither later than what was asked nor before access could begin. */
export function endWithin({ window }: TermsView, end: string, now: number): string {
  const earliest = Math.max(Date.parse(window.start), now) + 60_000
  const wanted = Math.max(Date.parse(end), Math.min(earliest, Date.parse(window.end)))
  return wanted >= Date.parse(window.end) ? window.end : new Date(wanted).toISOString()
}

/** @returns what is sent; nothing when the draft is what was asked. */
export function narrowingOf(asked: TermsView, { resources, actions, end }: Draft): Narrowing | undefined {
  const narrowing = {
    ...(resources.length < asked.access.resources.length ? { resources: [...resources] } : {}),
    ...(actions.length < asked.access.actions.length ? { actions: [...actions] } : {}),
    ...(end === asked.window.end ? {} : { window: { end } }),
  }
  return Object.keys(narrowing).length === 0 ? undefined : narrowing
}

/** The difference in words, one line each. */
export function differenceWords(asked: TermsView, draft: Draft, now: number): string[] {
  const without = (all: readonly string[], kept: readonly string[]) => all.filter((name) => !kept.includes(name))
  const shorter = secondsBetween(draft.end, asked.window.end)
  return [
    ...without(asked.access.resources, draft.resources).map((name) => `without ${name}`),
    ...without(asked.access.actions, draft.actions).map((name) => `without ${name}`),
    ...(shorter > 0 ? [`ends ${lengthWords(shorter)} earlier, ${localWords(draft.end, now)}`] : []),
  ]
}
