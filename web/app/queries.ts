/** What was asked of the API and how long an answer counts. Whoever turns out not to be signed in is asked to sign in. */
import { notifyManager, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query'
import { heldWhilePressed } from '../live/held.ts'
import { setClock } from '../time/clock.ts'
import { api, ProblemError, rememberProof, yes } from './api.ts'

const lostMax = 2

// Answers are told to the page through this, whoever asked for them.
notifyManager.setScheduler(heldWhilePressed(window))

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (isSignedOut(error) && query.queryKey[0] !== 'session')
        void queries.invalidateQueries({ queryKey: ['session'] })
    },
  }),
  defaultOptions: {
    queries: {
      // The client asks a 503 again by itself. Beside that only an answer that got lost gets better by being asked for again.
      retry: (failures, error) => failures < lostMax && isLost(error),
      // What a browser believes about its network says nothing about a server on the same machine, or behind a tunnel.
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
})

export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'unauthenticated'
}

function isLost(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'unreachable'
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await yes(api.session({ signal }))
    rememberProof(session.proof)
    setClock(session.now)
    return session
  },
  staleTime: 60_000,
  // Notices the end of a session also on a page nobody touches.
  refetchInterval: 120_000,
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => yes(api.me({ signal })),
  staleTime: 60_000,
})
