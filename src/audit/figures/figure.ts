/**
 * A figure: how many rows a rule holds for, of how many it was asked about, and for how many nobody can say. The three
 * always add up, and the rows are kept.
 */
import { type DecisionKind, decisionKinds, type RowKind, type Rows } from './rows.ts'

/** How a figure is to be read. `plain` is neither good nor bad. */
export type Weight = 'grave' | 'look' | 'good' | 'plain'

export interface FigureRule<Kind extends RowKind = RowKind> {
  readonly code: string
  readonly of: Kind
  readonly weight: Weight
  /** Completes "… of N": `put in force by somebody who wrote it`. */
  readonly label: string
  /** Exactly what is counted, among what, so that somebody else can count it again. */
  readonly rule: string
  readonly among: (row: Rows[Kind][number]) => boolean
  /** `undefined`: the history does not say. */
  readonly holds: (row: Rows[Kind][number]) => boolean | undefined
  /** What a share is taken of: the rows about which something is known, or all. Default `known`. */
  readonly base?: 'known' | 'all'
}

export interface Part {
  readonly count: number
  readonly total: number
  /** The same by change: what was decided in one go counts once. */
  readonly changesCount: number
  readonly changesTotal: number
}

export interface Figure extends Pick<FigureRule, 'code' | 'of' | 'weight' | 'label' | 'rule'> {
  /** Rows it holds for, by index. */
  readonly rows: readonly number[]
  readonly count: number
  /** Rows it was asked about. */
  readonly total: number
  /** Rows about which the history does not say enough; never counted on either side. */
  readonly unknownCount: number
  /** What `count` is a share of: everything asked about, or that less what is unknown. */
  readonly baseCount: number
  /** For figures about decisions: each kind on its own, of those about which the history does say. */
  readonly parts?: Readonly<Record<DecisionKind, Part>>
}

export function figureOf<Kind extends RowKind>(rule: FigureRule<Kind>, rows: Rows): Figure {
  const asked = (rows[rule.of] as readonly Rows[Kind][number][]).filter(rule.among)
  const answers = asked.map((row) => ({ row, holds: rule.holds(row) }))
  const held = answers.filter(({ holds }) => holds === true)
  const { code, of, weight, label, base = 'known' } = rule
  const unknownCount = answers.filter(({ holds }) => holds === undefined).length
  return {
    code,
    of,
    weight,
    label,
    rule: rule.rule,
    rows: held.map(({ row }) => row.index),
    count: held.length,
    total: asked.length,
    unknownCount,
    baseCount: base === 'all' ? asked.length : asked.length - unknownCount,
    ...(rule.of === 'act' ? { parts: partsOf(answers) } : {}),
  }
}

type Answer = { readonly row: Rows[RowKind][number]; readonly holds: boolean | undefined }

function partsOf(answers: readonly Answer[]): Readonly<Record<DecisionKind, Part>> {
  return Object.fromEntries(decisionKinds.map((kind) => [kind, partOf(answers, kind)])) as Record<DecisionKind, Part>
}

function partOf(answers: readonly Answer[], kind: DecisionKind): Part {
  const said = answers.flatMap(({ row, holds }) =>
    holds !== undefined && 'act' in row && row.decision === kind ? [{ change: row.act.change, holds }] : [],
  )
  const held = said.filter(({ holds }) => holds)
  return {
    count: held.length,
    total: said.length,
    changesCount: new Set(held.map(({ change }) => change)).size,
    changesTotal: new Set(said.map(({ change }) => change)).size,
  }
}
