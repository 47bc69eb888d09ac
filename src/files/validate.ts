/**
 * Does a document have the shape it should, and if not, what exactly is wrong at which line? Turns the validator's
 * issues into sentences for the person who wrote the file: what was expected, what stands there, which name was
 * probably meant. It adds no rule of its own.
 */
import type { z } from 'zod'
import { didYouMean } from '../lib/nearest.ts'
import { fieldsOf, literalsOf, schemaAt } from './shape.ts'
import { capped, type FileText, type Path, type Problem, parseYaml, type Read, type YamlDocument } from './yaml.ts'

type Issue = z.core.$ZodIssue

/** @returns the validated value, or every problem with its place. */
export function validate<Schema extends z.ZodType>(document: YamlDocument, schema: Schema): Read<z.output<Schema>> {
  const result = schema.safeParse(document.value)
  if (result.success) return { value: result.data }
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, document, schema))
  return { problems: capped(problems.sort(byPlace)) }
}

export interface ReadFile<Content> {
  readonly document: YamlDocument
  readonly content: Content
}

/** @returns every file's content, or the problems of all files that have some. */
export function readAll<Schema extends z.ZodType>(
  files: readonly FileText[],
  schema: Schema,
): Read<readonly ReadFile<z.output<Schema>>[]> {
  const problems: Problem[] = []
  const read: ReadFile<z.output<Schema>>[] = []
  for (const file of files) {
    const document = parseYaml(file)
    const content = 'problems' in document ? document : validate(document.value, schema)
    if ('problems' in content) problems.push(...content.problems)
    else if ('value' in document) read.push({ document: document.value, content: content.value })
  }
  return problems.length > 0 ? { problems: capped(problems) } : { value: read }
}

/** @returns how a value looks in a message: short, in backticks, and never more than a line of it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object') return 'a mapping'
  const kind = typeof value === 'string' ? '' : `${typeof value === 'number' ? 'the number' : 'the truth value'} `
  return `${kind}\`${inert(String(value))}\``
}

/** @returns text that cannot break a line, hide itself or reverse what follows; at most sixty characters. */
export function inert(text: string): string {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)
  return visible.length > 60 ? `${visible.slice(0, 59)}…` : visible
}

function problemsOf(issue: Issue, document: YamlDocument, schema: z.ZodType): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsOf(schemaAt(schema, path))
    return issue.keys.map((key) => ({
      where: document.at([...path, key], 'key'),
      message: `unknown field \`${inert(key)}\`${didYouMean(key, known) || othersKnown(known)}`,
    }))
  }
  const value = valueAt(document.value, path)
  if (issue.code === 'invalid_key') {
    const [reason] = issue.issues
    return [
      { where: document.at(path, 'key'), message: `${reason?.message ?? 'not a name'}, got ${shown(path.at(-1))}` },
    ]
  }
  if (issue.code === 'invalid_union') return unionProblems(issue, path, document, schema)
  const name = path.at(-1)
  const missing = value === undefined && typeof name === 'string'
  const message = missing ? `missing field \`${name}\`: ${expected(issue)}` : sentence(issue, value)
  return [{ where: document.at(path), message }]
}

function sentence(issue: Issue, value: unknown): string {
  if (issue.code === 'custom') return issue.message
  const text = issue.code === 'invalid_type' && typeof value === 'string' ? 'the text ' : ''
  const message = `${expected(issue)}, got ${text}${shown(value)}`
  if (issue.code === 'invalid_value') return message + didYouMean(String(value), issue.values.map(String))
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof value === 'number') {
    return `${message}; put it in quotes`
  }
  return message
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((v) => `\`${String(v)}\``).join(', ')}`
    case 'too_small':
      return `expected ${amount('at least', Number(issue.minimum), issue.origin)}`
    case 'too_big':
      return `expected ${amount('at most', Number(issue.maximum), issue.origin)}`
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'invalid_element':
    case 'unrecognized_keys':
    case 'custom':
      return issue.message
    default:
      return issue satisfies never
  }
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function amount(bound: string, limit: number, origin: string): string {
  if (origin === 'array') return `${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  if (origin === 'string') return `${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`
  return `${bound} ${limit}`
}

/** A union's complaint is the complaint of the branch that came closest: the one that fails deepest. */
function unionProblems(issue: Issue, path: Path, document: YamlDocument, schema: z.ZodType): Problem[] {
  if (issue.code !== 'invalid_union') return []
  if (issue.errors.length === 0) return [unknownKind(issue.discriminator, path, document, schema)]
  const depth = (issues: readonly Issue[]) => Math.max(...issues.map((each) => each.path.length), -1)
  const branches = [...issue.errors].sort((a, b) => depth(b) - depth(a))
  const [closest = []] = branches
  if (depth(closest) <= 0 && branches.length > 1) {
    const alternatives = branches
      .flatMap((branch) => branch.slice(0, 1))
      .map((each) => expected(each).replace('expected ', ''))
    const message = `expected ${[...new Set(alternatives)].join(' or ')}, got ${shown(valueAt(document.value, path))}`
    return [{ where: document.at(path), message }]
  }
  return closest.flatMap((each) => problemsOf({ ...each, path: [...path, ...each.path] }, document, schema))
}

/** The field that says which form an entry has says none that there is. */
function unknownKind(
  discriminator: string | undefined,
  path: Path,
  document: YamlDocument,
  schema: z.ZodType,
): Problem {
  const field = discriminator ?? ''
  const own = path.at(-1) === field ? path : [...path, field]
  const value = valueAt(document.value, own)
  const known = literalsOf(schemaAt(schema, own.slice(0, -1)), field)
  const list = known.map((name) => `\`${name}\``).join(', ')
  if (value === undefined)
    return { where: document.at(path), message: `missing field \`${field}\`: expected one of ${list}` }
  return {
    where: document.at(own),
    message: `expected one of ${list}, got ${shown(value)}${didYouMean(String(value), known)}`,
  }
}

function othersKnown(known: readonly string[]): string {
  return known.length === 0 ? '' : `; known here: ${known.map((name) => `\`${name}\``).join(', ')}`
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined
    return (inner as Record<string, unknown>)[step]
  }, value)
}

/** In the order of the file, so that the first line of the answer is the first line to look at. */
function byPlace(a: Problem, b: Problem): number {
  const place = (problem: Problem) => problem.where.split(':').slice(-2).map(Number) as [number, number]
  const [lineA, columnA] = place(a)
  const [lineB, columnB] = place(b)
  return lineA - lineB || columnA - columnB
}
