// All figures, in the order in which the report shows them.
import type { AuditSettings } from '../settings.ts'
import { approvalRules, endRules, extensionRules, reasonRules, recordRules } from './act-rules.ts'
import { type Figure, type FigureRule, figureOf } from './figure.ts'
import { chainRules, outcomeRules } from './life-rules.ts'
import type { RowKind, Rows } from './rows.ts'

export type AnyRule = { readonly [Kind in RowKind]: FigureRule<Kind> }[RowKind]

export function rulesFor(settings: AuditSettings): readonly AnyRule[] {
  return [
    ...approvalRules,
    ...endRules,
    ...outcomeRules,
    ...extensionRules(settings),
    ...chainRules(settings),
    ...reasonRules,
    ...recordRules,
  ]
}

export function figuresOf(rows: Rows, settings: AuditSettings): Figure[] {
  return rulesFor(settings).map((rule) => counted(rule, rows))
}

function counted(rule: AnyRule, rows: Rows): Figure {
  switch (rule.of) {
    case 'act':
      return figureOf(rule, rows)
    case 'grant':
      return figureOf(rule, rows)
    case 'chain':
      return figureOf(rule, rows)
    default:
      return rule satisfies never
  }
}
