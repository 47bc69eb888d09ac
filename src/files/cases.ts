/**
 * Users' own policy cases: "when she asks for that, he may decide and they may not". Reads `cases/*.yaml` into values;
 * whether the expectations hold is for whoever runs them with the engine. It reads names only as names: the directory
 * and the policy they are about come later.
 */
import type { ConflictCode } from '../core/conflict.ts'
import type { NodeId, PersonId, Relation, RotaId, SystemId } from '../core/directory.ts'
import type { Part } from '../core/independence.ts'
import type { ControlId, EntitlementId, Step, TierId } from '../core/policy.ts'
import type { RefusalCode } from '../core/refusal.ts'
import type { WaiverKind } from '../core/terms.ts'
import type { Instant } from '../core/time.ts'
import { type CaseEntry, type CasesFile, casesSchema } from './cases-schema.ts'
import { type Prefix, withPrefix, wrongPrefix } from './reference.ts'
import { relationOf } from './relation-sentence.ts'
import { readAll } from './validate.ts'
import { capped, type FileText, type Path, type Problem, type Read, type YamlDocument } from './yaml.ts'

/** The directory as if: what is added to the facts, what is taken from them. */
export interface DirectoryChanges {
  readonly add: readonly Omit<Relation, 'source'>[]
  readonly remove: readonly Pick<Relation, 'from' | 'relation' | 'to'>[]
  /** Who is on duty at the moment of the case, instead of what the directory says; rotas not named stay as they are. */
  readonly onDuty: Readonly<Record<RotaId, readonly PersonId[]>>
}

export interface PolicyCase {
  readonly name: string
  /** `cases/payments.yaml:3:5`, for the report. */
  readonly where: string
  readonly at: Instant
  /** Person or workload that asks. */
  readonly asks: NodeId
  /** Everybody else through whom it is asked. */
  readonly through: readonly NodeId[]
  /** Person or workload that gets the access; for break-glass the rota. */
  readonly beneficiary: NodeId
  readonly kind: WaiverKind
  readonly system: SystemId
  readonly entitlement: EntitlementId
  /** `undefined`: everything the entitlement offers. */
  readonly resources?: readonly string[]
  readonly actions?: readonly string[]
  /** Length of the window from `at` on; for break-glass how long the access lasts once opened. `undefined`: the tier's longest. */
  readonly windowSeconds?: number
  /** Controls the terms carry. `undefined`: those the tier requires. */
  readonly controls?: readonly ControlId[]
  /** For a sod-exception: the rule and the other side. */
  readonly exception?: { readonly rule: string; readonly system: SystemId; readonly entitlement: EntitlementId }
  readonly directory: DirectoryChanges
  /** Since when these people have been in their pools; everybody else has always been. */
  readonly inPoolSince: readonly { readonly person: PersonId; readonly since: Instant }[]
  /** What happened earlier in the same matter. */
  readonly took: readonly { readonly person: PersonId; readonly part: Part }[]
  /** Earlier countersignatures, for people who keep approving each other. */
  readonly decisions: readonly {
    readonly countersigner: PersonId
    readonly askedBy: readonly PersonId[]
    readonly at: Instant
  }[]
  readonly expect: Expectation
}

/** Only what is stated is checked. */
export interface Expectation {
  readonly tier?: TierId
  readonly steps?: readonly Step[]
  readonly windowSecondsMax?: number
  readonly countersigners?: number
  /** The request itself is refused with this code. */
  readonly refused?: RefusalCode
  /** These people are independent and in a pool that decides. */
  readonly mayDecide: readonly PersonId[]
  /** These may, but theirs asks for one more countersignature. */
  readonly notAlone: readonly PersonId[]
  /** These may not, for at least these reasons; an empty list: for whatever reason, or for being in no pool that decides. */
  readonly mayNotDecide: readonly { readonly person: NodeId; readonly conflicts: readonly ConflictCode[] }[]
  /** Exactly these people are eligible, in any order. */
  readonly onlyDeciders?: readonly PersonId[]
  /** Whom routing asks first. */
  readonly firstAsked?: PersonId
}

/** @returns all cases of all files, or every problem. Names of cases are unique within a file. */
export function readCases(files: readonly FileText[]): Read<readonly PolicyCase[]> {
  const read = readAll(files, casesSchema)
  if ('problems' in read) return read
  const readers = read.value.map(({ document, content }) => new CaseReader(document, content))
  const value = readers.flatMap((reader) => reader.read())
  const problems = readers.flatMap((reader) => reader.problems)
  return problems.length > 0 ? { problems: capped(problems) } : { value }
}

class CaseReader {
  readonly problems: Problem[] = []
  private readonly document: YamlDocument
  private readonly content: CasesFile

  constructor(document: YamlDocument, content: CasesFile) {
    this.document = document
    this.content = content
  }

