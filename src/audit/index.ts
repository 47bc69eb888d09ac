/**
 * WHAT HAPPENED BEFORE: a history of grants and approvals of any system, judged by the same engine that judges today's
 * requests. Reading, judging and showing are apart; nothing here changes anything anywhere.
 */
export { type Answer, questionIds, type Tone } from './answers/answer.ts'
export { answersOf } from './answers/answers.ts'
export { headline } from './answers/headline.ts'
export { type End, parseWhen, type SaidEnd, type When } from './calendar.ts'
export type { Figure } from './figures/figure.ts'
export type { Rows } from './figures/rows.ts'
export type { Act, History } from './history.ts'
export type { AuditDirectory } from './judge/then.ts'
export type { Conclusion, Judgement } from './judge/verdict.ts'
export type { Mapper } from './mapper.ts'
export { builtInMappers } from './mappers/built-in.ts'
export { type HistoryRecord, recordSchema } from './record.ts'
export { csvFiles, writeCsv } from './render/csv.ts'
export { auditDocumentVersion, jsonReport } from './render/json.ts'
export { htmlReport } from './render/page/page.ts'
export type { PageOptions } from './render/page/tables.ts'
export { plainPage, type TextPage, textReport } from './render/text.ts'
export { type AuditReport, auditOf, figure } from './report.ts'
export { type AuditOptions, runAudit } from './run.ts'
export { type AuditSettings, settingsDefault } from './settings.ts'
