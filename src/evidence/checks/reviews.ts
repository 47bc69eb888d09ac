/** Was everything looked back at, in time, by somebody who had no part in it? */
import type { Waiver } from '../../core/waiver.ts'
import type { Story } from '../lives.ts'
import { actsIn, type Check, isIn, type Lapse } from './check.ts'

export const reviewChecks = {
  'review/after': { looked: 'reviews closed or due', look: reviews } satisfies Check,
}

function reviews(story: Story, period: Parameters<Check['look']>[1]): ReturnType<Check['look']> {
  const closed = actsIn(story, period, 'ReviewClosed', 'EventReviewed')
  const partial = closed.flatMap(({ act, life }): Lapse[] =>
    tookPart(act.before ?? life.waiver).has(act.event.by)
      ? [{ event: act.recorded.id, says: `${act.event.by} reviewed what they had a part in` }]
      : [],
  )
  const due = story.lives.filter(({ waiver: { review } }) => review !== undefined && isIn(period, review.dueAt))
  const late = due.flatMap(({ acts, waiver }): Lapse[] => {
    const opened = acts.find(({ event }) => event.type === 'ReviewOpened')
    const at = waiver.review?.closed?.at
    const dueAt = waiver.review?.dueAt ?? ''
    if (opened === undefined || (at !== undefined && at <= dueAt)) return []
    return [
      { event: opened.recorded.id, says: `it was due ${dueAt} and ${at === undefined ? 'is open' : `closed ${at}`}` },
    ]
  })
  const lives = new Set([...closed.map(({ life }) => life.id), ...due.map(({ id }) => id)])
  return { count: lives.size, lapses: [...partial, ...late] }
}

function tookPart({ requester, chain, terms, endorsers, approvals, activation }: Waiver): ReadonlySet<string> {
  const activator = activation === undefined ? [] : [activation.by]
  return new Set([requester, ...chain, terms.beneficiary, ...endorsers, ...approvals.map(({ by }) => by), ...activator])
}
