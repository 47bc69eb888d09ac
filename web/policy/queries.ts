/** What is asked of the API about the rules: what they did lately, and changes to them. */
import { queryOptions } from '@tanstack/react-query'
import { api, ProblemError, yes } from '../app/api.ts'

/** Nothing for whoever may not see it. */
export const activityQuery = queryOptions({
  queryKey: ['policy', 'activity'],
  queryFn: async ({ signal }) => {
    const answer = await api.policyActivity({ days: 90 }, { signal })
    if (!answer.ok && answer.problem.code === 'not-permitted') return null
    if (!answer.ok) throw new ProblemError(answer.problem)
    return answer.value
  },
  staleTime: 60_000,
})

export const changesQuery = queryOptions({
  queryKey: ['changes', 'changes'],
  queryFn: ({ signal }) => yes(api.changes({ signal })),
  staleTime: 10_000,
})

export const changeQuery = (id: string) =>
  queryOptions({ queryKey: ['change', id], queryFn: ({ signal }) => yes(api.change(id, { signal })) })
