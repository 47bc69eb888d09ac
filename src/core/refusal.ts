/**
 * The domain's "no". A refusal is a value with a code from this closed list; it is recorded, shown with its reason, and
 * never looks like success. HTTP statuses live in `api/problem.ts`, sentences for people live here, nowhere else.
 */
import type { Conflict } from './conflict.ts'
import type { PersonId } from './directory.ts'
import type { PoolId } from './policy.ts'
import type { ContextChange } from './signed.ts'

/** Code → what it says to a person. Grouped by the question that was answered with no. */
export const refusals = {
  // Is it known at all?
  'not-initialised': 'this installation has no founders and no policy yet',
  'unknown-waiver': 'there is no such waiver',
  'unknown-person': 'nobody in the directory goes by this name',
  'unknown-beneficiary': 'the beneficiary is not in the directory',
  'unknown-system': 'no such system in the policy',
  'unknown-entitlement': 'the system has no such entitlement',
  'unknown-rule': 'no such duty rule in the policy',
  'unknown-record': 'the waiver has no such record to review',
  'unknown-control': 'the terms have no such compensating control',
  'unknown-passkey': 'there is no such passkey',
  'unknown-account': 'the account is not known to belong to the beneficiary',
  'account-needed': 'several accounts on the target could be meant; say which one',
  'not-active-in-directory': 'this person or workload has left or was deactivated',
  'workload-orphaned': 'nobody who is here owns this workload; it gets no override until somebody has taken ownership',

  // Are the terms acceptable?
  'terms-malformed': 'the terms are not well-formed',
  'kind-not-offered': 'the entitlement is not offered for this kind of waiver',
  'outside-entitlement': 'a resource or action lies outside the entitlement',
  'window-reversed': 'the window ends before it starts',
  'window-in-past': 'the window lies in the past',
  'window-too-far-ahead': 'the window starts too far ahead',
  'window-too-long': 'the window is longer than the tier allows',
  'control-missing': 'the tier asks for a compensating control that the terms lack',
  'control-owner-unfit': 'a compensating control needs an owner in the directory who does not benefit',
  'contents-unknown': 'what the entitlement contains could not be read from the target',
  'creates-duty-conflict':
    'with this access the beneficiary would hold conflicting duties; ask for a sod-exception that names the rule',
  'not-a-duty-conflict': 'the sides named do not conflict under this rule',
  'already-asked': 'an open or live waiver for the same beneficiary and access exists',
  'requester-loosened-the-rules': 'the requesting side changed the rules this waiver would profit from',

  // Who may?
  'may-not-ask-for-beneficiary': 'only the beneficiary, or who controls or sponsors it, may ask on its behalf',
  'not-permitted': 'nothing relates this actor to the waiver in a way that permits this act',
  'approver-is-requester': 'whoever asks or benefits does not decide',
  'approver-not-independent': 'the approver is not independent of the requesting or granting path',
  'approver-not-in-pool': 'the approver is in no pool that decides this waiver',
  'approver-decided-before': 'the previous decision was by the same person; an extension needs a different one',
  'approver-no-longer-independent': 'somebody who countersigned is no longer independent',
  'one-person-counts-once': 'the same person already took a step of this decision',
  'endorser-unfit': 'whoever endorses neither asked, nor benefits, nor controls the beneficiary',
  'approver-never-activates': 'whoever endorsed or countersigned does not activate',
  'reviewer-not-independent': 'the reviewer is not independent of the waiver',
  'reviewer-not-in-pool': 'the reviewer is in no pool that reviews',
  'checker-is-concerned': 'whoever it is about does not confirm it',
  'no-independent-approver': 'nobody who may decide this is independent',
  'opener-needs-higher-tier': 'whoever opens the envelope falls into a higher tier than the one it was sealed in',
  'not-on-rota': 'only somebody on the rota may open this envelope',
  'only-people-decide': 'a workload, an agent or the system itself never decides',
  'passkey-needed': 'the tier asks for a signature by passkey, and none was given',
  'passkey-not-in-force': 'this passkey is not known, not confirmed, or was removed',
  'signature-invalid': 'the signature by passkey does not hold for this decision',
  'enrolment-invalid': 'what the authenticator sent does not enrol a passkey here',
  'passkey-enrolled-before': 'this passkey is enrolled already',
  'passkeys-too-many': 'nobody has more than ten passkeys at a time; remove one first',
  'sign-in-not-fresh': 'a decision needs an interactive sign-in of the last five minutes',

  // Is it the right moment?
  'not-in-this-state': 'the waiver is not in a state that allows this',
  'nothing-to-decide': 'nothing is waiting for a decision',
  'endorse-first': 'the operational sign-off is missing',
  'too-late': 'the time to decide has passed',
  'too-early': 'the window has not started',
  'window-over': 'the window is over',
  'clock-went-backwards': 'the clock went backwards; nothing is given until a founder confirms the time',

  // Is it what was shown?
  'record-altered': 'the record of this waiver was changed by other means than Countersign; nothing is given on it',
  'terms-changed': 'the terms are not the ones that were shown',
  'context-changed': 'something has changed since it was shown; look again, then decide',
  'challenge-spent': 'what was to be signed was signed already, is too old, or was shown to somebody else; look again',
  'terms-widened': 'a countersignature may narrow the terms, never widen them',
  'contents-changed': 'what the entitlement contains has changed since it was asked for; the approval is void',
  'denial-not-acknowledged': 'the same was denied before; whoever decides must have seen it',

  // How much is enough?
  'uses-taken': 'what is left of the uses is being used elsewhere just now',
  'extension-not-offered': 'this waiver is never extended',
  'extension-not-later': 'an extension must end later than the waiver does now',
  'extension-count-reached': 'the waiver has been extended as often as the tier allows',
  'cumulative-time-reached': 'together with earlier waivers this exceeds the cumulative time of the tier',

  // Does it hold under the rules of today?
  'policy-changed': 'the policy of today no longer allows what was asked for',

  // Can it be closed?
  'removal-not-verified': 'the removal was not verified, and its residue not accepted by name',
  'review-not-open': 'there is no open review',
  'reviewed-already': 'this record has been reviewed',

  // Was it said before?
  'idempotency-key-reused': 'this idempotency key was used for another command',

  // Changes to the rules, and to what is said of the directory
  'author-is-approver': 'nobody changes the rules alone',
  'change-not-open': 'this change is not waiting for a decision',
  'assertion-not-open': 'this is not waiting to be confirmed',
  'change-superseded': 'the rules were changed since this was proposed; propose it again on the current revision',
} as const

export type RefusalCode = keyof typeof refusals

export interface Refusal {
  readonly code: RefusalCode
  /** One sentence, lower-case, no full stop: what is wrong and what to do. */
  readonly message: string
  /** Which part of the command it is about, e.g. `terms.window.end`. */
  readonly at?: string
  readonly conflicts?: readonly Conflict[]
  /** For `no-independent-approver`: the nearest pools, and why each member is out. */
  readonly excluded?: readonly {
    readonly person: PersonId
    readonly pool: PoolId
    readonly conflicts: readonly Conflict[]
  }[]
  /** For `context-changed`: what is different from what was shown. */
  readonly changed?: readonly ContextChange[]
  /** The limit that was met and where it is set. */
  readonly limit?: { readonly value: string | number; readonly setIn: string }
  /** Names that exist and look like what was written. */
  readonly nearest?: readonly string[]
}

export function refusal(code: RefusalCode, detail?: string, more: Omit<Refusal, 'code' | 'message'> = {}): Refusal {
  return { code, message: detail === undefined ? refusals[code] : `${refusals[code]}: ${detail}`, ...more }
}
