/**
 * What the engine needs to know about passkeys and may not find out itself: who this installation is to browsers, and
 * what a library of its own says about what they send. `app.ts` hands it in. Shapes only.
 */
import type { NewPasskey } from '../core/passkeys.ts'
import type { PasskeyEvidence } from '../core/signed.ts'

export interface RelyingParty {
  /** Host by which passkeys know this installation. Those enrolled under another host are of no use here. */
  readonly id: string
  readonly name: string
  /** Pages that may ask for a signature. */
  readonly origins: readonly string[]
  /** Whether this is the sample installation, where anybody may be anybody. */
  readonly isSample: boolean
}

/** What a browser sends when a passkey was made (WebAuthn level 3, section 5.1.8), as it came. */
export interface Registration {
  readonly id: string
  readonly attestation: string
  readonly clientData: string
  readonly transports: readonly string[]
}

export type Registered =
  | {
      readonly outcome: 'holds'
      readonly made: Omit<NewPasskey, 'id' | 'name' | 'digest'>
      readonly signCount: number
    }
  | { readonly outcome: 'fails'; readonly detail: string }

export type Verified =
  | { readonly outcome: 'holds'; readonly signCount: number }
  | { readonly outcome: 'fails'; readonly detail: string }

export interface PasskeyChecks {
  readonly relyingParty: RelyingParty
  /** @param challenge the bytes that had to be signed over. Must answer for anything a browser can send. */
  registered(registration: Registration, challenge: Uint8Array): Promise<Registered>
  /** Verifies the bytes, as anybody can later, and by a second opinion; both have to say yes. */
  verified(evidence: PasskeyEvidence): Promise<Verified>
}
