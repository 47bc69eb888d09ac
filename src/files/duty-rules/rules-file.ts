/** Which of the known forms is this file of rules? By what stands in it, never by its name; then it is read by its own reader. */
import type { FileText, Read } from '../yaml.ts'
import { readErpRules } from './erp.ts'
import type { ImportedRules, ImportOptions, SeverityOption } from './imported.ts'
import { readToxicPermissions } from './toxic-permissions.ts'

export type RulesForm = 'erp' | 'toxic-permissions'

export interface RulesFile {
  readonly form: RulesForm
  readonly rules: ImportedRules
}

/** @returns the rules and the form they were written in, or every problem. */
export function readRulesFile(file: FileText, options: ImportOptions & SeverityOption = {}): Read<RulesFile> {
  const form = formOf(file.text)
  if (form === undefined) {
    const message = 'is no list of ERP risks (with `risk_id`) and no list of toxic permissions (with `permissions`)'
    return { problems: [{ where: `${file.name}:1:1`, message }] }
  }
  const read = form === 'erp' ? readErpRules(file, options) : readToxicPermissions(file, options)
  return 'problems' in read ? read : { value: { form, rules: read.value } }
}

function formOf(text: string): RulesForm | undefined {
  if (/"risk_id"\s*:/.test(text)) return 'erp'
  return /"permissions"\s*:/.test(text) ? 'toxic-permissions' : undefined
}
