/**
 * Which issuers of tokens does this installation trust, and for what? The shape of the `identity` part of the operators'
 * configuration file. Strict: an unknown key is an error, never ignored, and nothing here has a lenient default.
 */
import { z } from 'zod'
import {
  claimName,
  exactText,
  issuerAddress,
  keyAddress,
  keyText,
  publicKey,
  signatureAlgorithms,
} from './config-text.ts'
import { type WorkloadTrust, workloadTrustSchema } from './workloads/index.ts'

const clientIds = z.array(exactText)

/** What the CLI and the web app are told about signing in at this issuer. */
export const signInSchema = z.strictObject({
  /** Client of the device flow. Its tokens never decide. */
  deviceClient: exactText.optional(),
  /** Native client of the code flow with a loopback redirect (RFC 8252). */
  browserClient: exactText.optional(),
  /** Client of the web app. */
  webClient: exactText.optional(),
  /** `env:NAME` or `file:/path` of that client's secret, where it is a confidential one. Told to nobody. */
  webSecret: z
    .string()
    .regex(/^(?:env|file):.+$/, { error: 'expected `env:NAME` or `file:/path`' })
    .optional(),
  scope: z.string().min(1).max(1000).default('openid'),
  /** How this issuer wants to hear the audience: RFC 8707 `resource`, the older `audience`, or inside the scope. */
  audienceParameter: z.enum(['resource', 'audience', 'none']).default('resource'),
  /** Which loopback name the browser client has registered. RFC 8252 recommends `127.0.0.1`. */
  loopbackHost: z.enum(['127.0.0.1', 'localhost']).default('127.0.0.1'),
  /** 0 is any free port (RFC 8252); another where the issuer insists on one that is registered. */
  loopbackPort: z.int().min(0).max(65_535).default(0),
})

export const issuerSchema = z
  .strictObject({
    /** The `on` of its accounts in the directory. */
    key: keyText,
    /** Compared byte by byte with `iss`. */
    issuer: issuerAddress,
    /** Compared byte by byte with `aud`; where absent, the audience of the installation. */
    audience: exactText.optional(),
    /** Further audiences a token may name beside ours, e.g. the issuer's own userinfo address. */
    audiencesBeside: z.array(exactText).default([]),
    /** Where the keys are. Without any of the three they are found through the discovery document. */
    jwksUri: keyAddress.optional(),
    jwksFile: z.string().min(1).optional(),
    jwks: z.looseObject({ keys: z.array(publicKey).min(1) }).optional(),
    algorithms: z.array(z.enum(signatureAlgorithms)).min(1).default(['ES256', 'RS256', 'PS256', 'EdDSA']),
    /** Which claim names the account. Anything but an identifier that is never reassigned is a risk; see the docs. */
    subjectClaim: claimName.default('sub'),
    /** Which claims name the client; the first one present counts, and several present must agree. */
    clientClaims: z.array(claimName).min(1).default(['client_id', 'azp']),
    /** Which claim says when the person last actively signed in, in seconds since 1970. */
    authTimeClaim: claimName.default('auth_time'),
    /** Clients whose tokens may decide. INVARIANT: none of them may use the device grant at the issuer. */
    decisionClients: clientIds.default([]),
    /** Where set, a token decides only if its `acr` is one of these. */
    decisionAcrValues: z.array(exactText).min(1).optional(),
    /** Keys of other issuers about whose accounts this one may speak in `act` (RFC 8693). */
    actorIssuers: z.array(keyText).default([]),
    /** `at+jwt` (RFC 9068); `JWT` or `absent` for issuers that cannot mark their access tokens so. */
    typ: z.enum(['at+jwt', 'JWT', 'absent']).default('at+jwt'),
    /** From `iat` to `exp`. Longer-lived tokens are refused. */
    lifetimeSecondsMax: z.int().min(60).max(604_800).default(86_400),
    /** `required`: every token must be bound to a key, and come with a proof of it (RFC 9449). */
    dpop: z.enum(['accepted', 'required']).default('accepted'),
    signIn: signInSchema.optional(),
  })
  .superRefine((config, context) => {
    const sources = [config.jwksUri, config.jwksFile, config.jwks].filter((source) => source !== undefined)
    if (sources.length > 1) {
      context.addIssue({ code: 'custom', message: 'give one of `jwksUri`, `jwksFile` and `jwks`, not several' })
    }
    if (config.dpop === 'required' && config.signIn !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['dpop'],
        message:
          'people sign in at this issuer with tokens that are bound to no key; give machines an issuer of their own',
      })
    }
    const device = config.signIn?.deviceClient
    if (device !== undefined && config.decisionClients.includes(device)) {
      context.addIssue({
        code: 'custom',
        path: ['decisionClients'],
        message: `\`${device}\` is the device client, and a token from a device sign-in never decides; use another client`,
      })
    }
  })

export const identitySchema = z
  .strictObject({
    /** What tokens must be made for. Where absent, the public address of the installation. */
    audience: exactText.optional(),
    issuers: z.array(issuerSchema).min(1),
    /** Issuers whose tokens name workloads, and by which of their claims. */
    workloads: z.array(workloadTrustSchema).default([]),
  })
  .superRefine(({ issuers, workloads }, context) => {
    const all = [...issuers, ...workloads]
    for (const { path, message } of [...issuerConflicts(all), ...strangersIn(all)]) {
      const [index, ...rest] = path
      const place =
        Number(index) < issuers.length ? ['issuers', Number(index)] : ['workloads', Number(index) - issuers.length]
      context.addIssue({ code: 'custom', path: [...place, ...rest], message })
    }
  })

export type IssuerConfig = z.output<typeof issuerSchema>
/** What an operator writes, before defaults. */
export type IssuerConfigInput = z.input<typeof issuerSchema>
export type IdentityConfig = z.output<typeof identitySchema>
export type SignInConfig = z.output<typeof signInSchema>

interface Conflict {
  readonly path: readonly (string | number)[]
  readonly message: string
}

interface Entry {
  readonly key: string
  readonly issuer?: string | undefined
  readonly trustDomain?: string
}

/** Two entries for one issuer, or one key for two issuers, would let one account pass for another. */
export function issuerConflicts(issuers: readonly Entry[]): Conflict[] {
  return issuers.flatMap((one, index) => {
    const before = issuers.slice(0, index)
    const twice = (name: 'issuer' | 'trustDomain') =>
      one[name] !== undefined && before.some((other) => other[name] === one[name])
        ? [{ path: [index, name], message: `\`${one[name]}\` is listed twice; keep one` }]
        : []
    const sameKey = before.some((other) => other.key === one.key)
    return [
      ...(sameKey
        ? [{ path: [index, 'key'], message: `\`${one.key}\` is used twice; give each issuer its own key` }]
        : []),
      ...twice('issuer'),
      ...twice('trustDomain'),
    ]
  })
}

function strangersIn(issuers: readonly (IssuerConfig | WorkloadTrust)[]): Conflict[] {
  const known = new Set(issuers.map((issuer) => issuer.key))
  return issuers.flatMap((config, index) =>
    ('actorIssuers' in config ? config.actorIssuers : [])
      .filter((key) => !known.has(key))
      .map((key) => ({ path: [index, 'actorIssuers'], message: `no issuer has the key \`${key}\`` })),
  )
}
