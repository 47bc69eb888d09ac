/** What the rules call things: names for the ids of systems, entitlements, pools, tiers and controls. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Policy } from '../../src/core/policy.ts'
import { api, yes } from '../app/api.ts'

/** As the API passes it on: settings of targets are left out for most. */
export type Rules = Pick<Policy, 'tiers' | 'systems' | 'pools' | 'dutyRules' | 'functions' | 'controls'>

export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => yes(api.policy({ signal })),
  staleTime: 300_000,
})

export interface Catalogue {
  readonly rules: Rules | undefined
  system(id: string): string
  entitlement(system: string, id: string): string
  pool(id: string): string
  control(id: string): string
  rule(id: string): string
}

export function useCatalogue(): Catalogue {
  const { data } = useQuery(policyQuery)
  const rules = data?.policy as Rules | undefined
  return {
    rules,
    system: (id) => entry(rules?.systems, id)?.name ?? bare(id),
    entitlement: (system, id) => entry(entry(rules?.systems, system)?.entitlements, id)?.name ?? id,
    pool: (id) => (id === 'target-owners' ? 'owners of the system' : (entry(rules?.pools, id)?.name ?? id)),
    control: (id) => entry(rules?.controls, id)?.name ?? id,
    rule: (id) => entry(rules?.dutyRules, id)?.name ?? id,
  }
}

/** Never something every object inherits. */
export function entry<Value>(entries: Readonly<Record<string, Value>> | undefined, id: string): Value | undefined {
  return entries !== undefined && Object.hasOwn(entries, id) ? entries[id] : undefined
}

function bare(id: string): string {
  return id.replace(/^[a-z]+_/, '')
}
