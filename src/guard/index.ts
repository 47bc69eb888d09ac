/** Door of the room, and of the package `countersign/guard`: for resource servers, in Node, at the edge or in a browser. */
export { type ProofKey, type Proven, proofFor, type SeenProofs, sharedProofs } from '../tokens/index.ts'
export { type Allowed, createGuard, type Guard, type GuardedUse, type GuardOptions, type Sender } from './guard.ts'
export {
  type Describe,
  type FastifyLikeReply,
  type FastifyLikeRequest,
  fastifyGuard,
  grantOf,
  guarded,
} from './middleware.ts'
export type { Online } from './online.ts'
export { type GuardReason, guardReasons, type Refused } from './reasons.ts'
