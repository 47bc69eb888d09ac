/**
 * Which issuers speak about workloads, and by which of their claims is each workload known? Every rule names one workload
 * and everything that has to be equal, byte by byte. A subject alone is never enough where it says less than the claims.
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
} from '../config-text.ts'

const workload = z
  .string()
  .regex(/^wl_[^\s]{1,200}$/, { error: 'expected the id of a workload in the directory, such as `wl_reconciler`' })

const value = z.string().min(1).max(1024)
const also = z
  .record(claimName, z.union([value, z.boolean(), z.number()]))
  .default({})
  .describe('further claims that have to be equal')

const algorithmsOf = (...some: (typeof signatureAlgorithms)[number][]) =>
  z.array(z.enum(signatureAlgorithms)).min(1).default(some)

const common = {
  key: keyText.describe('name of the issuer, for the record'),
  audience: exactText
    .optional()
    .describe('compared byte by byte with `aud`; where absent, the audience of the installation'),
  audiencesBeside: z.array(exactText).default([]).describe('further audiences a token may name beside ours'),
  jwksUri: keyAddress.optional().describe('where its public keys are'),
  jwksFile: z.string().min(1).optional().describe('a file with its public keys'),
  lifetimeSecondsMax: z.int().min(60).max(604_800).default(7_200).describe('the longest a token may live'),
  dpop: z.enum(['accepted', 'required']).default('accepted').describe('whether tokens have to be bound to a key'),
}

const keySet = z
  .looseObject({ keys: z.array(publicKey).min(1) })
  .optional()
  .describe('its public keys')

const kubernetes = z.strictObject({
  kind: z.literal('kubernetes'),
  ...common,
  issuer: issuerAddress,
  jwks: keySet,
  algorithms: algorithmsOf('RS256', 'ES256'),
  rules: z
    .array(
      z.strictObject({
        workload,
        namespace: value,
        serviceAccount: value,
        uid: value.optional().describe('of the service account; one that is made again under the same name is another'),
      }),
    )
    .min(1),
})

/** What providers call the three claims that have to be known. */
export const ciProviders = {
  github: { repository: 'repository', workflow: 'job_workflow_ref', environment: 'environment' },
  gitlab: { repository: 'project_path', workflow: 'ci_config_ref_uri', environment: 'environment' },
} as const

const ci = z
  .strictObject({
    kind: z.literal('ci'),
    ...common,
    issuer: issuerAddress,
    jwks: keySet,
    algorithms: algorithmsOf('RS256'),
    provider: z.enum(['github', 'gitlab', 'other']),
    claims: z
      .strictObject({ repository: claimName, workflow: claimName, environment: claimName })
      .optional()
      .describe('what another provider calls the three claims'),
    startedBy: z
      .strictObject({
        claim: claimName.describe('names the account of whoever set the run in motion'),
        on: keyText.describe('what that account is on, in the directory'),
      })
      .optional()
      .describe('whoever set the run in motion counts as asking'),
    rules: z.array(z.strictObject({ workload, repository: value, workflow: value, environment: value, also })).min(1),
  })
  .superRefine(({ provider, claims }, context) => {
    if ((provider === 'other') === (claims !== undefined)) return
    const message =
      claims === undefined ? 'say what this provider calls the three claims' : `\`claims\` is for a provider \`other\``
    context.addIssue({ code: 'custom', path: ['claims'], message })
  })

const trustDomain = z
  .string()
  .max(255)
  .regex(/^[a-z0-9._-]+$/, { error: 'expected a trust domain of lower-case letters, digits, `.`, `-` and `_`' })

const spiffe = z
  .strictObject({
    kind: z.literal('spiffe'),
    ...common,
    trustDomain,
    issuer: issuerAddress.optional().describe('compared with `iss` where tokens of this domain carry one'),
    jwks: z
      .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })
      .optional()
      .describe('its bundle'),
    algorithms: algorithmsOf('ES256', 'ES384', 'RS256', 'PS256'),
    rules: z.array(z.strictObject({ workload, id: value.describe('the whole SPIFFE ID') })).min(1),
  })
  .superRefine(({ trustDomain: domain, rules, jwksUri, jwksFile, jwks, issuer }, context) => {
    rules.forEach(({ id }, index) => {
      if (id.startsWith(`spiffe://${domain}/`)) return
      const message = `expected an id of this trust domain: \`spiffe://${domain}/…\``
      context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message })
    })
    if ([jwksUri, jwksFile, jwks, issuer].every((source) => source === undefined))
      context.addIssue({ code: 'custom', message: 'say where the bundle is: `jwksUri`, `jwksFile` or `jwks`' })
  })

const clients = z.strictObject({
  kind: z.literal('clients'),
  ...common,
  issuer: issuerAddress,
  jwks: keySet,
  algorithms: algorithmsOf('ES256', 'RS256', 'PS256', 'EdDSA'),
  clientClaims: z.array(claimName).min(1).default(['client_id', 'azp']),
  typ: z.enum(['at+jwt', 'JWT', 'absent']).default('at+jwt'),
  actorIssuers: z.array(keyText).default([]).describe('keys of issuers whose accounts it may name in `act`'),
  rules: z
    .array(
      z.strictObject({
        workload,
        client: value.describe('equal to the client of the token, and to its subject unless `subject` says otherwise'),
        subject: value.optional(),
        also,
      }),
    )
    .min(1),
})

export const workloadTrustSchema = z
  .discriminatedUnion('kind', [kubernetes, ci, spiffe, clients])
  .superRefine(({ jwksUri, jwksFile, jwks }, context) => {
    if ([jwksUri, jwksFile, jwks].filter((source) => source !== undefined).length > 1)
      context.addIssue({ code: 'custom', message: 'give one of `jwksUri`, `jwksFile` and `jwks`, not several' })
  })

export const workloadTrustKinds = { kubernetes, ci, spiffe, clients }

export type WorkloadTrust = z.output<typeof workloadTrustSchema>
export type WorkloadTrustInput = z.input<typeof workloadTrustSchema>
export type TrustOf<Kind extends WorkloadTrust['kind']> = Extract<WorkloadTrust, { kind: Kind }>
