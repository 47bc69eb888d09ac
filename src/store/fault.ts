/** What went wrong with the database, in the words of the house. A fault is never a refusal: nobody was told no. */
export type StoreFaultCode =
  | 'database-unavailable'
  | 'disk-full'
  | 'conflict'
  | 'answered-before'
  | 'commit-unknown'
  | 'database-error'

export class StoreFault extends Error {
  override readonly name = 'StoreFault'
  readonly code: StoreFaultCode
  readonly retryable: boolean
  readonly constraint: string | undefined

  constructor(
    code: StoreFaultCode,
    message: string,
    retryable: boolean,
    more: { cause?: unknown; constraint?: string | undefined } = {},
  ) {
    super(message, { cause: more.cause })
    this.code = code
    this.retryable = retryable
    this.constraint = more.constraint
  }

  /** Names a database error; everything that is not one is passed on as it is. */
  static from(error: unknown): unknown {
    if (error instanceof StoreFault || !(error instanceof Error)) return error
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code === undefined && !/connection|timeout/i.test(error.message)) return error
    const fault = (kind: StoreFaultCode, message: string, retryable: boolean) =>
      new StoreFault(kind, message, retryable, { cause: error, constraint })
    if (constraint === 'answers_pkey')
      return fault('answered-before', 'the same idempotency key was answered meanwhile', true)
    if (code === '23505' || code === '23P01' || code === '40001' || code === '40P01') {
      return fault('conflict', `somebody else was quicker (${constraint ?? code})`, true)
    }
    if (code === '53100') return fault('disk-full', 'the disk of the database is full; make room and try again', true)
    if (code === undefined || /^(08|57P|53)|^E(CONN|PIPE|TIMEDOUT|NOTFOUND|HOST|NET|AI_AGAIN|ACCES|NOENT)/.test(code))
      return fault('database-unavailable', 'the database is not reachable', true)
    return fault('database-error', `the database refused a statement: ${error.message}`, false)
  }
}
