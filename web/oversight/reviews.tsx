/** Looks back that are due, the overdue ones first; those that the reader may take stand out. Each is taken on its waiver. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Reviews as Listed } from '../../src/client/index.ts'
import { reviewsQuery } from '../inbox/queries.ts'
import { ReviewRow } from '../inbox/review-row.tsx'
import { Rows } from '../inbox/rows.tsx'
import { Problem } from '../shell/problem.tsx'
import style from './oversight.module.css'

const shownAtFirst = 5

export function Reviews() {
  const [all, setAll] = useState(false)
  const { data, error, refetch } = useQuery(reviewsQuery)
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.tiles} aria-busy="true" />
  const { reviews, names, complete } = data
  const shown = all ? reviews : reviews.slice(0, shownAtFirst)
  return (
    <div className={style.reviews}>
      <Rows title="Reviews due" count={reviews.length} {...says(reviews)} empty={<None />}>
        {shown.map((review) => (
          <ReviewRow key={review.waiver} review={review} names={names} />
        ))}
      </Rows>
      {reviews.length > shownAtFirst && (
        <button type="button" className={style.textual} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${reviews.length - shownAtFirst} more`}
        </button>
      )}
      {!complete && <p className="soft">There are more than could be looked at; close some, and more appear.</p>}
    </div>
  )
}

function says(reviews: Listed['reviews']): { readonly says?: string } {
  if (reviews.length === 0) return {}
  const mine = reviews.filter(({ mayReview }) => mayReview).length
  const late = reviews.filter(({ overdue }) => overdue).length
  return { says: `${late} overdue; you may close ${mine === reviews.length ? 'all of them' : mine}. ` }
}

function None() {
  return (
    <p className={style.empty}>
      Nothing is left to look back at. Every waiver ends in a review by somebody who had no part in it; those that are
      due stand here.
    </p>
  )
}
