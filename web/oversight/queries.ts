/** What is asked for overseeing. Figures are counted over months and are not asked for again with every news. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, yes } from '../app/api.ts'
import { nowMillis } from '../time/clock.ts'
import type { Days } from './days.ts'

/** Midnight, so many days ago; the same for everybody who asks on the same day. */
export function startOf(days: Days): string {
  return new Date(Math.floor(nowMillis() / 86_400_000 - days) * 86_400_000).toISOString()
}

const counted = { staleTime: 60_000, placeholderData: keepPreviousData, refetchInterval: 300_000 } as const

export const figuresQuery = (days: Days) =>
  queryOptions({
    queryKey: ['figures', days],
    queryFn: ({ signal }) => yes(api.figures({ from: startOf(days) }, { signal })),
    ...counted,
  })

export const approvalsQuery = (days: Days) =>
  queryOptions({
    queryKey: ['approvals', days],
    queryFn: ({ signal }) => yes(api.approvals({ from: startOf(days), limit: 20 }, { signal })),
    ...counted,
  })

export const removalsQuery = queryOptions({
  queryKey: ['removals'],
  queryFn: ({ signal }) => yes(api.removals({ limit: 100 }, { signal })),
  refetchInterval: 60_000,
})

export const driftQuery = queryOptions({
  queryKey: ['drift', 'all'],
  queryFn: ({ signal }) => yes(api.drift({ limit: '100' }, { signal })),
  refetchInterval: 300_000,
})

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['drift', id],
    queryFn: ({ signal }) => yes(api.driftFinding(id, { signal })),
  })

export const standingAccessQuery = queryOptions({
  queryKey: ['standing-access'],
  queryFn: ({ signal }) => yes(api.standingAccess({ limit: '200' }, { signal })),
  staleTime: 300_000,
})
