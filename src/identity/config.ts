/**
 * Which issuers of tokens does this installation trust, and for what? The shape of the `identity` part of the operators'
 * configuration file. Strict: an unknown key is an error, never ignored, and nothing here has a lenient default.
 */
import { z } from 'zod'
import { isTrustworthy } from './addresses.ts'

/** Asymmetric only. With `HS…` the verifying key could also sign, and `none` signs nothing; neither can be configured. */
export const signatureAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
] as const

const keyText = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, {
  error: 'expected a key of lower-case letters, digits, `-`, `_` and `.`, at most 64 characters',
})
const exactText = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x21-\x7e]+$/, { error: 'expected visible ASCII characters without spaces' })
const claimName = exactText.max(255)
const keyAddress = exactText.refine((text) => trustworthyUrl(text) !== undefined, {
  error: 'expected an https address, or http on `localhost`, `127.0.0.1` or `[::1]`',
})
const issuerAddress = keyAddress.refine((text) => /^[^?#]+$/.test(text), {
  error: 'expected an issuer without query or fragment, exactly as its tokens spell it',
})
const clientIds = z.array(exactText)
const publicKey = z.looseObject({ kty: z.enum(['EC', 'RSA', 'OKP']) }).refine((jwk) => jwk.d === undefined, {
  error: 'this is a private key; keep it at the issuer and list the public one',
})

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
    signIn: signInSchema.optional(),
  })
  .superRefine((config, context) => {
    const sources = [config.jwksUri, config.jwksFile, config.jwks].filter((source) => source !== undefined)
    if (sources.length > 1) {
      context.addIssue({ code: 'custom', message: 'give one of `jwksUri`, `jwksFile` and `jwks`, not several' })
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
  })
  .superRefine(({ issuers }, context) => {
    const problems = [...issuerConflicts(issuers), ...strangersIn(issuers)]
    for (const { path, message } of problems) context.addIssue({ code: 'custom', path: ['issuers', ...path], message })
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

/** Two entries for one issuer, or one key for two issuers, would let one account pass for another. */
export function issuerConflicts(issuers: readonly Pick<IssuerConfig, 'key' | 'issuer'>[]): Conflict[] {
  return issuers.flatMap((one, index) => {
    const before = issuers.slice(0, index)
    const sameKey = before.some((other) => other.key === one.key)
    const sameIssuer = before.some((other) => other.issuer === one.issuer)
    return [
      ...(sameKey
        ? [{ path: [index, 'key'], message: `\`${one.key}\` is used twice; give each issuer its own key` }]
        : []),
      ...(sameIssuer ? [{ path: [index, 'issuer'], message: `\`${one.issuer}\` is listed twice; keep one` }] : []),
    ]
  })
}

function strangersIn(issuers: readonly IssuerConfig[]): Conflict[] {
  const known = new Set(issuers.map((issuer) => issuer.key))
  return issuers.flatMap(({ actorIssuers }, index) =>
    actorIssuers
      .filter((key) => !known.has(key))
      .map((key) => ({ path: [index, 'actorIssuers'], message: `no issuer has the key \`${key}\`` })),
  )
}

function trustworthyUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  return url !== null && isTrustworthy(url) ? url : undefined
}
