/** An authenticator that Chromium has built in for tests: real keys, real signatures, a person who is recognised or not. */
import type { Page } from 'playwright-core'

export interface VirtualAuthenticator {
  /** Whether the next finger is the right one. */
  recognises(person: boolean): Promise<void>
}

export async function plugIn(page: Page): Promise<VirtualAuthenticator> {
  const debug = await page.context().newCDPSession(page)
  await debug.send('WebAuthn.enable')
  const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async recognises(isUserVerified) {
      await debug.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}
