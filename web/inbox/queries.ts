/** What waits, and what has to be looked back at. */
import { queryOptions } from '@tanstack/react-query'
import { api, yes } from '../app/api.ts'

export const inboxQuery = queryOptions({
  queryKey: ['inbox'],
  queryFn: ({ signal }) => yes(api.inbox({ signal })),
  // Also without news something becomes too late.
  refetchInterval: 60_000,
})

export const reviewsQuery = queryOptions({
  queryKey: ['reviews'],
  queryFn: ({ signal }) => yes(api.reviews({ limit: 100 }, { signal })),
  refetchInterval: 300_000,
})
