/**
 * What does a verified token of a workload say? One reader for each kind of issuer; each knows which of its claims can be
 * believed to say who it is, and asks for all of them.
 */
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import {
  type ActorIssuers,
  type ActorNames,
  actorsOf,
  boundIn,
  clientOf,
  isRecord,
  type NamedAccount,
  notForUs,
  ofOtherType,
  type VerifiedToken,
  wrongLifetime,
} from '../claims.ts'
import type { KeysAt } from '../keys.ts'
import { type AuthenticationProblem, authenticationProblem } from '../problem.ts'
import { ciProviders, type TrustOf, type WorkloadTrust } from './config.ts'
import { equalIn, matched } from './rules.ts'
import { bundleKeys, trustDomainIn } from './spiffe.ts'

export interface WorkloadReading {
  readonly names: ActorNames
  readonly keys: KeysAt
  readonly requiredClaims: readonly string[]
  read(header: ProtectedHeaderParameters, claims: JWTPayload): VerifiedToken | AuthenticationProblem
}

/** Who a token is about, by the rules of its issuer. */
interface Named {
  readonly subject: NamedAccount
  readonly actors: readonly NamedAccount[]
  readonly client?: string | undefined
}

type Read = (claims: JWTPayload, actors: ActorIssuers) => Named | AuthenticationProblem
type NameActor = (subject: string) => NamedAccount | AuthenticationProblem

export function workloadReading(
  config: WorkloadTrust,
  audience: string,
  actors: ActorIssuers,
  now: () => number,
): WorkloadReading {
  const { read, nameActor, typ } = readerOf(config)
  const isSpiffe = config.kind === 'spiffe'
  return {
    keys: { ...config, ...(isSpiffe ? { take: bundleKeys } : {}) } as KeysAt,
    // A JWT-SVID need not say when it was made; then it is counted from now.
    requiredClaims: isSpiffe ? ['exp', 'sub'] : ['exp', 'iat', 'sub'],
    names: {
      key: config.key,
      nameOf({ sub }) {
        const named = typeof sub === 'string' ? nameActor(sub) : undefined
        return named === undefined || 'problem' in named ? undefined : named
      },
    },
    read(header, claims) {
      const since = claims.iat ?? now() / 1000
      const no =
        ofOtherType(withoutJose(header), claims, typ) ??
        notForUs(claims, config, audience) ??
        wrongLifetime(claims, config, since)
      if (no !== undefined) return no
      const bound = boundIn(claims, config)
      if ('problem' in bound) return bound
      const named = read(claims, actors)
      if ('problem' in named) return named
      return {
        issuerKey: config.key,
        subject: named.subject,
        actors: named.actors,
        client: named.client,
        signedInSeconds: undefined,
        expiresSeconds: claims.exp as number,
        ...bound,
      }
    },
  }
}

/** JWT-SVIDs may be marked as what every signed JWT is. */
function withoutJose(header: ProtectedHeaderParameters): ProtectedHeaderParameters {
  return header.typ?.toLowerCase() === 'jose' ? { ...header, typ: 'JWT' } : header
}

interface Reader {
  readonly read: Read
  readonly nameActor: NameActor
  readonly typ: 'at+jwt' | 'JWT' | 'absent'
}

function readerOf(config: WorkloadTrust): Reader {
  switch (config.kind) {
    case 'kubernetes':
      return kubernetesReader(config)
    case 'ci':
      return ciReader(config)
    case 'spiffe':
      return spiffeReader(config)
    case 'clients':
      return clientsReader(config)
  }
}

