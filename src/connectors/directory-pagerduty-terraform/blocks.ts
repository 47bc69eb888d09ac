/**
 * What does a Terraform file say, as blocks with attributes? Texts, numbers, truth values, lists and references are read;
 * whatever would have to be computed is kept as such, so that whoever needs it can say that it is not understood. Nothing
 * is evaluated.
 */
import type { Problem, Read } from '../../files/yaml.ts'
import { type Token, tokensOf } from './tokens.ts'

export type Expression = { readonly where: string } & (
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  /** Written as one would write it: `pagerduty_user.all["maria"].id`. */
  | { readonly kind: 'reference'; readonly value: string }
  | { readonly kind: 'computed' }
)

export interface Attribute {
  readonly name: string
  readonly value: Expression
  readonly where: string
}

export interface Block {
  readonly type: string
  readonly labels: readonly string[]
  readonly attributes: readonly Attribute[]
  readonly blocks: readonly Block[]
  readonly where: string
}

/** Thrown to leave the parser at the first thing that is not Terraform; never leaves this file. */
class Misread extends Error {
  readonly problem: Problem

  constructor(where: string, message: string) {
    super(message)
    this.problem = { where, message }
  }
}

export function blocksOf(name: string, text: string): Read<readonly Block[]> {
  const tokens = tokensOf(name, text)
  if ('problem' in tokens) return { problems: [tokens.problem] }
  try {
    return { value: new Parser(tokens).file() }
  } catch (error) {
    if (error instanceof Misread) return { problems: [error.problem] }
    throw error
  }
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' }
/** Lists and blocks inside each other; files of people stay far below. */
const depthMax = 64

class Parser {
  private readonly tokens: readonly Token[]
  private at = 0
  private depth = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  file(): readonly Block[] {
    const { attributes, blocks } = this.body('end')
    const [first] = attributes
    if (first !== undefined) throw new Misread(first.where, `\`${first.name}\` stands outside of any block`)
    return blocks
  }

  private body(until: '}' | 'end'): Pick<Block, 'attributes' | 'blocks'> {
    const [attributes, blocks]: [Attribute[], Block[]] = [[], []]
    for (;;) {
      this.skipLineEnds()
      const token = this.take()
      if (until === 'end' ? token.kind === 'end' : isSign(token, '}')) return { attributes, blocks }
      if (token.kind !== 'word')
        throw new Misread(token.where, `expected the name of a block or an attribute, got ${said(token)}`)
      if (isSign(this.next(), '=')) {
        this.take()
        const known = attributes.find(({ name }) => name === token.text)
        if (known !== undefined) throw new Misread(token.where, `\`${token.text}\` is written twice; keep one`)
        attributes.push({ name: token.text, where: token.where, value: this.expression() })
        this.endOfAttribute()
      } else blocks.push(this.block(token))
    }
  }

  private block({ text: type, where }: Token): Block {
    const labels: string[] = []
    while (this.next().kind === 'text' || this.next().kind === 'word') labels.push(this.take().text)
    const brace = this.take()
    if (!isSign(brace, '{'))
      throw new Misread(brace.where, `expected \`{\` or \`=\` behind \`${type}\`, got ${said(brace)}`)
    return this.deeper(where, () => ({ type, labels, where, ...this.body('}') }))
  }

  private expression(): Expression {
    const begin = this.at
    const read = this.simple()
    if (read !== undefined && this.isOver()) return read
    this.at = begin
    return this.computed()
  }

  /** What needs no computing, or `undefined` with the place somewhere inside what does. */
  private simple(): Expression | undefined {
    const token = this.take()
    const { where, text } = token
    switch (token.kind) {
      case 'text':
        return { kind: 'text', value: text, where }
      case 'number':
        return { kind: 'number', value: Number(text), where }
      case 'word':
        if (text === 'true' || text === 'false') return { kind: 'flag', value: text === 'true', where }
        return this.reference(token)
      case 'sign':
        return text === '[' ? this.deeper(where, () => this.list(where)) : undefined
      default:
        return undefined
    }
  }

  private reference({ text, where }: Token): Expression | undefined {
    let value = text
    for (;;) {
      if (isSign(this.next(), '.')) {
        this.take()
        const part = this.take()
        if (part.kind !== 'word' && part.kind !== 'number') return undefined
        value += `.${part.text}`
      } else if (isSign(this.next(), '[')) {
        this.take()
        const [key, bracket] = [this.take(), this.take()]
        if ((key.kind !== 'text' && key.kind !== 'number') || !isSign(bracket, ']')) return undefined
        value += key.kind === 'text' ? `[${JSON.stringify(key.text)}]` : `[${key.text}]`
      } else return { kind: 'reference', value, where }
    }
  }

  private list(where: string): Expression | undefined {
    const items: Expression[] = []
    for (;;) {
      this.skipLineEnds()
      if (isSign(this.next(), ']')) {
        this.take()
        return { kind: 'list', items, where }
      }
      if (this.next().text === 'for' && this.next().kind === 'word') return undefined
      items.push(this.expression())
      this.skipLineEnds()
      if (isSign(this.next(), ',')) this.take()
      else if (!isSign(this.next(), ']'))
        throw new Misread(this.next().where, `expected \`,\` or \`]\`, got ${said(this.next())}`)
    }
  }

  /** Everything up to the end of the expression, brackets in pairs. */
  private computed(): Expression {
    const { where } = this.next()
    const open: string[] = []
    while (open.length > 0 || !this.isOver()) {
      const token = this.take()
      if (token.kind === 'end') throw new Misread(where, 'what begins here has no end')
      if (token.kind !== 'sign') continue
      if (token.text === '=' && open.length === 0)
        throw new Misread(token.where, 'a second attribute on one line; give each its own')
      const close = closing[token.text]
      if (close !== undefined) open.push(close)
      else if (token.text === open.at(-1)) open.pop()
      else if ([')', ']', '}'].includes(token.text)) throw new Misread(token.where, `${said(token)} closes nothing`)
    }
    return { kind: 'computed', where }
  }

  private isOver(): boolean {
    const { kind, text } = this.next()
    return kind === 'line-end' || kind === 'end' || (kind === 'sign' && [',', ']', ')', '}'].includes(text))
  }

  private endOfAttribute(): void {
    const token = this.next()
    if (token.kind === 'line-end') this.take()
    else if (token.kind !== 'end' && !isSign(token, '}'))
      throw new Misread(token.where, `expected the end of the line, got ${said(token)}`)
  }

  private deeper<Value>(where: string, read: () => Value): Value {
    if (++this.depth > depthMax) throw new Misread(where, 'lists or blocks are nested too deeply')
    const value = read()
    this.depth--
    return value
  }

  private skipLineEnds(): void {
    while (this.next().kind === 'line-end') this.at++
  }

  private next(): Token {
    return this.tokens[this.at] as Token
  }

  /** The last token says that there are no more, and stays. */
  private take(): Token {
    const token = this.next()
    if (token.kind !== 'end') this.at++
    return token
  }
}

function isSign(token: Token, text: string): boolean {
  return token.kind === 'sign' && token.text === text
}

function said({ kind, text }: Token): string {
  if (kind === 'end') return 'the end of the file'
  return kind === 'line-end' ? 'the end of the line' : `\`${text}\``
}
