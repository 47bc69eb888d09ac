/**
 * How a name in a file becomes an id: `maria` is `per_maria` wherever a person is meant. A prefix that is already there
 * stays; the prefix of another kind is the writer's mistake and is said so.
 */

/** The prefixes of `core/directory.ts`, with what they stand for in a message. */
export const prefixes = {
  per: 'a person',
  acc: 'an account',
  team: 'a team',
  wl: 'a workload',
  sys: 'a system',
  rota: 'a rota',
} as const

export type Prefix = keyof typeof prefixes

/** @returns the id with its prefix, whether it was written or not. */
export function withPrefix(prefix: Prefix, name: string): string {
  return prefixOf(name) === prefix ? name : `${prefix}_${name}`
}

/** @returns the prefix that was written, or `undefined` for a bare name such as `maria`. */
export function prefixOf(name: string): Prefix | undefined {
  const end = name.indexOf('_')
  const prefix = end < 0 ? '' : name.slice(0, end)
  return Object.hasOwn(prefixes, prefix) ? (prefix as Prefix) : undefined
}

/** @returns what is wrong with naming this where one of `allowed` is meant; `undefined` when nothing is. */
export function wrongPrefix(name: string, allowed: readonly Prefix[]): string | undefined {
  const prefix = prefixOf(name)
  if (prefix === undefined || allowed.includes(prefix)) return undefined
  return `\`${name}\` is ${prefixes[prefix]}, expected ${allowed.map((each) => prefixes[each]).join(' or ')}`
}
