/**
 * Which programs may ask the sample provider for tokens? The same three that a real issuer would have configured, and one
 * client for each sample workload. The device grant belongs to the CLI's client alone, so that a token says by its client
 * whether it came from a device sign-in.
 */
import type { ClientMetadata } from 'oidc-provider'
import type { IssuerConfigInput } from '../config.ts'

export const sampleClients = {
  /** Device flow; its tokens never decide. */
  device: 'countersign-cli',
  /** Native code flow with a loopback redirect. */
  browser: 'countersign-decide',
  web: 'countersign-web',
} as const

export const sampleClientIds: readonly string[] = Object.values(sampleClients)

/** What an operator would write about this issuer. */
export function sampleIssuer(key: string, issuer: string): IssuerConfigInput {
  const { device, browser, web } = sampleClients
  return {
    key,
    issuer,
    algorithms: ['ES256'],
    decisionClients: [browser, web],
    lifetimeSecondsMax: 3_600,
    signIn: { deviceClient: device, browserClient: browser, webClient: web },
  }
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

const publicClient = {
  token_endpoint_auth_method: 'none',
  // Other modes answer with a page that submits itself by script.
  response_modes: ['query'],
} satisfies Partial<ClientMetadata>

export function staticClients(publicUrl: string): ClientMetadata[] {
  return [
    {
      ...publicClient,
      client_id: sampleClients.device,
      client_name: 'Countersign command line',
      application_type: 'native',
      grant_types: [deviceGrant],
      response_types: [],
      redirect_uris: [],
    },
    {
      ...publicClient,
      client_id: sampleClients.browser,
      client_name: 'Countersign command line, to decide',
      application_type: 'native',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      // RFC 8252 section 7.3: with native clients the port of a loopback redirect is free.
      redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
    },
    {
      ...publicClient,
      client_id: sampleClients.web,
      client_name: 'Countersign',
      application_type: 'web',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [`${publicUrl}/callback`],
    },
  ]
}

export function workloadClient(login: string, secret: string): ClientMetadata {
  return {
    client_id: login,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  }
}
