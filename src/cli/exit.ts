/** What a caller can tell from the exit code alone. One table: it is printed in the help and in `docs/cli.md`. */

export const exits = {
  done: [0, 'done'],
  bug: [1, 'something unexpected; a bug, please report it'],
  usage: [2, 'the command line is wrong; nothing was asked of anybody'],
  refused: [3, 'refused, and recorded with the reason'],
  notSignedIn: [4, 'not signed in, or the sign-in did not succeed'],
  notFound: [5, 'no such waiver, change or record'],
  unreachable: [6, 'the server did not answer, or a part of it did not; try again'],
  checksFailed: [7, 'the checks ran and something failed'],
} as const

/** What `verify` and `audit-log` end with, so that a script can tell apart "no" and "not enough to say". */
export const proofExits = {
  proven: [0, 'proven'],
  disproven: [1, 'disproven: something does not hold'],
  incomplete: [2, 'incomplete: nothing is wrong, and not everything could be shown'],
} as const

export type ExitName = keyof typeof exits | keyof typeof proofExits

export function exitCode(name: ExitName): number {
  return { ...exits, ...proofExits }[name][0]
}
