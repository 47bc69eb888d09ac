/**
 * Reads a rule set of ERP risks: each risk names functions, each function the transaction codes that do it, any of which
 * is enough. A risk between functions is broken by whoever can do all of them, a critical one by whoever can do its one
 * function. Authorization values beside the codes are not judged: who has the code is reported whatever the values.
 */
import { z } from 'zod'
import type { SeparationRule } from '../../core/duties.ts'
import { readAll } from '../validate.ts'
import { exactText, nameText } from '../values.ts'
import type { FileText, Problem, Read, YamlDocument } from '../yaml.ts'
import { FunctionIds, type ImportedRules, type ImportOptions, idOf, repeatedIds } from './imported.ts'

const freeText = z.string().max(5000)

const functionSchema = z.strictObject({
  name: nameText,
  actions: z.array(exactText).min(1),
  permissions: z
    .array(z.strictObject({ object: exactText, field: exactText, values: z.array(z.string()) }))
    .default([]),
})

const riskSchema = z.strictObject({
  risk_id: exactText,
  name: nameText,
  process: freeText.optional(),
  risk_type: z.enum(['SOD', 'CRITICAL_ACTION', 'CRITICAL_PERMISSION']),
  severity: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']),
  rationale: freeText.optional(),
  functions: z.array(functionSchema).min(1),
  perm_match: z.enum(['any', 'all']).optional(),
  references: z.array(freeText).optional(),
  provenance: z.unknown().optional(),
})

type Risk = z.output<typeof riskSchema>

/** @returns the rules of one JSON file, or every problem with its line. */
export function readErpRules(file: FileText, { controls = [] }: ImportOptions = {}): Read<ImportedRules> {
  const read = readAll([file], z.array(riskSchema).min(1))
  if ('problems' in read) return read
  const [{ document, content: risks } = { document: undefined, content: [] }] = read.value
  if (document === undefined) return { problems: [] }
  const problems = [
    ...repeatedIds(risks.map(ruleId), (index) => document.at([index, 'risk_id'])),
    ...sizeProblems(risks, document),
  ]
  if (problems.length > 0) return { problems }
  const ids = new FunctionIds()
  const rules = risks.map(
    (risk): SeparationRule => ({
      id: ruleId(risk),
      name: risk.name,
      severity: severities[risk.severity],
      functions: risk.functions.map(({ name, actions }) => ids.idFor(name, actions)),
      conflictsFrom: risk.functions.length,
      controls,
    }),
  )
  return {
    value: { functions: ids.functions, rules, notes: notesOn(risks, document), counts: ids.counts(rules.length) },
  }
}

const severities = { CRITICAL: 'critical', HIGH: 'high', MEDIUM: 'medium', LOW: 'low' } as const

function ruleId({ risk_id }: Risk): string {
  return idOf(risk_id)
}

function sizeProblems(risks: readonly Risk[], document: YamlDocument): Problem[] {
  return risks.flatMap(({ risk_id, risk_type, functions }, index) => {
    const where = document.at([index, 'functions'])
    if (risk_type === 'SOD')
      return sameTwice(functions, document, index).concat(
        functions.length > 1
          ? []
          : [{ where, message: `risk \`${risk_id}\` is of type \`SOD\` and has one function; name at least two` }],
      )
    if (functions.length === 1) return []
    return [
      {
        where,
        message: `risk \`${risk_id}\` is of type \`${risk_type}\` and has ${functions.length} functions; name one`,
      },
    ]
  })
}

/** One list of codes as both sides: whoever had one of them would break the rule alone. */
function sameTwice(functions: Risk['functions'], document: YamlDocument, risk: number): Problem[] {
  const keys = functions.map(({ name, actions }) => JSON.stringify([name, ...[...new Set(actions)].sort()]))
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index
      ? []
      : [
          {
            where: document.at([risk, 'functions', index]),
            message: `\`${functions[index]?.name}\` is both sides of the risk; name another function`,
          },
        ],
  )
}

function notesOn(risks: readonly Risk[], document: YamlDocument): Problem[] {
  const withValues = risks.flatMap(({ functions }) =>
    functions.filter(({ permissions }) => permissions.length > 0),
  ).length
  const valuesNote = {
    where: document.at([]),
    message: `${withValues} functions also name authorization values; they are not judged, so whoever has the code is reported whatever the values`,
  }
  return [
    ...(withValues === 0 ? [] : [valuesNote]),
    ...risks.flatMap((risk, index) => notesOnRisk(risk, document.at([index]))),
  ]
}

function notesOnRisk({ risk_id, risk_type, functions }: Risk, where: string): Problem[] {
  if (risk_type === 'CRITICAL_PERMISSION')
    return [
      {
        where,
        message: `risk \`${risk_id}\` is about authorization values; it is reported for everybody who has one of its codes`,
      },
    ]
  const shared = functions.map(({ actions }) => new Set(actions)).reduce((all, own) => all.intersection(own))
  if (risk_type !== 'SOD' || shared.size === 0) return []
  const codes = [...shared].map((code) => `\`${code}\``).join(', ')
  return [{ where, message: `${codes} does all sides of risk \`${risk_id}\`; it is reported for everybody who has it` }]
}
