// What can go wrong with the embedded PostgreSQL server, as one closed list of codes.
// Every message says what to do next; none of them ever carries a password.

export type EmbeddedServerErrorCode =
  /** There are no PostgreSQL binaries for this platform or C library. */
  | 'platform-unsupported'
  /** The package that carries the binaries is not installed, or is damaged. */
  | 'binaries-missing'
  /** The binaries exist, and the account PostgreSQL has to run as cannot execute them. */
  | 'binaries-unreachable'
  /** This process is root and the machine has no unprivileged account to run PostgreSQL as. */
  | 'account-missing'
  /** This process is root and may not become the unprivileged account. */
  | 'account-refused'
  /** An option is outside what it may be. */
  | 'option-invalid'
  /** The folder cannot be read or written, belongs to somebody else, or is not one of ours. */
  | 'folder-unusable'
  /** The folder was made by another major version of PostgreSQL. */
  | 'version-mismatch'
  | 'init-failed'
  | 'start-failed'
  | 'stop-failed'
  /** The server runs, and does not accept us. */
  | 'connect-failed'
  /** Another process owns the server of this folder. */
  | 'already-owned'
  /** The connection that holds the ownership was lost. */
  | 'ownership-lost'
  /** A cold copy was asked of a folder whose server runs. */
  | 'server-running'
  | 'target-not-empty'
  /** A copy does not agree with its manifest, or the folder changed while it was copied. */
  | 'copy-damaged'

export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError'
  readonly code: EmbeddedServerErrorCode

  constructor(code: EmbeddedServerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** The `code` of a system error (`ENOENT`, `EACCES`...), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
