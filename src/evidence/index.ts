/** Door of the room: what a period of the record shows, and the forms in which it is handed to an auditor. */
export { type EvidencedControlId, evidencedControlIds, evidencedControls, isEvidencedControl } from './controls.ts'
export { actsCsv, controlsCsv, requirementInWords } from './csv.ts'
export type { Recorded } from './lives.ts'
export { type OcsfContext, ocsfEvent, type Subject, subjectOf } from './ocsf.ts'
export { ocsfLines } from './ocsf-lines.ts'
export { oscalDocument } from './oscal.ts'
export { evidencePage } from './page.ts'
export { type EvidenceInput, type EvidenceReport, reportOf } from './report.ts'
