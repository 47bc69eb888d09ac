/**
 * Whose tokens are believed, and what is read from them? One entry for each issuer of the configuration, found by what a
 * token says before anything of it may be believed; what it says decides only which keys are tried.
 */
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { type ActorNames, actorNamesOf, ofOtherType, readClaims, type VerifiedToken } from './claims.ts'
import type { IssuerConfig } from './config.ts'
import type { SignatureAlgorithm } from './config-text.ts'
import { type KeySource, keySourceOf } from './keys.ts'
import type { AuthenticationProblem } from './problem.ts'
import { trustDomainIn, type WorkloadTrust, workloadReading } from './workloads/index.ts'

export interface Trust {
  /** Compared byte by byte with `iss`; absent where tokens need not name who made them. */
  readonly issuer?: string
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly keys: KeySource
  readonly requiredClaims: readonly string[]
  /** @param claims verified: signature, issuer and clock are right */
  read(header: ProtectedHeaderParameters, claims: JWTPayload): VerifiedToken | AuthenticationProblem
}

export interface Trusts {
  /** @param claims nothing of them is verified yet */
  nameIn(claims: JWTPayload): Trust | undefined
}

export function trustIn(
  issuers: readonly IssuerConfig[],
  workloads: readonly WorkloadTrust[],
  audience: string,
  now: () => number,
): Trusts {
  const actors = new Map<string, ActorNames>(issuers.map((config) => [config.issuer, actorNamesOf(config)]))
  const byIssuer = new Map<string, Trust>()
  const byDomain = new Map<string, Trust>()
  for (const config of issuers) {
    const wanted = config.audience ?? audience
    byIssuer.set(config.issuer, {
      issuer: config.issuer,
      algorithms: config.algorithms,
      keys: keySourceOf(config, now),
      requiredClaims: ['exp', 'iat'],
      read: (header, claims) => ofOtherType(header, claims, config.typ) ?? readClaims(claims, config, wanted, actors),
    })
  }
  for (const config of workloads) {
    const { names, keys, requiredClaims, read } = workloadReading(config, config.audience ?? audience, actors, now)
    const trust: Trust = {
      algorithms: config.algorithms,
      requiredClaims,
      keys: keySourceOf(keys, now),
      read,
      ...(config.issuer === undefined ? {} : { issuer: config.issuer }),
    }
    if (config.issuer !== undefined) {
      byIssuer.set(config.issuer, trust)
      actors.set(config.issuer, names)
    }
    if (config.kind === 'spiffe') byDomain.set(config.trustDomain, trust)
  }
  return {
    nameIn({ iss, sub }) {
      const named = typeof iss === 'string' ? byIssuer.get(iss) : undefined
      return named ?? byDomain.get(trustDomainIn(sub) ?? '')
    },
  }
}
