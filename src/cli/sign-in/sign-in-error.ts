// Why did a sign-in from the command line come to nothing? One closed list of codes; every message says what to do next, and
// none of them carries a token, a code or a verifier.

export type SignInErrorCode =
  /** The issuer is neither on https nor on this machine. */
  | 'issuer-insecure'
  /** The issuer did not answer, or not as one. */
  | 'issuer-unreachable'
  /** The issuer offers no such way of signing in. */
  | 'flow-not-offered'
  /** Whoever was asked said no. */
  | 'denied'
  /** Nobody answered in time, or the waiting was ended. */
  | 'timed-out'
  /** The answer does not belong to this sign-in, or is not acceptable. */
  | 'answer-invalid'
  /** The kept sign-ins cannot be read or written safely. */
  | 'store-unusable'
  /** An option is not what it must be. */
  | 'option-invalid'

export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code: SignInErrorCode

  constructor(code: SignInErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
