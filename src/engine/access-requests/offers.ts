/**
 * The offer that goes with a denial: signed, for minutes, about exactly the question that was denied, under the rules it
 * was denied by, and for nobody but those it was about. It allows nothing; it only says that this may be asked.
 */
import { decodeJwt, type JWTPayload } from 'jose'
import {
  approvalType,
  type BindingClaims,
  bindingHash,
  bindingType,
  boundMembers,
  type Evaluated,
  ownClaims,
} from '../../access-request/index.ts'
import type { NodeId, SystemId } from '../../core/directory.ts'
import type { Digest } from '../../core/terms.ts'
import { type Instant, instantOf, millisOf, parseInstant } from '../../core/time.ts'
import { digestOfText } from '../../lib/digest.ts'
import type { TokenKeys } from '../runtime/token-keys.ts'

/** Long enough to think about what to ask, and shorter than the keys it is verified with live. */
export const offerSeconds = 600
/** An approval that is shown elsewhere is fetched again after this long at the latest. */
const approvalSecondsMax = 600

/** A decision point that is not ours, and whose denials may be asked about here. */
export interface DecisionPoint {
  readonly issuer: string
  /** About these it may say what is denied. */
  readonly systems: readonly SystemId[]
}

/** @returns who signed it; undefined for whatever is not from one of them. @throws when their keys cannot be read. */
export type VerifyForeign = (
  token: string,
) => Promise<{ readonly point: DecisionPoint; readonly claims: JWTPayload } | undefined>

export interface SignedBy {
  readonly keys: TokenKeys
  /** The address of this installation, without a slash at its end. */
  readonly issuer: string
  readonly foreign: VerifyForeign
}

export interface Offer {
  readonly token: string
  readonly expiresAt: Instant
}

export async function offerOf(
  { keys, issuer }: SignedBy,
  about: {
    readonly evaluation: string
    readonly evaluated: Evaluated
    readonly parties: readonly NodeId[]
    readonly rules: Digest
    readonly now: Instant
  },
): Promise<Offer> {
  const { evaluation, evaluated, parties, rules, now } = about
  const iat = Math.floor(millisOf(now) / 1000)
  const expiresAt = instantOf((iat + offerSeconds) * 1000)
  const token = await keys.sign(bindingType, {
    iss: issuer,
    aud: issuer,
    iat,
    exp: iat + offerSeconds,
    jti: evaluation,
    evaluation_id: evaluation,
    denial_expires_at: expiresAt,
    binding_context_members: boundMembers,
    binding_hash: bindingHash(evaluated, boundMembers),
    [ownClaims.parties]: parties,
    [ownClaims.policy]: rules,
  })
  return { token, expiresAt }
}

/** An offer as it was signed; whether it is in time is for whoever has the time. */
export interface ReadOffer extends BindingClaims {
  /** Absent: ours. */
  readonly point?: DecisionPoint
  /** Which offer, so that each is taken up once. */
  readonly id: string
  readonly evaluation?: string
  readonly expiresAt: Instant
  /** Ours only: who stands behind the question, and the rules it was denied by. */
  readonly parties?: readonly NodeId[]
  readonly rules?: Digest
}

/** @returns undefined for whatever is not an offer for us, signed by somebody who may make one. */
export async function readOffer(by: SignedBy, token: string): Promise<ReadOffer | undefined> {
  const issuer = issuerIn(token)
  const read: Read | undefined = issuer === by.issuer ? await ownClaimsIn(by, token) : await by.foreign(token)
  if (read === undefined || !isFor(read.claims, by.issuer)) return undefined
  const { claims } = read
  const expiresAt = expiryOf(claims)
  if (expiresAt === undefined) return undefined
  const evaluation = textIn(claims.evaluation_id)
  const common = {
    ...(claims as BindingClaims),
    expiresAt,
    ...(evaluation === undefined ? {} : { evaluation }),
  }
  if (read.point !== undefined) {
    const id = digestOfText(`${read.point.issuer} ${claims.jti ?? evaluation ?? token}`)
    return { ...common, point: read.point, id }
  }
  const parties: unknown = claims[ownClaims.parties]
  const rules = textIn(claims[ownClaims.policy])
  if (evaluation === undefined || rules === undefined || !areTexts(parties)) return undefined
  return { ...common, id: evaluation, parties, rules }
}

interface Read {
  readonly point?: DecisionPoint
  readonly claims: JWTPayload
}

async function ownClaimsIn({ keys }: SignedBy, token: string): Promise<Read | undefined> {
  const claims = await keys.verified(bindingType, token)
  return claims === undefined ? undefined : { claims }
}

/** The earlier of both; one of them has to be there. */
function expiryOf({ exp, denial_expires_at: denial }: JWTPayload): Instant | undefined {
  const said = denial === undefined ? undefined : parseInstant(String(denial))
  if (denial !== undefined && said === undefined) return undefined
  const signed = exp === undefined ? undefined : instantOf(exp * 1000)
  if (signed === undefined || said === undefined) return signed ?? said
  return signed < said ? signed : said
}

/** What an approval looks like to whoever decides elsewhere, or here: which, for what, and until when. */
export interface ApprovalClaims {
  readonly approval: string
  readonly task: string
  readonly evaluation?: string
  readonly audience: string
  readonly hash: string
  readonly members: readonly string[]
  readonly requester: NodeId
  readonly approvedAt?: Instant
  readonly approvedUntil: Instant
}

export function signedApproval({ keys, issuer }: SignedBy, claims: ApprovalClaims, now: Instant): Promise<string> {
  const iat = Math.floor(millisOf(now) / 1000)
  const until = Math.floor(millisOf(claims.approvedUntil) / 1000)
  return keys.sign(approvalType, {
    iss: issuer,
    aud: claims.audience,
    sub: claims.requester,
    iat,
    exp: Math.min(until, iat + approvalSecondsMax),
    jti: `${claims.approval}.${iat}`,
    approval_id: claims.approval,
    task_id: claims.task,
    ...(claims.evaluation === undefined ? {} : { evaluation_id: claims.evaluation }),
    binding_context_members: claims.members,
    binding_hash: claims.hash,
    ...(claims.approvedAt === undefined ? {} : { approved_at: claims.approvedAt }),
    approved_until: claims.approvedUntil,
  })
}

/** @returns whether this is what we signed of that approval, for us, and not over yet. */
export async function isApproval(
  { keys, issuer }: SignedBy,
  state: string,
  approval: string,
  now: Instant,
): Promise<boolean> {
  const claims = await keys.verified(approvalType, state)
  if (claims === undefined || claims.iss !== issuer || !isFor(claims, issuer)) return false
  return claims.approval_id === approval && (claims.exp ?? 0) * 1000 > millisOf(now)
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function isFor({ aud }: JWTPayload, issuer: string): boolean {
  return Array.isArray(aud) ? aud.includes(issuer) : aud === issuer
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
