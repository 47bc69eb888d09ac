/**
 * The fields of one block, taken one by one: what is needed and missing, of the wrong kind, or left over at the end is a
 * problem with its place.
 */
import type { Problem } from '../../files/yaml.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { Block, Expression } from './blocks.ts'

export class Fields {
  readonly where: string
  private readonly block: Block
  private readonly problems: Problem[]
  private readonly known = new Set<string>()

  constructor(block: Block, problems: Problem[]) {
    this.block = block
    this.where = block.where
    this.problems = problems
  }

  text(name: string, needed = true): { readonly value: string; readonly where: string } | undefined {
    const value = this.value(name, needed)
    return value?.kind === 'text' ? value : this.misfit(name, value, 'a text in quotes')
  }

  number(name: string): { readonly value: number; readonly where: string } | undefined {
    const value = this.value(name, true)
    return value?.kind === 'number' ? value : this.misfit(name, value, 'a number')
  }

  list(name: string): readonly Expression[] | undefined {
    const value = this.value(name, true)
    return value?.kind === 'list' ? value.items : this.misfit(name, value, 'a list')
  }

  blocks(type: string): readonly Fields[] {
    this.known.add(type)
    return this.block.blocks.filter((each) => each.type === type).map((each) => new Fields(each, this.problems))
  }

  /** Known, and of no meaning here. */
  passOver(attributes: readonly string[], blocks: readonly string[]): void {
    for (const name of [...attributes, ...blocks]) this.known.add(name)
  }

  /** Whatever was not taken until now is not understood. */
  done(): void {
    const { attributes, blocks } = this.block
    const rest = [...attributes, ...blocks.map(({ type, where }) => ({ name: type, where }))]
    for (const { name, where } of rest) {
      if (this.known.has(name)) continue
      this.report(where, `\`${name}\` is not understood here${didYouMean(name, this.known)}`)
    }
  }

  report(where: string, message: string): undefined {
    this.problems.push({ where, message })
    return undefined
  }

  private value(name: string, needed: boolean): Expression | undefined {
    this.known.add(name)
    const value = this.block.attributes.find((each) => each.name === name)?.value
    if (value === undefined && needed) this.report(this.where, `missing \`${name}\``)
    return value
  }

  private misfit(name: string, value: Expression | undefined, expected: string): undefined {
    if (value === undefined) return undefined
    const got = value.kind === 'computed' ? 'something that has to be computed' : `a ${value.kind}`
    return this.report(value.where, `expected ${expected} for \`${name}\`, got ${got}`)
  }
}
