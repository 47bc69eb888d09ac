/** May this reader say that something about the directory is so? A hint for what is offered; the attempt decides. */
import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../app/queries.ts'
import { entry, useCatalogue } from '../catalogue/catalogue.ts'

export function useMayCheck(): boolean {
  const { data: me } = useQuery(meQuery)
  const { rules } = useCatalogue()
  if (me === undefined || rules === undefined) return false
  const checks = (pool: string) =>
    entry(rules.pools, pool)?.decides.some((what) => what === 'rules' || what === 'security') === true
  return me.founder || me.pools.some(checks)
}
