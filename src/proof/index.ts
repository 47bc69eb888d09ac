// The door of the proof room: what anybody can check without us. Leaves, bundles, and decisions made again from recorded
// facts. Pure: no file, no socket, no clock; it runs in a browser as well.

export {
  type AuditFinding,
  type AuditTrust,
  type AuditVerdict,
  auditFindings,
  auditLog,
  type Doubt,
  type LogSource,
  SourceGap,
} from './audit/audit.ts'
export { KeysDiffer, type PublishedChange, type PublishedKeys } from './audit/keys.ts'
export { type Bundle, type BundledEvent, bundleSchema, bundleVersion, readBundle, spellBundle } from './bundle/form.ts'
export { type BundleStep, type BundleStepName, stepNames } from './bundle/steps.ts'
export type { BundleTrust } from './bundle/trust.ts'
export { type BundleVerdict, verifyBundle } from './bundle/verify.ts'
export { leafOf, readLeaf, type SealedEvent } from './leaf.ts'
export { type LogEvent, type LogRecord, logStream } from './log-record.ts'
export { type Recomputed, type RecordedAct, type RecordedFacts, recompute, type Why } from './recompute.ts'
export { termsDigest } from './terms-digest.ts'
