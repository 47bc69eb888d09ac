/**
 * Words and signs of a Terraform file, each with its place. Comments are left out; line ends are kept, since they end an
 * attribute. It knows no meaning.
 */
import type { Problem } from '../../files/yaml.ts'

export interface Token {
  /** `template`: text with something computed in it, which nobody here computes. */
  readonly kind: 'word' | 'text' | 'template' | 'number' | 'sign' | 'line-end' | 'end'
  /** Of a text what it says; of everything else how it is written. */
  readonly text: string
  /** `file:line:column` */
  readonly where: string
}

const patterns: readonly (readonly [Token['kind'] | 'nothing', RegExp])[] = [
  ['nothing', /[ \t]+|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y],
  ['line-end', /\r?\n/y],
  ['word', /[\p{L}_][\p{L}\p{N}_-]*/uy],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['template', /<<-?([\p{L}_][\p{L}\p{N}_-]*)\r?\n[\s\S]*?\n[ \t]*\1(?=\r?\n|$)/uy],
  ['sign', /=>|==|!=|<=|>=|&&|\|\||\.\.\.|[{}[\](),.:?=+\-*/%<>!]/y],
]

/** @returns the tokens, ended by one that says so, or the first thing that is none. */
export function tokensOf(name: string, text: string): readonly Token[] | { readonly problem: Problem } {
  const tokens: Token[] = []
  const places = lineStarts(text)
  let offset = 0
  while (offset < text.length) {
    const where = `${name}:${placeOf(places, offset)}`
    if (text[offset] === '"') {
      const read = textAt(text, offset)
      if (read === undefined) return { problem: { where, message: 'a text that begins here does not end on its line' } }
      tokens.push({ kind: read.computed ? 'template' : 'text', text: read.value, where })
      offset = read.end
      continue
    }
    const found = matchAt(text, offset)
    if (text.startsWith('<<', offset) && found?.[0] !== 'template')
      return { problem: { where, message: 'a text that begins here does not end' } }
    if (found === undefined)
      return { problem: { where, message: `\`${text.slice(offset, offset + 1)}\` is nothing Terraform knows` } }
    const [kind, written] = found
    if (kind !== 'nothing') tokens.push({ kind, text: written, where })
    offset += written.length
  }
  tokens.push({ kind: 'end', text: '', where: `${name}:${placeOf(places, text.length)}` })
  return tokens
}

function matchAt(text: string, offset: number): readonly [Token['kind'] | 'nothing', string] | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset
    const match = pattern.exec(text)
    if (match !== null) return [kind, match[0]]
  }
  return undefined
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** A text in quotes, from its opening quote on; `undefined` when it does not end. */
function textAt(text: string, begin: number) {
  let value = ''
  let computed = false
  for (let at = begin + 1; at < text.length; at++) {
    const sign = text[at] as string
    if (sign === '"') return { value, computed, end: at + 1 }
    if (sign === '\n') return undefined
    if (sign === '\\') {
      const escaped = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrt"\\]))/.exec(text.slice(at, at + 10))
      if (escaped === null) return undefined
      const [whole, short, long, letter] = escaped
      const code = Number.parseInt(short ?? long ?? '0', 16)
      if (code > 0x10ffff) return undefined
      value += letter === undefined ? String.fromCodePoint(code) : (escapes[letter] as string)
      at += whole.length - 1
    } else if (/^[$%]{2}\{/.test(text.slice(at, at + 3))) {
      // Doubled, it stands for itself.
      value += text.slice(at + 1, at + 3)
      at += 2
    } else if (/^[$%]\{/.test(text.slice(at, at + 2))) {
      const end = templateEnd(text, at + 2)
      if (end === undefined) return undefined
      value += text.slice(at, end)
      computed = true
      at = end - 1
    } else value += sign
  }
  return undefined
}

/** Behind the brace that closes the one before `begin`. Texts inside may have braces of their own. */
function templateEnd(text: string, begin: number): number | undefined {
  for (let at = begin, depth = 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '"') {
      const inner = textAt(text, at)
      if (inner === undefined) return undefined
      at = inner.end - 1
    } else if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at + 1
  }
  return undefined
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function placeOf(starts: readonly number[], offset: number): string {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((starts[middle] as number) <= offset) low = middle
    else high = middle - 1
  }
  return `${low + 1}:${offset - (starts[low] as number) + 1}`
}
