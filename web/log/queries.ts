/** What is asked about the log. Heads are judged where they are fetched, so that no page can show one unjudged. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, yes } from '../app/api.ts'
import { checkRecord } from './check-record.ts'
import { lookAtHead } from './head.ts'
import { type Looking, questionOf } from './looking.ts'

export const headQuery = queryOptions({
  queryKey: ['log-head'],
  queryFn: ({ signal }) => lookAtHead(signal),
  refetchInterval: 10_000,
})

export const recordsQuery = (looking: Looking) =>
  infiniteQueryOptions({
    queryKey: ['records', looking],
    queryFn: ({ signal, pageParam }) => {
      const question = questionOf(looking)
      if (question === undefined) return { records: [], names: {} }
      return yes(api.records({ ...question, limit: 40, ...(pageParam === 0 ? {} : { before: pageParam }) }, { signal }))
    },
    initialPageParam: 0,
    getNextPageParam: ({ next }: { next?: number | undefined }) => next,
  })

/** Record and head of one moment: a record sealed since the head was signed needs a newer head. */
export const proofQuery = (position: number) =>
  queryOptions({
    queryKey: ['proof', position],
    queryFn: async ({ signal }) => {
      const detail = await yes(api.record(position, { signal }))
      const head = await lookAtHead(signal)
      const checked = 'checkpoint' in head ? await checkRecord(detail, head.checkpoint, signal) : undefined
      return { detail, head, checked }
    },
    refetchInterval: ({ state: { data } }) =>
      data?.checked?.steps.some(({ outcome }) => outcome === 'incomplete') === true ? 3_000 : false,
  })
