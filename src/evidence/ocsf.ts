/**
 * One recorded event as an OCSF 1.8.0 event (schema.ocsf.io): giving and taking access as User Access Management, everything
 * else as API Activity. Ids and codes only; what people wrote stays in the record, which the event names by its hash.
 */
import type { Waiver } from '../core/waiver.ts'
import type { Recorded } from './lives.ts'

const ocsfVersion = '1.8.0'
const iam = 3
const userAccess = 3005
const application = 6
const apiActivity = 6003

const severity = { informational: 1, low: 2, medium: 3, high: 4 } as const
const success = 1
const failure = 2

/** What a security team wants to hear of at once; everything that is not here is informational. */
const severityOf: Readonly<Record<string, number>> = {
  AttemptRefused: severity.low,
  WaiverDenied: severity.low,
  ControlMissed: severity.medium,
  AccessSuspended: severity.medium,
  ApprovalVoided: severity.medium,
  ReviewOverdue: severity.medium,
  DriftFound: severity.medium,
  DriftChanged: severity.medium,
  RemovalFailed: severity.high,
}

const given = new Set(['AccessActivated'])
const taken = new Set(['RemovalVerified', 'RemovalFailed', 'AccessExpired', 'AccessRevoked', 'AccessSuspended'])
const created = new Set(['WaiverRequested', 'ChangeProposed', 'FoundingProposed', 'DriftFound', 'HabitFound'])

export interface OcsfContext {
  /** Public address of the installation. */
  readonly installation: string
  readonly version: string
  /** Terms of the waiver the event belongs to, where they are known. */
  readonly subject?: Subject
}

export interface Subject {
  readonly beneficiary: string
  readonly system: string
  readonly entitlement: string
  readonly account?: string
}

/** What a waiver is about, as far as log pipelines need it. */
export function subjectOf({ terms: { beneficiary, access }, activation }: Waiver): Subject {
  const account = activation?.account ?? access.account
  const { system, entitlement } = access
  return { beneficiary, system, entitlement, ...(account === undefined ? {} : { account }) }
}

export function ocsfEvent(recorded: Recorded, context: OcsfContext): Readonly<Record<string, unknown>> {
  const { subject } = context
  const isAccess = subject !== undefined && (given.has(recorded.type) || taken.has(recorded.type))
  return isAccess ? accessEvent(recorded, context, subject) : activityEvent(recorded, context)
}

function accessEvent(recorded: Recorded, context: OcsfContext, subject: Subject) {
  const activity = given.has(recorded.type) ? 1 : 2
  return {
    ...common(recorded, context, userAccess, activity),
    category_uid: iam,
    actor: actorOf(recorded),
    user: { uid: subject.beneficiary, ...(subject.account === undefined ? {} : { name: subject.account }) },
    privileges: [subject.entitlement],
    resources: [{ uid: subject.system, name: subject.system }],
  }
}

function activityEvent(recorded: Recorded, context: OcsfContext) {
  const { subject } = context
  const activity = created.has(recorded.type) ? 1 : 3
  return {
    ...common(recorded, context, apiActivity, activity),
    category_uid: application,
    actor: actorOf(recorded),
    api: { operation: recorded.type, request: { uid: recorded.id } },
    src_endpoint: { uid: context.installation },
    resources: [
      { uid: recorded.stream, type: streamKind(recorded.stream) },
      ...(subject === undefined ? [] : [{ uid: subject.system, type: 'system' }]),
    ],
  }
}

function common(recorded: Recorded, { installation, version }: OcsfContext, classUid: number, activity: number) {
  const { id, stream, type, at, position, bodyHash, body } = recorded
  const refused = type === 'AttemptRefused' || type === 'RemovalFailed'
  const code = typeof body?.code === 'string' ? body.code : undefined
  return {
    activity_id: activity,
    class_uid: classUid,
    type_uid: classUid * 100 + activity,
    time: Date.parse(at),
    severity_id: severityOf[type] ?? severity.informational,
    status_id: refused ? failure : success,
    ...(code === undefined ? {} : { status_code: code }),
    message: `${type} ${stream}`,
    metadata: {
      version: ocsfVersion,
      uid: id,
      correlation_uid: stream,
      event_code: type,
      log_name: 'countersign',
      ...(position === undefined ? {} : { sequence: position }),
      product: { name: 'Countersign', vendor_name: 'Countersign', version },
      tenant_uid: installation,
    },
    unmapped: { body_hash: bodyHash },
  }
}

/** The system itself is an actor with a name of its own, never nobody. */
function actorOf({ by }: Recorded) {
  return by.startsWith('per_') ? { user: { uid: by } } : { app_uid: by, app_name: by }
}

function streamKind(stream: string): string {
  if (stream.startsWith('wvr_')) return 'waiver'
  return stream.startsWith('chg_') ? 'change' : 'record'
}
