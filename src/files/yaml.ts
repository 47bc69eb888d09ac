/**
 * What does this YAML text say, and where does it say it? One document becomes plain values, and every value can be
 * pointed at by file, line and column afterwards. Whatever YAML allows to mean two things, to hide something or to blow
 * up (repeated keys, tags, directives, endless aliases) is refused, never interpreted.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'

export interface FileText {
  /** As people should see it in messages: `examples/acme/policy.yaml`. */
  readonly name: string
  readonly text: string
}

/** Something wrong in a file. The same shape as a directory source's problem. */
export interface Problem {
  /** `file:line:column`, both counted from 1. */
  readonly where: string
  /** Lower-case, no full stop, what was written in backticks. */
  readonly message: string
}

export type Read<Value> = { readonly value: Value } | { readonly problems: readonly Problem[] }

export type Path = readonly (string | number)[]

export interface YamlDocument {
  readonly name: string
  readonly value: unknown
  /** @returns `file:line:column` of the value at `path`, of its key, or of the nearest thing around it that exists. */
  at(path: Path, part?: 'key' | 'value'): string
}

/** Nodes that aliases may stand for in one document, counted with repeats: enough for templates, not for a bomb. */
const aliasedNodesMax = 10_000
const problemsMax = 50
const charactersMax = 64 * 1024 * 1024