  read(): readonly PolicyCase[] {
    const names = this.content.cases.map(({ name }) => name)
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) !== index)
        this.report(['cases', index, 'name'], `\`${name}\` is the name of another case`)
    }
    return this.content.cases.map((entry, index) => this.caseOf(entry, ['cases', index]))
  }

  private caseOf(entry: CaseEntry, path: Path): PolicyCase {
    const actor: readonly Prefix[] = ['per', 'wl']
    const beneficiary = entry.kind === 'break-glass' ? (['rota'] as const) : actor
    const asks = this.id(entry.asks, actor, [...path, 'asks'])
    const { resources, actions, window, controls } = entry
    return {
      name: entry.name,
      where: this.document.at(path),
      at: entry.at,
      asks,
      through: this.ids(entry.through, actor, [...path, 'through']),
      beneficiary: entry.for === undefined ? asks : this.id(entry.for, beneficiary, [...path, 'for']),
      kind: entry.kind,
      system: this.id(entry.system, ['sys'], [...path, 'system']),
      entitlement: entry.entitlement,
      ...defined({ resources, actions, controls, windowSeconds: window }),
      ...this.exceptionOf(entry, path),
      directory: this.changesOf(entry, [...path, 'given']),
      inPoolSince: Object.entries(entry.given.inPoolSince).map(([person, since]) => ({
        person: this.id(person, ['per'], [...path, 'given', 'inPoolSince', person]),
        since,
      })),
      took: Object.entries(entry.given.took).map(([person, part]) => ({
        person: this.id(person, ['per'], [...path, 'given', 'took', person]),
        part,
      })),
      decisions: entry.given.decisions.map((decision, index) => ({
        countersigner: this.id(
          decision.countersigner,
          ['per'],
          [...path, 'given', 'decisions', index, 'countersigner'],
        ),
        askedBy: this.ids(decision.askedBy, ['per'], [...path, 'given', 'decisions', index, 'askedBy']),
        at: decision.at,
      })),
      expect: this.expectationOf(entry.expect, [...path, 'expect']),
    }
  }

  private exceptionOf(entry: CaseEntry, path: Path): Pick<PolicyCase, 'exception'> {
    if (entry.kind === 'break-glass' && entry.for === undefined)
      this.report([...path, 'kind'], 'break-glass is asked for a rota: write `for`')
    if ((entry.kind === 'sod-exception') !== (entry.exception !== undefined)) {
      this.report([...path, 'kind'], 'exactly a sod-exception names a rule and the other side in `exception`')
    }
    if (entry.exception === undefined) return {}
    const system = this.id(entry.exception.system, ['sys'], [...path, 'exception', 'system'])
    return { exception: { ...entry.exception, system } }
  }

  private changesOf(entry: CaseEntry, path: Path): DirectoryChanges {
    const { add, remove, onDuty } = entry.given
    const relations = (sentences: readonly string[], field: string) =>
      sentences.flatMap((sentence, index) => {
        const relation = relationOf(sentence)
        if ('relation' in relation) return [relation]
        this.report([...path, field, index], relation.problem)
        return []
      })
    const duties = Object.entries(onDuty).map(([rota, people]) => [
      this.id(rota, ['rota'], [...path, 'onDuty', rota]),
      this.ids(people, ['per'], [...path, 'onDuty', rota]),
    ])
    return { add: relations(add, 'add'), remove: relations(remove, 'remove'), onDuty: Object.fromEntries(duties) }
  }

  private expectationOf(expect: CaseEntry['expect'], path: Path): Expectation {
    const { tier, steps, windowMax, countersigners, refused, onlyDeciders, firstAsked } = expect
    return {
      ...defined({ tier, steps, windowSecondsMax: windowMax, countersigners, refused }),
      mayDecide: this.ids(expect.mayDecide, ['per'], [...path, 'mayDecide']),
      notAlone: this.ids(expect.notAlone, ['per'], [...path, 'notAlone']),
      mayNotDecide: Object.entries(expect.mayNotDecide).map(([person, conflicts]) => ({
        person: this.id(person, ['per', 'wl'], [...path, 'mayNotDecide', person]),
        conflicts,
      })),
      ...defined({
        onlyDeciders: onlyDeciders && this.ids(onlyDeciders, ['per'], [...path, 'onlyDeciders']),
        firstAsked: firstAsked && this.id(firstAsked, ['per'], [...path, 'firstAsked']),
      }),
    }
  }

  private ids(names: readonly string[], allowed: readonly Prefix[], path: Path): readonly NodeId[] {
    return names.map((name, index) => this.id(name, allowed, [...path, index]))
  }

  /** A bare name is of the first kind that fits the place: `maria` who asks is a person, `wl_ci` a workload. */
  private id(name: string, allowed: readonly Prefix[], path: Path): NodeId {
    const wrong = wrongPrefix(name, allowed)
    if (wrong !== undefined) this.report(path, wrong)
    const prefix = allowed.find((each) => name.startsWith(`${each}_`)) ?? allowed[0] ?? 'per'
    return withPrefix(prefix, name)
  }

  private report(path: Path, message: string): void {
    this.problems.push({ where: this.document.at(path), message })
  }
}

type Defined<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

/** The fields that have a value: an absent expectation is not an expectation of nothing. */
function defined<Fields extends Record<string, unknown>>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>
}
