/** What is asked of the API about one waiver. The id is the second part of every key, so that news about it make all of them old. */
import { queryOptions } from '@tanstack/react-query'
import { api, yes } from '../app/api.ts'

export const waiverQuery = (id: string) =>
  queryOptions({ queryKey: ['waiver', id], queryFn: ({ signal }) => yes(api.waiver(id, { signal })) })

export const contextQuery = (id: string) =>
  queryOptions({
    queryKey: ['context', id],
    queryFn: ({ signal }) => yes(api.context(id, { signal })),
    staleTime: 20_000,
  })

export const pictureQuery = (id: string) =>
  queryOptions({
    queryKey: ['picture', id],
    queryFn: ({ signal }) => yes(api.picture(id, {}, { signal })),
    staleTime: 20_000,
  })

export const behindQuery = (id: string) =>
  queryOptions({
    queryKey: ['behind', id],
    queryFn: ({ signal }) => yes(api.behind(id, { signal })),
    staleTime: 20_000,
  })

export const eventsQuery = (id: string) =>
  queryOptions({ queryKey: ['events', id], queryFn: ({ signal }) => yes(api.events(id, { signal })) })

export const eligibleQuery = (id: string) =>
  queryOptions({
    queryKey: ['eligible', id],
    queryFn: ({ signal }) => yes(api.eligible(id, { signal })),
    staleTime: 20_000,
  })
