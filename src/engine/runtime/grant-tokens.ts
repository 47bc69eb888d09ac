/**
 * Tokens for what is live: given to whoever may use a waiver, for minutes and never past its window, and taken back with
 * it. A token allows nothing that a check at this moment would not; how long it goes on doing so is what its status is for.
 */
import type { SystemId } from '../../core/directory.ts'
import {
  boundOnly,
  type LiveWaiver,
  type RuntimeFacts,
  type RuntimeReason,
  type TokenTerms,
  tokenTerms,
} from '../../core/runtime.ts'
import { instantOf, millisOf } from '../../core/time.ts'
import type { Actor, WaiverId } from '../../core/waiver.ts'
import { newId } from '../../lib/id.ts'
import type { GivenToken, Store } from '../../store/contract.ts'
import {
  asSubject,
  fromSubject,
  type GrantClaims,
  type GrantDetails,
  grantDetailsIn,
  grantDetailsType,
  grantTokenType,
  packed,
  statusListType,
  type TokenStatus,
} from '../../tokens/index.ts'
import type { Runtime } from './runtime.ts'
import type { TokenKeys } from './token-keys.ts'

export interface TokenDesk {
  give(actor: Actor, wanted: WantedToken): Promise<Given | NotGiven>
  /** What an own token says, when it is valid at this moment by everything that is known; undefined otherwise. */
  introspect(token: string): Promise<Introspected | undefined>
  /** Whoever holds a token may end it. Anything else changes nothing. */
  revoke(token: string): Promise<void>
  /** A status list, signed; `none` where no token has its place, `undefined` when nothing can be said just now. */
  statusList(list: number): Promise<{ readonly token: string } | 'none' | undefined>
  readonly keys: TokenKeys
}

export interface WantedToken {
  readonly waiver?: WaiverId
  readonly system?: SystemId
  /** Thumbprint of the key it is to be bound to, which was shown. */
  readonly key?: string
}

export interface Given {
  readonly token: string
  readonly lastsSeconds: number
  readonly details: GrantDetails
  readonly system: SystemId
  readonly bound: boolean
}

export type NotGiven =
  | { readonly no: 'none' | 'several' | 'key-needed' }
  | { readonly no: 'reason'; readonly reason: RuntimeReason }

export interface Introspected {
  readonly claims: GrantClaims
  readonly waiver: LiveWaiver
}

/** Whoever guards something asks for the list again after this long, and believes it for three times as long. */
export const statusSeconds = 10
const statusLivesSeconds = 30
const statusKeptMillis = 500
/** A list shows at most this many places; it grows in steps, so that its length says little. */
const placesStep = 4_096

export interface TokenDeskParts {
  readonly runtime: Runtime
  readonly store: Store
  readonly keys: TokenKeys
  /** Who gives them: the address of this installation, without a slash at its end. */
  readonly issuer: string
  readonly statusAddress: (list: number) => string
  readonly monotonic: () => number
}

export function tokenDeskOn(parts: TokenDeskParts): TokenDesk {
  const { runtime, store, keys, statusAddress, monotonic } = parts
  const lists = new Map<number, { readonly answer: ReturnType<TokenDesk['statusList']>; readonly until: number }>()
  return {
    keys,
    async give(actor, wanted) {
      const facts = runtime.facts()
      if (typeof facts === 'string') return { no: 'reason', reason: facts }
      const waiver = chosen(runtime, actor, wanted)
      if ('no' in waiver) return waiver
      const who = { actor: actor.id, chain: actor.chain }
      const terms = tokenTerms(who, waiver, facts)
      if (typeof terms === 'string') return { no: 'reason', reason: terms }
      if (boundOnly(facts.policy, waiver) && wanted.key === undefined) return { no: 'key-needed' }
      // Nobody asks again when it is used, so it counts as used now.
      const duty = terms.check === 'by-token' ? await mayExercise(runtime, actor, waiver, facts) : true
      if (duty !== true) return { no: 'reason', reason: duty }
      return sealed(parts, actor, waiver, terms, facts, wanted.key)
    },
    async introspect(token) {
      const claims = await keys.verified(grantTokenType, token)
      const facts = runtime.facts()
      if (claims === undefined || typeof facts === 'string') return undefined
      const read = claims as unknown as GrantClaims
      if (read.exp * 1000 <= millisOf(facts.now)) return undefined
      const found = await store.tokens.find(read.jti)
      if (found === undefined || found.revoked) return undefined
      const waiver = runtime.live.live(found.waiver)
      const who = fromSubject(claims)
      if (waiver === undefined || who === undefined || grantDetailsIn(claims)?.terms !== waiver.digest) return undefined
      const terms = tokenTerms(who, waiver, facts)
      // A token that says that nobody need be asked is worth nothing once somebody has to be.
      const asksNobody = grantDetailsIn(claims)?.check === 'by-token'
      if (typeof terms === 'string' || (asksNobody && terms.check !== 'by-token')) return undefined
      return { claims: read, waiver }
    },
    async revoke(token) {
      const claims = await keys.verified(grantTokenType, token)
      if (typeof claims?.jti !== 'string') return
      await store.tokens.revoke(claims.jti)
      lists.clear()
    },
    async statusList(list) {
      const kept = lists.get(list)
      if (kept !== undefined && kept.until > monotonic()) return kept.answer
      const facts = runtime.facts()
      if (typeof facts === 'string') return undefined
      if (lists.size > 100) lists.clear()
      const answer = listed(parts, list, facts, statusAddress(list))
      lists.set(list, { answer, until: monotonic() + statusKeptMillis })
      answer.catch(() => lists.delete(list))
      return answer
    },
  }
}

