// The door of rules from elsewhere: rule sets, assignments, contents of entitlements and mitigations, as files.
export { type AssignmentList, readAssignments } from './assignments.ts'
export { type EntitlementFiles, entitlementsSchema, readEntitlements } from './entitlements.ts'
export { readErpRules } from './erp.ts'
export type { ImportedCounts, ImportedRules, ImportOptions, SeverityOption } from './imported.ts'
export { mitigationsSchema, readMitigations } from './mitigations.ts'
export { type PolicySections, policySections, type SectionOptions } from './policy-sections.ts'
export { type RulesFile, type RulesForm, readRulesFile } from './rules-file.ts'
export { readToxicPermissions } from './toxic-permissions.ts'
