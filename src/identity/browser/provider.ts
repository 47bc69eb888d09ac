/**
 * Which identity provider does the browser go to, as which client? Reads the provider's own description when it is first
 * needed, keeps it for an hour, and never remembers a failure.
 */
import * as openid from 'openid-client'
import { isLoopback } from '../addresses.ts'
import type { IssuerConfig } from '../config.ts'

export interface BrowserProvider {
  readonly issuer: IssuerConfig
  /** @throws when the provider cannot be reached or describes somebody else. */
  configuration(): Promise<openid.Configuration>
}

const keptMillis = 3_600_000
const timeoutSeconds = 10

export function browserProvider(
  issuer: IssuerConfig,
  readReference: (reference: string) => string,
): BrowserProvider | undefined {
  const { webClient, webSecret } = issuer.signIn ?? {}
  if (webClient === undefined) return undefined
  const authentication = webSecret === undefined ? openid.None() : openid.ClientSecretBasic(readReference(webSecret))
  const server = new URL(issuer.issuer)
  const discover = () =>
    openid.discovery(server, webClient, undefined, authentication, {
      timeout: timeoutSeconds,
      // The signature of the id token is verified although it comes straight from the provider.
      execute: [openid.enableNonRepudiationChecks, ...(isLoopback(server) ? [openid.allowInsecureRequests] : [])],
    })
  let known: { readonly found: Promise<openid.Configuration>; readonly until: number } | undefined
  return {
    issuer,
    configuration() {
      if (known !== undefined && performance.now() < known.until) return known.found
      const found = discover()
      known = { found, until: performance.now() + keptMillis }
      found.catch(() => {
        known = undefined
      })
      return found
    },
  }
}