function chosen(runtime: Runtime, { id }: Actor, { waiver, system }: WantedToken): LiveWaiver | NotGiven {
  const own = runtime.live
    .ofUser(id)
    .filter((one) => (waiver === undefined || one.id === waiver) && (system === undefined || one.system === system))
  const [only, ...others] = own
  if (only === undefined) return { no: 'none' }
  return others.length === 0 ? only : { no: 'several' }
}

function mayExercise(runtime: Runtime, { id, chain }: Actor, waiver: LiveWaiver, facts: RuntimeFacts) {
  const use = { actor: id, chain, system: waiver.system, resource: '', action: '' }
  return runtime.duties.mayExercise(waiver, use, facts)
}

async function sealed(
  { store, keys, issuer, statusAddress }: TokenDeskParts,
  { id, chain }: Actor,
  waiver: LiveWaiver,
  { check, end }: TokenTerms,
  { now }: RuntimeFacts,
  key: string | undefined,
): Promise<Given> {
  const { list, place } = await store.tokens.place()
  const [iat, exp] = [Math.floor(millisOf(now) / 1000), Math.floor(millisOf(end) / 1000)]
  const details: GrantDetails = {
    type: grantDetailsType,
    identifier: waiver.id,
    actions: [...waiver.actions],
    resources: [...waiver.resources],
    conditions: { ...waiver.conditions },
    terms: waiver.digest,
    account: waiver.account,
    check,
  }
  const claims: GrantClaims = {
    iss: issuer,
    aud: waiver.system,
    ...asSubject(id, chain),
    client_id: id,
    iat,
    exp,
    jti: newId('gtk'),
    authorization_details: [details],
    status: { status_list: { idx: place, uri: statusAddress(list) } },
    ...(key === undefined ? {} : { cnf: { jkt: key } }),
  }
  const token = await keys.sign(grantTokenType, claims)
  // INVARIANT: what is given has its place first, so that it can be taken back.
  await store.tokens.add({
    id: claims.jti,
    waiver: waiver.id,
    subject: id,
    list,
    place,
    expiresAt: instantOf(exp * 1000),
  })
  return { token, lastsSeconds: exp - iat, details, system: waiver.system, bound: key !== undefined }
}

async function listed(
  { runtime, store, keys }: TokenDeskParts,
  list: number,
  { now }: RuntimeFacts,
  address: string,
): Promise<{ readonly token: string } | 'none'> {
  const tokens = await store.tokens.listed(list)
  // Anybody may ask for any number; a signature is made only for what somebody could have a use for.
  if (tokens.length === 0 && list > 0) return 'none'
  const marked = new Map<number, TokenStatus>()
  for (const token of tokens) {
    const status = statusOf(token, runtime)
    if (status !== 'valid') marked.set(token.place, status)
  }
  const highest = tokens.reduce((most, { place }) => Math.max(most, place), 0)
  const places = Math.ceil((highest + 1) / placesStep) * placesStep
  const iat = Math.floor(millisOf(now) / 1000)
  const token = await keys.sign(statusListType, {
    sub: address,
    iat,
    exp: iat + statusLivesSeconds,
    ttl: statusSeconds,
    status_list: await packed(places, marked),
  })
  return { token }
}

function statusOf({ waiver, revoked }: GivenToken, { live }: Runtime): TokenStatus {
  if (revoked) return 'invalid'
  const state = live.live(waiver)?.state
  if (state === undefined) return 'invalid'
  return state === 'active' ? 'valid' : 'suspended'
}