/** @returns the document, or everything that is wrong with it as YAML. Never throws on what a file may contain. */
export function parseYaml(file: FileText): Read<YamlDocument> {
  const lines = new LineCounter()
  const where = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file.name}:${Math.max(line, 1)}:${Math.max(col, 1)}`
  }
  if (file.text.length > charactersMax) {
    return {
      problems: [{ where: `${file.name}:1:1`, message: `is longer than ${charactersMax} characters; split it` }],
    }
  }
  // uniqueKeys of the library compares every pair of keys; `plainMap` below does it in one pass.
  const document = parseDocument(file.text, {
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  if (document.errors.length > 0) return { problems: syntaxProblems(document, where) }
  const reader = new PlainReader(document, where)
  reader.refuseDirectives()
  const value = document.contents === null ? null : reader.plain(document.contents)
  if (reader.problems.length > 0) return { problems: capped(reader.problems) }
  return {
    value: { name: file.name, value, at: (path, part = 'value') => where(offsetAt(document, path, part)) },
  }
}

/** @returns at most fifty problems, the last line saying how many more there are. */
export function capped(problems: readonly Problem[]): readonly Problem[] {
  const last = problems[problemsMax]
  if (last === undefined) return problems
  const more = { where: last.where, message: `and ${problems.length - problemsMax} more problems from here on` }
  return [...problems.slice(0, problemsMax), more]
}

function syntaxProblems(document: Document, where: (offset: number) => string): readonly Problem[] {
  const exhausted = document.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION')
  if (exhausted !== undefined)
    return [{ where: where(exhausted.pos[0]), message: 'lists or mappings are nested too deeply' }]
  const problems = document.errors.map((error) => ({ where: where(error.pos[0]), message: syntaxMessage(error) }))
  return capped(problems)
}

function syntaxMessage(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'MULTIPLE_DOCS') return 'holds several documents; keep one document a file, without `---` between'
  const [first = ''] = error.message.split('\n')
  return `is not valid YAML: ${first.slice(0, 1).toLowerCase()}${first.slice(1)}`
}

class PlainReader {
  readonly problems: Problem[] = []
  private readonly document: Document
  private readonly where: (offset: number) => string
  private readonly open = new Set<Node>()
  private aliased = 0
  private insideAlias = 0

  constructor(document: Document, where: (offset: number) => string) {
    this.document = document
    this.where = where
  }

  refuseDirectives(): void {
    // `%YAML 1.1` would turn `no` into false and `1:30` into ninety.
    if (this.document.directives?.yaml.explicit) this.refuse(0, 'directives such as `%YAML` are not read; remove it')
  }

  plain(node: Node): unknown {
    if (isAlias(node)) return this.plainAlias(node)
    const tag = (node as { tag?: string }).tag
    if (tag !== undefined) return this.refuse(start(node), `tags such as \`${shortTag(tag)}\` are not read; remove it`)
    if (this.insideAlias > 0) this.aliased += 1
    if (isScalar(node)) return node.value
    if (this.open.has(node)) return this.refuse(start(node), 'contains itself through an alias')
    this.open.add(node)
    const value = isMap<Node | null, Node | null>(node) ? this.plainMap(node.items) : this.plainSeq(node)
    this.open.delete(node)
    return value
  }

  private plainAlias(node: Node & { source: string; resolve(document: Document): Node | undefined }): unknown {
    const target = node.resolve(this.document)
    if (target === undefined) return this.refuse(start(node), `no anchor \`&${node.source}\` stands before this alias`)
    if (this.open.has(target)) return this.refuse(start(node), `\`*${node.source}\` stands inside what it repeats`)
    if (this.aliased > aliasedNodesMax) return null
    this.insideAlias += 1
    const value = this.plain(target)
    this.insideAlias -= 1
    if (this.aliased > aliasedNodesMax && this.insideAlias === 0) {
      this.refuse(start(node), `aliases repeat more than ${aliasedNodesMax} values; write them out`)
    }
    return value
  }

  private plainSeq(node: Node): unknown {
    if (!isSeq<Node | null>(node)) return this.refuse(start(node), 'is neither a value, a list nor a mapping')
    return node.items.map((item) => (item === null ? null : this.plain(item)))
  }

  private plainMap(items: readonly Pair<Node | null, Node | null>[]): Record<string, unknown> {
    const entries = new Map<string, unknown>()
    for (const { key, value } of items) {
      const name = this.plainKey(key, value)
      if (name === undefined) continue
      if (entries.has(name)) this.refuse(key === null ? 0 : start(key), `\`${name}\` is written twice; keep one`)
      entries.set(name, value === null ? null : this.plain(value))
    }
    // fromEntries defines own properties, so that a key `__proto__` stays a key.
    return Object.fromEntries(entries)
  }

  private plainKey(key: Node | null, value: Node | null): string | undefined {
    const offset = key === null ? (value === null ? 0 : start(value)) : start(key)
    if (key === null || !isScalar(key)) return this.refuse(offset, 'a key must be a plain word')
    if (typeof key.value === 'string') return key.value
    const written = key.source ?? String(key.value)
    return this.refuse(offset, `the key \`${written}\` is not text; put it in quotes`)
  }

  private refuse(offset: number, message: string): undefined {
    this.problems.push({ where: this.where(offset), message })
    return undefined
  }
}

function offsetAt(document: Document, path: Path, part: 'key' | 'value'): number {
  let node: Node | null | undefined = document.contents
  let offset = 0
  for (const [index, step] of path.entries()) {
    node = isAlias(node) ? node.resolve(document) : node
    const wantsKey = part === 'key' || index < path.length - 1
    if (isMap<Node, Node | null>(node)) {
      const pair: Pair<Node, Node | null> | undefined = node.items.find(
        ({ key }) => isScalar(key) && key.value === step,
      )
      if (pair === undefined) return offset
      offset = wantsKey || pair.value === null || isEmpty(pair.value) ? start(pair.key) : start(pair.value)
      node = pair.value
    } else if (isSeq<Node | null>(node)) {
      const item: Node | null | undefined = node.items[Number(step)]
      if (item === null || item === undefined) return offset
      offset = start(item)
      node = item
    } else return offset
  }
  return path.length === 0 && node !== null && node !== undefined ? start(node) : offset
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null
}

function start(node: Node): number {
  return node.range?.[0] ?? 0
}

function shortTag(tag: string): string {
  return tag.replace('tag:yaml.org,2002:', '!!')
}
