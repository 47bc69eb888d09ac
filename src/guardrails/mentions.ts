/**
 * Whom and what does a guardrail name? A name that leads nowhere would forbid nothing without a word, so places have to
 * be in the catalogue when the files are read, and people, workloads and teams in the directory at every use.
 */
import type { Policy } from '../core/policy.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { Cedar } from './cedar.ts'

export interface Mentions {
  /** Ids of the directory. */
  readonly nodes: readonly string[]
  readonly problems: readonly string[]
}

const prefixes: Readonly<Record<string, string>> = { Person: 'per_', Workload: 'wl_', Team: 'team_' }

export function mentionsIn(policy: Cedar.PolicyJson, { systems }: Pick<Policy, 'systems'>): Mentions {
  const resources = Object.values(systems).flatMap(({ id, entitlements }) =>
    Object.values(entitlements).flatMap((one) => one.resources.map((name) => `${id}/${name}`)),
  )
  const nodes = new Set<string>()
  const problems: string[] = []
  for (const { type, id } of namesIn(policy)) {
    const prefix = Object.hasOwn(prefixes, type) ? prefixes[type] : undefined
    if (prefix !== undefined && id.startsWith(prefix)) nodes.add(id)
    else if (prefix !== undefined) problems.push(`\`${type}::"${id}"\`: ids of that kind begin with \`${prefix}\``)
    const places = type === 'System' ? Object.keys(systems) : type === 'Resource' ? resources : undefined
    if (places !== undefined && !places.includes(id))
      problems.push(`\`${type}::"${id}"\` is nothing in the catalogue${didYouMean(id, places)}`)
  }
  return { nodes: [...nodes], problems }
}

/** Entities stand in the form of a policy as an object of a type and an id, and nothing else does. */
function namesIn(value: unknown): readonly Cedar.TypeAndId[] {
  if (typeof value !== 'object' || value === null) return []
  const { type, id } = value as Readonly<Record<string, unknown>>
  if (typeof type === 'string' && typeof id === 'string') return [{ type, id }]
  return Object.values(value).flatMap(namesIn)
}
