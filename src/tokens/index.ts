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
export { type SeenProofs, seenProofs } from './seen-proofs.ts'
