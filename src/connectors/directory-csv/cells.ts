/**
 * What stands in the cells of a row: names that must lead somewhere, moments, words of a closed list. Each answers with the
 * value, or with nothing after it said what is wrong, at which line and in which column.
 */
import type { NodeId } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { type Prefix, prefixes, prefixOf } from '../../files/reference.ts'
import { inert } from '../../files/validate.ts'
import { idPattern, moment } from '../../files/values.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { FactsDraft, Span } from '../facts-draft.ts'
import type { Row } from './table.ts'

const suggestedMax = 20

export class Cells {
  /** Everything that has a row of its own, by id. */
  readonly places = new Map<NodeId, string>()
  private readonly draft: FactsDraft
  private readonly elsewhere: readonly Prefix[]
  private readonly moments = new Map<string, Instant>()

  constructor(draft: FactsDraft, elsewhere: readonly Prefix[]) {
    this.draft = draft
    this.elsewhere = elsewhere
  }

  reference(row: Row, column: string, allowed: readonly Prefix[]): NodeId | undefined {
    const written = this.needed(row, column)
    if (written === undefined) return undefined
    const prefix = prefixOf(written)
    if (prefix !== undefined && !allowed.includes(prefix))
      return this.say(row, column, `\`${inert(written)}\` is ${prefixes[prefix]}, expected ${named(allowed)}`)
    if (prefix !== undefined && this.elsewhere.includes(prefix) && idPattern.test(written)) return written
    const candidates = prefix === undefined ? allowed.map((each) => idOf(written, each)) : [written.toLowerCase()]
    const found = candidates.filter((id) => this.places.has(id))
    if (found.length > 1)
      return this.say(
        row,
        column,
        `\`${inert(written)}\` could be ${found.map((id) => `\`${id}\``).join(' or ')}; write which`,
      )
    const [id] = found
    if (id === undefined) return this.say(row, column, this.unknown(written, allowed))
    return id
  }

  private unknown(written: string, allowed: readonly Prefix[]): string {
    const kind = named(allowed).replaceAll(/\ban? /g, '')
    // Nobody reads hundreds of suggestions, and each looks at every name.
    if (this.draft.problems.length > suggestedMax) return `unknown ${kind} \`${inert(written)}\``
    const known = [...this.places.keys()].filter((id) => allowed.some((prefix) => id.startsWith(`${prefix}_`)))
    const bare = prefixOf(written) === undefined ? known.map((id) => id.slice(id.indexOf('_') + 1)) : known
    return `unknown ${kind} \`${inert(written)}\`${didYouMean(written, bare)}`
  }

  ownId(row: Row, column: string, written: string, prefix: Prefix): NodeId | undefined {
    const other = prefixOf(written)
    if (other !== undefined && other !== prefix)
      return this.say(row, column, `\`${inert(written)}\` is ${prefixes[other]}, expected ${prefixes[prefix]}`)
    const id = idOf(written, prefix)
    if (idPattern.test(id.slice(prefix.length + 1))) return id
    return this.say(row, column, `expected an id of letters, digits, \`-\`, \`_\` and \`.\`, got \`${inert(written)}\``)
  }

  needed(row: Row, column: string): string | undefined {
    return row.cells.get(column) ?? this.say(row, column, 'is empty')
  }

  span(row: Row): Span {
    const [since, until] = [this.moment(row, 'since'), this.moment(row, 'until')]
    if (since !== undefined && until !== undefined && until <= since) this.say(row, 'until', 'ends before it starts')
    return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
  }

  window(row: Row, from: string, to: string): readonly [Instant | undefined, Instant | undefined] {
    this.needed(row, from)
    this.needed(row, to)
    const [start, end] = [this.moment(row, from), this.moment(row, to)]
    if (start !== undefined && end !== undefined && end <= start) this.say(row, to, 'ends before it starts')
    return [start, end]
  }

  /** The same few days stand in most rows. */
  moment(row: Row, column: string): Instant | undefined {
    const written = row.cells.get(column)
    if (written === undefined) return undefined
    const known = this.moments.get(written)
    if (known !== undefined) return known
    const read = moment.safeParse(written)
    if (!read.success)
      return this.say(
        row,
        column,
        `expected a moment such as \`2026-11-22T10:00:00Z\` or a date such as \`2026-11-22\`, got \`${inert(written)}\``,
      )
    this.moments.set(written, read.data)
    return read.data
  }

  flag(row: Row, column: string): boolean {
    const word = this.choice(row, column, ['true', 'false', 'yes', 'no'])
    return word === 'true' || word === 'yes'
  }

  choice<Word extends string>(row: Row, column: string, words: readonly Word[]): Word | undefined {
    const written = row.cells.get(column)
    if (written === undefined) return undefined
    const found = words.find((word) => word === written)
    if (found !== undefined) return found
    const list = words.map((word) => `\`${word}\``).join(', ')
    return this.say(row, column, `expected one of ${list}, got \`${inert(written)}\`${didYouMean(written, words)}`)
  }

  say({ where }: Row, column: string, message: string): undefined {
    return this.draft.report(where, `\`${column}\`: ${message}`)
  }
}

/** Exports write ids in capitals; ids here have none. Two that differ in nothing else are refused where they are defined. */
export function idOf(written: string, prefix: Prefix): NodeId {
  const lower = written.toLowerCase()
  return prefixOf(lower) === prefix ? lower : `${prefix}_${lower}`
}

function named(kinds: readonly Prefix[]): string {
  return kinds.map((prefix) => prefixes[prefix]).join(' or ')
}
