/**
 * Did somebody write a secret into a policy file? Settings that carry secrets must be references (`env:NAME`,
 * `file:/path`); anything that looks like a value of one is refused, because files are read by many and kept for ever.
 * A secret is never repeated in the message.
 */
import type { Merged } from './policy-merge.ts'
import type { Path, Problem } from './yaml.ts'

const secretName = /(?:password|passwd|passphrase|secret|token|credential|api_?-?key|private_?-?key|access_?-?key)s?$/i
const connectionName = /(?:^|[a-z_-])(?:connectionstring|connection_string|dsn)$/i
const reference = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\p{Cc}]+)$/u
const secretShapes: readonly RegExp[] = [
  /:\/\/[^/\s:@]*:[^/\s@]+@/, //                a password inside an address
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/, //      a key in PEM
  /\bAKIA[0-9A-Z]{16}\b/, //                    cloud access keys
  /\b(?:ghp|gho|ghs|github_pat|glpat|xoxb|xoxp)[-_][A-Za-z0-9_-]{16,}/, // tokens of common services
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./, // JSON web tokens
]

const what = 'must be a reference such as `env:NAME` or `file:/run/secrets/name`, never the secret itself'

/** @returns a problem for every setting of a connector or an entitlement's target that holds a secret. */
export function secretProblems(merged: Merged): readonly Problem[] {
  const problems: Problem[] = []
  for (const connector of merged.connectors.values()) {
    for (const path of secretPaths(connector.value.settings, ['settings']))
      problems.push({ where: connector.at(path), message: what })
  }
  for (const system of merged.systems.values()) {
    for (const [id, { target }] of Object.entries(system.value.entitlements)) {
      for (const path of secretPaths(target, ['entitlements', id, 'target']))
        problems.push({ where: system.at(path), message: what })
    }
  }
  return problems
}

function secretPaths(value: unknown, path: Path): readonly Path[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      secretPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    )
  }
  const name = String(path.at(-1))
  const named = secretName.test(name) || connectionName.test(name)
  if (value === null || typeof value === 'boolean') return []
  const text = String(value)
  if (reference.test(text)) return []
  return named || secretShapes.some((shape) => shape.test(text)) ? [path] : []
}
