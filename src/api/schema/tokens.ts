/** Tokens for what is live, in the words of OAuth: RFC 8693, 7662, 7009, 8414, and the IETF's Token Status List. */
import { z } from 'zod'

export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
export const jwtTokenType = 'urn:ietf:params:oauth:token-type:jwt'

export const tokenRequest = z
  .object({
    grant_type: z
      .string()
      .optional()
      .meta({ description: `\`${exchangeGrant}\`.` }),
    subject_token: z
      .string()
      .optional()
      .meta({ description: 'The token by which an issuer of yours says who you are; its `act` chain is kept.' }),
    subject_token_type: z
      .string()
      .optional()
      .meta({ description: `\`${accessTokenType}\`, or that of a JWT.` }),
    requested_token_type: z
      .string()
      .optional()
      .meta({ description: `\`${accessTokenType}\`.` }),
    actor_token: z
      .string()
      .optional()
      .meta({ description: 'Not taken: who acts for whom is said by the token itself.' }),
    audience: z.string().optional().meta({ description: 'Id of the system, such as `sys_ledger-db`.' }),
    resource: z.string().optional().meta({ description: 'Not taken; use `audience`.' }),
    authorization_details: z.string().optional().meta({
      description: 'JSON: `[{"type":"countersign_waiver","identifier":"wvr_…"}]` names one of several waivers.',
    }),
  })
  .meta({ id: 'TokenRequest', description: 'Token exchange, RFC 8693.' })

export const tokenAnswer = z
  .object({
    access_token: z.string().meta({ description: 'A JWT of RFC 9068.' }),
    issued_token_type: z.string().meta({ description: `\`${accessTokenType}\`.` }),
    token_type: z.enum(['Bearer', 'DPoP']).meta({ description: '`DPoP` where a proof was sent along.' }),
    expires_in: z.int().meta({ description: 'Seconds.' }),
    authorization_details: z
      .array(z.record(z.string(), z.unknown()))
      .meta({ description: 'The terms, and the waiver.' }),
  })
  .meta({ id: 'GrantToken', description: 'A token for what a waiver covers.' })

export const oneToken = z
  .object({
    token: z.string().optional().meta({ description: 'The token.' }),
    token_type_hint: z.string().optional().meta({ description: 'Not needed.' }),
  })
  .meta({ id: 'OneToken', description: 'A token of ours.' })

export const introspection = z
  .looseObject({ active: z.boolean().meta({ description: 'Whether it is valid at this moment.' }) })
  .meta({ id: 'Introspection', description: 'RFC 7662. What is not active says nothing else.' })

export const authorizationServer = z
  .record(z.string(), z.unknown())
  .meta({ id: 'AuthorizationServer', description: 'RFC 8414.' })

export const jwks = z
  .object({
    keys: z.array(z.record(z.string(), z.unknown())).meta({ description: 'Public keys, RFC 7517.' }),
  })
  .meta({ id: 'Jwks', description: 'With what tokens and status lists are verified.' })

export const empty = z.object({}).meta({ id: 'Nothing', description: 'Nothing.' })
