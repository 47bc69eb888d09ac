/**
 * What did the authenticator say about itself when it signed? Reads authenticator data (WebAuthn level 3, section 6.1) as
 * far as it is signed over: for which site, whether a person was there and was recognised, and how often it has signed.
 */

export interface AuthenticatorData {
  /** SHA-256 of the relying party's id. */
  readonly relyingPartyHash: Uint8Array
  readonly userPresent: boolean
  /** By a fingerprint, a face or a PIN: not merely by a touch. */
  readonly userVerified: boolean
  readonly backupEligible: boolean
  readonly backedUp: boolean
  /** 0 for authenticators that do not count. */
  readonly signCount: number
}

const flags = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 } as const
const fixedLength = 37

/** @returns `undefined` for anything that no authenticator sends with an assertion. */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  const given = bytes[32]
  // Attested credentials come with an enrolment; here they would be bytes that nobody looks at.
  if (given === undefined || bytes.length < fixedLength || (given & flags.attested) !== 0) return undefined
  const has = (flag: number) => (given & flag) !== 0
  if (has(flags.backedUp) && !has(flags.backupEligible)) return undefined
  return {
    relyingPartyHash: bytes.slice(0, 32),
    userPresent: has(flags.userPresent),
    userVerified: has(flags.userVerified),
    backupEligible: has(flags.backupEligible),
    backedUp: has(flags.backedUp),
    signCount: new DataView(bytes.buffer, bytes.byteOffset + 33, 4).getUint32(0),
  }
}
