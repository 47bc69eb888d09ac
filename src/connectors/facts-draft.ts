/**
 * Where a directory source collects what it means before it hands it over: each thing once, every problem kept. It makes
 * sure that two different names never become one id, and that a source with a problem says nothing at all.
 */
import { createHash } from 'node:crypto'
import type { NodeId, RelationKind, SourceId, SourceSnapshot, SystemId } from '../core/directory.ts'
import type { Instant } from '../core/time.ts'
import { inert } from '../files/validate.ts'
import { capped, type Problem } from '../files/yaml.ts'
import { SourceError } from './directory.ts'

export type Node = SourceSnapshot['nodes'][number]
export type Relation = SourceSnapshot['relations'][number]
export type Shift = SourceSnapshot['shifts'][number]
export type Access = NonNullable<SourceSnapshot['access']>[number]
export type Absence = NonNullable<SourceSnapshot['absences']>[number]
export type Span = Pick<Relation, 'since' | 'until'>

export type Where = () => string

export class FactsDraft {
  readonly nodes = new Map<NodeId, Node>()
  readonly relations = new Map<string, Relation>()
  readonly shifts: Shift[] = []
  readonly absences: Absence[] = []
  readonly access = new Map<string, Access>()
  readonly problems: Problem[] = []
  private readonly spellings = new Map<NodeId, { readonly name: string; readonly where: Where }>()

  /** The first description of a node holds; one that contradicts its kind is a problem. */
  describe(node: Node, where: Where): NodeId {
    const known = this.nodes.get(node.id)
    if (known === undefined) this.nodes.set(node.id, node)
    else if (known.kind !== node.kind) this.report(where(), `\`${node.id}\` is a ${known.kind} elsewhere`)
    return node.id
  }

  /**
   * The id made of a name. A second name that leads to the same id is a problem: two groups that differ in a letter's
   * case or in a sign that ids do not have must not become one.
   */
  idFor(id: NodeId, name: string, where: Where): NodeId {
    const known = this.spellings.get(id)
    if (known === undefined) this.spellings.set(id, { name, where })
    else if (known.name !== name) {
      const message = `\`${inert(name)}\` cannot be told from \`${inert(known.name)}\` at ${known.where()}: both would be \`${id}\``
      this.report(where(), message)
    }
    return id
  }

  has(id: NodeId): boolean {
    return this.nodes.has(id)
  }

  /** The same relation twice: the one that lasts longer holds, so that no second line can end a first one. */
  relate(from: NodeId, relation: RelationKind, to: NodeId, more: Span & Pick<Relation, 'confirmed'> = {}): void {
    const key = `${from} ${relation} ${to}`
    const known = this.relations.get(key)
    if (known === undefined || lastsLonger(more, known)) this.relations.set(key, { from, relation, to, ...more })
  }

  holds(holder: NodeId, system: SystemId, entitlement: string, span: Span = {}): void {
    const key = `${holder} ${system} ${entitlement}`
    const known = this.access.get(key)
    if (known === undefined || lastsLonger(span, known)) this.access.set(key, { holder, system, entitlement, ...span })
  }

  report(where: string, message: string): undefined {
    this.problems.push({ where, message })
    return undefined
  }

  /** @throws {SourceError} when anything was reported. */
  snapshot(source: SourceSnapshot['source']): SourceSnapshot {
    if (this.problems.length > 0) throw new SourceError(capped(this.problems))
    return {
      source,
      nodes: [...this.nodes.values()],
      relations: [...this.relations.values()],
      shifts: this.shifts,
      access: [...this.access.values()],
      absences: this.absences,
    }
  }
}

/** What every source is told besides its own settings. */
export interface SourceOptions {
  readonly source: SourceId
  readonly staleAfterSeconds: number
}

export function stateOf(
  { source, staleAfterSeconds }: SourceOptions,
  revision: string,
  now: Instant,
): SourceSnapshot['source'] {
  return { id: source, revision, observedAt: now, staleAfterSeconds }
}

/** Lengths keep two texts from reading as one. */
export function revisionOfTexts(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:${text}\n`)
  return `sha256:${hash.digest('hex')}`
}

function lastsLonger(a: Span, b: Span): boolean {
  return b.until !== undefined && (a.until === undefined || a.until > b.until)
}
