/**
 * Whom does this name in the file mean? Bare names are looked up among what the files define, of the kinds that fit the
 * place; a name that fits two is refused rather than picked, and one that fits none comes with its nearest match.
 */
import type { NodeId } from '../../core/directory.ts'
import type { DirectoryContent } from '../../files/directory.ts'
import { type Prefix, prefixes, prefixOf, wrongPrefix } from '../../files/reference.ts'
import type { Problem } from '../../files/yaml.ts'
import { didYouMean } from '../../lib/nearest.ts'

export class Names {
  readonly problems: Problem[] = []
  private readonly known: ReadonlySet<NodeId>

  constructor(content: DirectoryContent) {
    const sections = [content.people, content.teams, content.workloads, content.systems, content.rotas]
    const elsewhere = content.elsewhere.map(({ value }) => value)
    this.known = new Set([...sections.flatMap((section) => [...section.keys()]), ...elsewhere])
    for (const { value, at } of content.elsewhere) {
      if (prefixOf(value) === undefined)
        this.report(at(), `\`${value}\` needs its prefix here: \`per_…\`, \`team_…\`, …`)
    }
  }

  /** @returns the id, or `undefined` after reporting why there is none. */
  resolve(name: string, allowed: readonly Prefix[], where: () => string): NodeId | undefined {
    const wrong = wrongPrefix(name, allowed)
    if (wrong !== undefined) return this.report(where(), wrong)
    const written = prefixOf(name) !== undefined
    const candidates = written ? [name] : allowed.map((prefix) => `${prefix}_${name}`)
    const found = candidates.filter((id) => this.known.has(id))
    if (found.length === 1) return found[0]
    if (found.length > 1)
      return this.report(where(), `\`${name}\` could be ${found.map((id) => `\`${id}\``).join(' or ')}; write which`)
    return this.report(where(), this.unknown(name, allowed, written))
  }

  report(where: string, message: string): undefined {
    this.problems.push({ where, message })
    return undefined
  }

  private unknown(name: string, allowed: readonly Prefix[], written: boolean): string {
    const kinds = allowed.map((prefix) => prefixes[prefix].replace(/^an? /, '')).join(' or ')
    const names = [...this.known].filter((id) => allowed.some((prefix) => id.startsWith(`${prefix}_`)))
    const bare = written ? names : names.map((id) => id.slice(id.indexOf('_') + 1))
    return `unknown ${kinds} \`${name}\`${didYouMean(name, bare)}`
  }
}
