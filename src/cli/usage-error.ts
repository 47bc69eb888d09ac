// The command line itself was wrong: nothing was asked of anybody yet. Exit code 2.

export class UsageError extends Error {
  override readonly name = 'UsageError'
}
