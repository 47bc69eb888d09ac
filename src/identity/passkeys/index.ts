// The door of passkeys: who this installation is to browsers, and what a library says about what they send.
import { verifiedEvidence } from './assertion.ts'
import { checkRegistration } from './registration.ts'
import { type RelyingParty, relyingPartyOf } from './relying-party.ts'

export { type RelyingParty, relyingPartyOf } from './relying-party.ts'
export { sampleModel } from './sample-model.ts'

/** Everything the engine asks about passkeys, for one installation. */
export function passkeyChecks(relyingParty: RelyingParty) {
  return {
    relyingParty,
    registered: (...given: Rest<typeof checkRegistration>) => checkRegistration(relyingParty, ...given),
    verified: (...given: Rest<typeof verifiedEvidence>) => verifiedEvidence(relyingParty, ...given),
  }
}

type Rest<Call> = Call extends (first: RelyingParty, ...rest: infer Others) => unknown ? Others : never

/** Where nobody has said what the address of this installation is, no passkey is of any use. */
export const noRelyingParty: RelyingParty = { ...relyingPartyOf('https://nowhere.invalid'), origins: [] }
