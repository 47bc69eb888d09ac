/** How it stands now, in the numbers that somebody should not have to look for. */
import { useQuery } from '@tanstack/react-query'
import { Figure, FigureRow } from '../chart/figure.tsx'
import { Problem } from '../shell/problem.tsx'
import type { Days } from './days.ts'
import style from './oversight.module.css'
import { figuresQuery } from './queries.ts'

export function Standing({ days }: { readonly days: Days }) {
  const { data, error, refetch } = useQuery(figuresQuery(days))
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.tiles} aria-busy="true" />
  const { open, live, reviewsOpen, reviewsOverdue, removalsOpen } = data.standing
  return (
    <FigureRow>
      <Figure name="Open removals" tone={removalsOpen > 0 ? 'bad' : 'good'} says="should be gone, not yet seen to be">
        {removalsOpen}
      </Figure>
      <Figure
        name="Overdue reviews"
        tone={reviewsOverdue > 0 ? 'bad' : 'good'}
        says={`of ${reviewsOpen} that are open`}
      >
        {reviewsOverdue}
      </Figure>
      <Figure name="Live access" says={`of ${open} open waivers`}>
        {live}
      </Figure>
    </FigureRow>
  )
}
