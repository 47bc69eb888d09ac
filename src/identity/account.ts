// Whose account is it? The directory answers; this room only asks. The answer is never a guess: an account that nobody
// knows, or about which sources disagree, is nobody's.
import type { ResolvedAccount } from '../core/compile.ts'
import type { WorkloadId } from '../core/directory.ts'

/**
 * `resolveAccount` of the newest directory at this moment, handed in.
 * @param on key of the issuer, as configured
 * @param login the account's name there, byte by byte as the token has it
 * @returns `undefined` when there is no directory to ask; then nobody is let in
 */
export type ResolveAccount = (
  on: string,
  login: string,
) => ResolvedAccount | undefined | Promise<ResolvedAccount | undefined>

/**
 * Is this a workload of the newest directory, active at this moment?
 * @returns `undefined` when there is no directory to ask; then nobody is let in
 */
export type KnowsWorkload = (id: WorkloadId) => boolean | undefined | Promise<boolean | undefined>