/** The claim of the cluster says it member by member; the subject has to say the same. */
function kubernetesReader({ key, rules }: TrustOf<'kubernetes'>): Reader {
  const loginOf = (namespace: unknown, name: unknown) => `system:serviceaccount:${namespace}:${name}`
  return {
    typ: 'absent',
    nameActor: (sub) =>
      // Without the cluster's own claim nothing says which of several of one name it was.
      named(
        key,
        sub,
        matched(rules, (rule) => rule.uid === undefined && loginOf(rule.namespace, rule.serviceAccount) === sub),
      ),
    read: alone((claims) => {
      const cluster = claims['kubernetes.io']
      const account = isRecord(cluster) ? cluster.serviceaccount : undefined
      if (!isRecord(cluster) || !isRecord(account)) return missing('kubernetes.io')
      const login = loginOf(cluster.namespace, account.name)
      if (claims.sub !== login) return authenticationProblem('token-malformed', '`sub` names another service account')
      const found = matched(
        rules,
        ({ namespace, serviceAccount, uid }) =>
          cluster.namespace === namespace &&
          account.name === serviceAccount &&
          (uid === undefined || account.uid === uid),
      )
      return alike(named(key, login, found))
    }),
  }
}

function ciReader(config: TrustOf<'ci'>): Reader {
  const { key, provider, startedBy, rules } = config
  const names = provider === 'other' ? config.claims : ciProviders[provider]
  if (names === undefined) throw new TypeError('bug: another provider without names of its claims')
  return {
    typ: 'absent',
    nameActor: () => authenticationProblem('workload-unmatched'),
    read: alone((claims) => {
      const absent = Object.values(names).find((name) => typeof claims[name] !== 'string')
      if (absent !== undefined) return missing(absent)
      const found = matched(rules, ({ repository, workflow, environment, also }) =>
        equalIn(claims, {
          ...also,
          [names.repository]: repository,
          [names.workflow]: workflow,
          [names.environment]: environment,
        }),
      )
      const run = named(key, `${claims[names.repository]} ${claims[names.workflow]}`, found)
      if ('problem' in run || startedBy === undefined) return alike(run)
      const starter = claims[startedBy.claim]
      if (typeof starter !== 'string' || starter === '') return missing(startedBy.claim)
      return { subject: { on: startedBy.on, login: starter }, actors: [run] }
    }),
  }
}

function spiffeReader({ key, trustDomain, rules }: TrustOf<'spiffe'>): Reader {
  const nameOf: NameActor = (sub) =>
    named(
      key,
      sub,
      matched(rules, ({ id }) => id === sub),
    )
  return {
    typ: 'absent',
    nameActor: nameOf,
    read: alone(({ sub }) => {
      if (trustDomainIn(sub) !== trustDomain)
        return authenticationProblem('token-malformed', `\`sub\` is no id of the trust domain \`${trustDomain}\``)
      return alike(nameOf(sub as string))
    }),
  }
}

function clientsReader(config: TrustOf<'clients'>): Reader {
  const { key, clientClaims, rules, typ } = config
  return {
    typ,
    nameActor: (sub) =>
      named(
        key,
        sub,
        matched(rules, ({ client, subject = client, also }) => subject === sub && Object.keys(also).length === 0),
      ),
    read(claims, actors) {
      const client = clientOf(claims, clientClaims)
      if (typeof client === 'object') return client
      const chain = actorsOf(claims.act, config, actors)
      if ('problem' in chain) return chain
      const found = matched(
        rules,
        (rule) => rule.client === client && (rule.subject ?? rule.client) === claims.sub && equalIn(claims, rule.also),
      )
      const subject = named(key, claims.sub as string, found)
      return 'problem' in subject ? subject : { subject, actors: chain, client }
    },
  }
}

/** These issuers know of nobody who acts for anybody; a token that says so is not theirs to say. */
function alone(read: (claims: JWTPayload) => Named | AuthenticationProblem): Read {
  return (claims) =>
    claims.act === undefined
      ? read(claims)
      : authenticationProblem('delegation-unresolved', 'this issuer may not say who acts for whom')
}

function named(
  on: string,
  login: string,
  found: { readonly workload: string } | AuthenticationProblem,
): NamedAccount | AuthenticationProblem {
  return 'problem' in found ? found : { on, login, workload: found.workload }
}

function alike(subject: NamedAccount | AuthenticationProblem): Named | AuthenticationProblem {
  return 'problem' in subject ? subject : { subject, actors: [] }
}

function missing(claim: string): AuthenticationProblem {
  return authenticationProblem('workload-unmatched', `the claim \`${claim}\` is missing`)
}
