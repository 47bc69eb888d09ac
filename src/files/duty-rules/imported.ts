/**
 * What rules from elsewhere look like once they are read, and how their names become ids. Two functions of one name
 * that list different duties stay two functions: putting them together would make rules out of what nobody wrote.
 */
import type { SeparationRule, SetOfDuties, Severity } from '../../core/duties.ts'
import type { ControlId } from '../../core/policy.ts'
import type { Problem } from '../yaml.ts'

export interface ImportedRules {
  /** In the order in which they first stand in the file. */
  readonly functions: readonly SetOfDuties[]
  readonly rules: readonly SeparationRule[]
  /** What the file says and these rules do not: nothing wrong, but worth knowing. */
  readonly notes: readonly Problem[]
  readonly counts: ImportedCounts
}

export interface ImportedCounts {
  readonly rules: number
  /** Functions as they are named in the file; fewer than `functions` where one name stands for several lists. */
  readonly functionNames: number
  readonly functions: number
  /** Different duties: transaction codes, permissions. */
  readonly duties: number
}

export interface ImportOptions {
  /** Compensating controls that every rule takes. Default: none, so that nothing can mitigate a conflict. */
  readonly controls?: readonly ControlId[]
}

export interface SeverityOption {
  /** For files that say nothing of how bad it is. Default: `high`. */
  readonly severity?: Severity
}

const idLengthMax = 64

/** Gives every different function an id made from its name. */
export class FunctionIds {
  readonly functions: SetOfDuties[] = []
  private readonly names = new Set<string>()
  private readonly byContent = new Map<string, string>()
  private readonly taken = new Set<string>()

  /** The same name with the same duties, in any order, is the same function. */
  idFor(name: string, duties: readonly string[]): string {
    const own = [...new Set(duties)]
    const content = JSON.stringify([name, ...own.toSorted()])
    const known = this.byContent.get(content)
    if (known !== undefined) return known
    const id = this.freeId(name)
    this.byContent.set(content, id)
    this.names.add(name)
    this.functions.push({ id, name, duties: own })
    return id
  }

  counts(rules: number): ImportedCounts {
    const duties = new Set(this.functions.flatMap((each) => each.duties))
    return { rules, functionNames: this.names.size, functions: this.functions.length, duties: duties.size }
  }

  private freeId(name: string): string {
    const base = idOf(name)
    let id = base
    for (let number = 2; this.taken.has(id); number++) id = `${base.slice(0, idLengthMax - 4)}-${number}`
    this.taken.add(id)
    return id
  }
}

/** @returns the name in lower-case letters, digits and `-`: what ids in policy files look like. */
export function idOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['unnamed']
  return words.join('-').slice(0, idLengthMax).replace(/-+$/, '')
}

/** @returns a problem for every id that stands there before, pointing at the later one. */
export function repeatedIds(ids: readonly string[], where: (index: number) => string): readonly Problem[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index ? [] : [{ where: where(index), message: `\`${id}\` stands there twice; keep one` }],
  )
}
