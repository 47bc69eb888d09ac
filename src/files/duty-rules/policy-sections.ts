/**
 * Turns imported rules into the `functions` and `dutyRules` sections of a policy file. It only writes a proposal: the
 * file goes the way of every change to the rules. What a policy cannot say is left out and named, never bent to fit.
 */
import { stringify } from 'yaml'
import type { ControlId, TierId } from '../../core/policy.ts'
import { idPattern } from '../values.ts'
import type { ImportedRules } from './imported.ts'

export interface SectionOptions {
  /** Tier of a sod-exception under these rules. */
  readonly tier: TierId
  /** Instead of the controls the rules were imported with. */
  readonly controls?: readonly ControlId[]
  /** Duties that entitlements list; others are left out, as a policy refuses a duty that no entitlement lists. */
  readonly duties?: ReadonlySet<string>
}

export interface PolicySections {
  /** YAML, to be kept as a file of its own beside the policy. */
  readonly yaml: string
  readonly rulesCount: number
  readonly leftOut: readonly { readonly rule: string; readonly why: string }[]
}

export function policySections(imported: ImportedRules, { tier, controls, duties }: SectionOptions): PolicySections {
  const known = (duty: string) => duties === undefined || duties.has(duty)
  const functions = new Map(
    imported.functions.map(({ id, name, duties: own }) => [id, { name, duties: own.filter(known) }]),
  )
  const isEmpty = (id: string) => functions.get(id)?.duties.length === 0
  const leftOut: { rule: string; why: string }[] = []
  const rules = imported.rules.flatMap((rule) => {
    const kept = rule.functions.filter((id) => !isEmpty(id))
    const why = whyLeftOut(rule.id, rule.functions.length, kept.length, rule.conflictsFrom)
    if (why !== undefined) leftOut.push({ rule: rule.id, why })
    return why === undefined ? [{ ...rule, functions: kept, controls: controls ?? rule.controls }] : []
  })
  const used = new Set(rules.flatMap((rule) => rule.functions))
  const sections = {
    functions: Object.fromEntries([...functions].filter(([id]) => used.has(id))),
    dutyRules: Object.fromEntries(
      rules.map(({ id, name, severity, functions: sides, conflictsFrom, controls: own }) => [
        id,
        { name, severity, functions: sides, conflictsFrom, ...(own.length === 0 ? {} : { controls: own }), tier },
      ]),
    ),
  }
  return { yaml: stringify(sections, { lineWidth: 120 }), rulesCount: rules.length, leftOut }
}

function whyLeftOut(id: string, sidesCount: number, keptCount: number, conflictsFrom: number): string | undefined {
  if (!idPattern.test(id)) return 'its id cannot stand in a policy file; rename it'
  if (sidesCount < 2 || conflictsFrom < 2)
    return 'one function alone breaks it; put the entitlements that hold it into a higher tier instead'
  return keptCount < conflictsFrom ? 'no entitlement lists the duties of so many of its functions' : undefined
}
