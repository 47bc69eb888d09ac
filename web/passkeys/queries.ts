/** What is asked of the API about passkeys. */
import { queryOptions } from '@tanstack/react-query'
import { api, yes } from '../app/api.ts'

export const ownPasskeysQuery = queryOptions({
  queryKey: ['passkeys', 'own'],
  queryFn: ({ signal }) => yes(api.passkeys({}, { signal })),
  staleTime: 30_000,
})

export const waitingPasskeysQuery = queryOptions({
  queryKey: ['passkeys', 'waiting'],
  queryFn: ({ signal }) => yes(api.passkeys({ waiting: true }, { signal })),
  staleTime: 30_000,
})

export const passkeysOfQuery = (of: string) =>
  queryOptions({ queryKey: ['passkeys', of], queryFn: ({ signal }) => yes(api.passkeys({ of }, { signal })) })

export const passkeyQuery = (id: string) =>
  queryOptions({ queryKey: ['passkeys', 'one', id], queryFn: ({ signal }) => yes(api.passkey(id, { signal })) })

export const challengeQuery = (id: string) =>
  queryOptions({
    queryKey: ['challenge', id],
    queryFn: ({ signal }) => yes(api.challenge(id, { signal })),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
