/** The same question asked of the plain facts, slowly: what can somebody use right now? For comparison only. */
import type { DirectoryFacts, NodeId } from '../directory.ts'
import type { EntitlementName } from './held.ts'

const control = new Set(['owns', 'operates', 'created', 'holds-credential-of', 'delegates-to', 'member-of', 'part-of'])

export function compileAlike({ relations, access = [] }: DirectoryFacts, asked: NodeId): EntitlementName[] {
  const acts = new Set([asked])
  for (const id of acts) {
    for (const { from, relation, to } of relations) if (from === id && control.has(relation)) acts.add(to)
  }
  const names = access
    .filter(({ holder }) => acts.has(holder))
    .map(({ system, entitlement }) => `${system}/${entitlement}`)
  return [...new Set(names)].sort().map((name) => {
    const [system = '', entitlement = ''] = name.split('/')
    return { system, entitlement }
  })
}
