/** Door of the room: forms and proofs of tokens, for whoever gives them, takes them or guards something with them. */
export {
  type ProofKey,
  type ProofRequest,
  type Proven,
  proofAgeSecondsMax,
  proofAlgorithms,
  proofFor,
  provenBy,
  tokenHashOf,
} from './dpop.ts'
export {
  asSubject,
  fromSubject,
  type GrantClaims,
  type GrantDetails,
  grantDetailsIn,
  grantDetailsType,
  grantTokenType,
  type StatusReference,
  statusReferenceIn,
} from './grant.ts'
export { proofKeptSeconds, type SeenProofs, seenProofs } from './seen-proofs.ts'
export { type RememberProofs, sharedProofs } from './shared-proofs.ts'
export {
  packed,
  type StatusList,
  statusListMediaType,
  statusListType,
  type TokenStatus,
  unpacked,
} from './status-list.ts'
