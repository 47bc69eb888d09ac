/** What is asked about coverage and envelopes. It takes a while in a large organisation, so it is not asked again for every news. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, yes } from '../app/api.ts'
import type { Weeks } from './weeks.ts'

export const coverageQuery = (weeks: Weeks, group: string | undefined, oversees: boolean) =>
  queryOptions({
    queryKey: ['coverage', group ?? 'everybody', weeks],
    queryFn: ({ signal }) =>
      yes(
        api.coverage(
          {
            weeks: String(weeks),
            limit: '60',
            remedy: oversees ? 'true' : 'false',
            ...(group === undefined ? {} : { group }),
          },
          { signal },
        ),
      ),
    enabled: oversees || group !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
    refetchOnWindowFocus: false,
  })

export const standbyQuery = (group: string) =>
  queryOptions({
    queryKey: ['standby', group],
    queryFn: ({ signal }) => yes(api.standby({ group }, { signal })),
    staleTime: 60_000,
    refetchInterval: 300_000,
  })

export const standbyPictureQuery = (group: string, system: string, person: string) =>
  queryOptions({
    queryKey: ['standby-picture', group, system, person],
    queryFn: ({ signal }) => yes(api.standbyPicture({ group, system, person }, { signal })),
    staleTime: 60_000,
  })

export const envelopesQuery = queryOptions({
  queryKey: ['waivers', 'envelopes'],
  queryFn: ({ signal }) => yes(api.waivers({ kind: 'break-glass', limit: 100 }, { signal })),
  refetchInterval: 60_000,
})
