/** What is asked of the API about the directory. It changes seldom; what is decided about it is asked for again at once. */
import { queryOptions } from '@tanstack/react-query'
import { api, ProblemError, yes } from '../app/api.ts'
import type { Looking, Two } from './looking.ts'

export const directoryQuery = queryOptions({
  queryKey: ['directory'],
  queryFn: ({ signal }) => yes(api.directory({ signal })),
  staleTime: 30_000,
})

export const foundQuery = ({ find = '', kind }: Looking) =>
  queryOptions({
    queryKey: ['nodes', kind, find, 'page'],
    queryFn: ({ signal }) =>
      yes(api.nodes({ search: find, limit: 60, ...(kind === undefined ? {} : { kind }) }, { signal })),
    enabled: find !== '',
    staleTime: 30_000,
  })

export const nodeQuery = (id: string) =>
  queryOptions({ queryKey: ['node', id], queryFn: ({ signal }) => yes(api.node(id, { signal })), staleTime: 30_000 })

/** Who says what; nothing for whoever may not see it. */
export const provenanceQuery = (id: string) =>
  queryOptions({
    queryKey: ['provenance', id],
    queryFn: async ({ signal }) => {
      const answer = await api.provenance(id, { signal })
      if (!answer.ok && answer.problem.code === 'not-permitted') return null
      if (!answer.ok) throw new ProblemError(answer.problem)
      return answer.value
    },
    staleTime: 30_000,
  })

export const linksQuery = queryOptions({
  queryKey: ['links', 'links'],
  queryFn: ({ signal }) => yes(api.links({ signal })),
  staleTime: 10_000,
})

export const holdsQuery = queryOptions({
  queryKey: ['holds', 'holds'],
  queryFn: ({ signal }) => yes(api.holds({ signal })),
  staleTime: 10_000,
})

export const holdQuery = (source: string) =>
  queryOptions({ queryKey: ['hold', 'holds', source], queryFn: ({ signal }) => yes(api.hold(source, { signal })) })

export const twoQuery = ({ asker = '', decider = '', system }: Two) => {
  const pair = { asker, decider, ...(system === undefined ? {} : { system }) }
  return queryOptions({
    queryKey: ['two', asker, decider, system],
    queryFn: async ({ signal }) => {
      const [picture, words] = await Promise.all([
        yes(api.explainPicture(pair, { signal })),
        yes(api.explain(pair, { signal })),
      ])
      return { picture, words }
    },
    enabled: asker !== '' && decider !== '',
    staleTime: 20_000,
  })
}
