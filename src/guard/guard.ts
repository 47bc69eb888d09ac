/**
 * Stands in front of a resource: may whoever sends this token do this, here, now? Verifies the token, asks for its status
 * or asks the installation itself, and holds the use against the terms. Whatever cannot be found out is a no.
 */
import { type Conditions, forbiddenByConditions } from '../core/conditions.ts'
import type { Digest } from '../core/terms.ts'
import { instantOf } from '../core/time.ts'
import { type Proven, provenBy, type SeenProofs, seenProofs } from '../tokens/index.ts'
import { asked, type Online } from './online.ts'
import { type Fetch, isTrustworthy } from './published.ts'
import { type Refused, refused } from './reasons.ts'
import { statusesOf } from './statuses.ts'
import { keysAt, looksLikeToken, type ReadToken, tokensOf } from './tokens.ts'

export interface GuardOptions {
  /** Public address of the Countersign installation. */
  readonly issuer: string
  /** Id of the system this resource is, such as `sys_ledger-db`; tokens for anything else are refused. */
  readonly audience: string | readonly string[]
  /** How the installation is asked at each use, where a token says so; without it, such tokens are refused. */
  readonly online?: Online
  /** `required`: only tokens that are bound to a key. A token that is bound is never taken without its proof. */
  readonly dpop?: 'accepted' | 'required'
  /** A list of ended tokens is asked for again at least this often. Default 10, and never longer than the list says. */
  readonly statusSecondsMax?: number
  /** How many verified tokens are remembered, for a minute each at most. Default 10,000. */
  readonly rememberedCountMax?: number
  /** Proofs that were used. Default: remembered by this guard alone; several that share a resource should share them. */
  readonly seen?: SeenProofs
  readonly fetch?: Fetch
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** What of a request says who sends it. */
export interface Sender {
  readonly authorization?: string | null | undefined
  readonly dpop?: string | null | undefined
  readonly method?: string
  /** As whoever sends it knows it. */
  readonly url?: string
}

/** What the request would do, in the names of the installation's catalogue. */
export interface GuardedUse {
  readonly action: string
  readonly resource: string
  readonly tool?: string
  readonly toolDigest?: Digest
  readonly arguments?: Readonly<Record<string, unknown>>
  readonly bytes?: number
}

export interface Allowed {
  readonly allowed: true
  /** Who acts, and through whom, outermost first. Ids of the directory. */
  readonly actor: string
  readonly chain: readonly string[]
  readonly waiver: string
  readonly account: string
  /** When the token ends. */
  readonly until: string
}

export interface Guard {
  /** Never throws for anything a caller can send. */
  check(sender: Sender, use: GuardedUse | undefined): Promise<Allowed | Refused>
}

export function createGuard(options: GuardOptions): Guard {
  const { audience, online, dpop = 'accepted', statusSecondsMax = 10, rememberedCountMax = 10_000 } = options
  const { seen = seenProofs() } = options
  const { now = () => Date.now(), fetch = (address, init) => globalThis.fetch(address, init) } = options
  const issuer = options.issuer.replace(/\/+$/, '')
  if (!isTrustworthy(issuer)) throw new TypeError('the issuer has to be an https address, or http on this machine')
  const audiences = typeof audience === 'string' ? [audience] : audience
  if (audiences.length === 0) throw new TypeError('say for which system this guard stands')
  const keys = keysAt(`${issuer}/oauth/jwks`, fetch, now)
  const tokens = tokensOf(issuer, audiences, keys, rememberedCountMax)
  const statuses = statusesOf({ below: `${issuer}/oauth/status/`, keys, fetch, now, secondsMax: statusSecondsMax })

  const stillCounts = async (read: ReadToken, use: GuardedUse): Promise<true | Refused> => {
    if (read.details.check === 'each-use') {
      return online === undefined ? refused('not-answered') : asked(issuer, online, fetch, now(), read, use)
    }
    const known = statuses.of(read.status)
    const status = known instanceof Promise ? await known : known
    if (status === 'valid') return true
    return refused(status === undefined ? 'status-unknown' : status === 'suspended' ? 'token-suspended' : 'token-ended')
  }

  const notTheirs = async (read: ReadToken, token: string, scheme: string, sender: Sender) => {
    if (read.key === undefined) {
      if (scheme === 'dpop') return refused('key-not-shown')
      return dpop === 'required' ? refused('key-needed') : undefined
    }
    const { method, url, dpop: proof } = sender
    if (scheme !== 'dpop' || typeof proof !== 'string' || method === undefined || url === undefined)
      return refused('key-not-shown')
    const nowSeconds = now() / 1000
    const proven = await provenBy({ proof, method, url, token, nowSeconds })
    if (typeof proven === 'string' || proven.thumbprint !== read.key) return refused('proof-invalid')
    return (await isNew(seen, proven, nowSeconds)) ? undefined : refused('proof-replayed')
  }

  return {
    async check(sender, use) {
      const [, scheme = '', token = ''] = /^(Bearer|DPoP) +(\S+)$/i.exec(sender.authorization ?? '') ?? []
      if (token === '') return refused('token-missing')
      if (!looksLikeToken(token)) return refused('token-malformed')
      const reading = tokens.read(token, now())
      const read = reading instanceof Promise ? await reading : reading
      if ('allowed' in read) return read
      if (now() >= read.expiresMillis) return refused('token-expired')
      const no = await notTheirs(read, token, scheme.toLowerCase(), sender)
      if (no !== undefined) return no
      if (use === undefined) return refused('use-not-described')
      const outside = outsideTerms(read, use, now())
      if (outside !== undefined) return outside
      const counts = await stillCounts(read, use)
      return counts === true ? allowed(read) : counts
    },
  }
}

/** What cannot be asked counts as seen. */
async function isNew(seen: SeenProofs, proven: Proven, nowSeconds: number): Promise<boolean> {
  try {
    return await seen.isNew(proven, nowSeconds)
  } catch {
    return false
  }
}

const understood: ReadonlySet<string> = new Set<keyof Conditions>([
  'usesMax',
  'exclusions',
  'tools',
  'arguments',
  'argumentsClosed',
  'rate',
  'bytesMax',
  'delegationDepthMax',
  'hours',
])
/** What only the installation can count. */
const counted: readonly string[] = ['usesMax', 'bytesMax', 'rate']

function outsideTerms(read: ReadToken, use: GuardedUse, nowMillis: number): Refused | undefined {
  const { details, resources, actions, chain } = read
  const named = Object.keys(details.conditions)
  if (details.check === 'by-token' && named.some((name) => !understood.has(name) || counted.includes(name)))
    return refused('terms-not-understood')
  if (!resources.has(use.resource) || !actions.has(use.action)) return refused('outside-scope')
  const conditions = details.conditions as Conditions
  const reason = forbiddenByConditions(conditions, { ...use, delegationDepth: chain.length }, instantOf(nowMillis))
  return reason === undefined ? undefined : refused(reason)
}

function allowed({ actor, chain, details, expiresMillis }: ReadToken): Allowed {
  const { identifier: waiver, account } = details
  return { allowed: true, actor, chain, waiver, account, until: instantOf(expiresMillis) }
}
