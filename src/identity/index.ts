// The door of the room WHO IS ASKING. The sample provider has its own door, `sample/index.ts`, so that nothing of it is
// loaded where it is not wanted.
export type { KnowsWorkload, ResolveAccount } from './account.ts'
export type { Authenticated } from './actor.ts'
export type { Credentials } from './bearer.ts'
export type { NamedAccount } from './claims.ts'
export {
  type IdentityConfig,
  type IssuerConfig,
  type IssuerConfigInput,
  identitySchema,
  issuerSchema,
  type SignInConfig,
  signInSchema,
} from './config.ts'
export { type DecisionPointConfig, decisionPointSchema, denialVerifier } from './decision-points.ts'
export { type Inside, type InsideCalls, insideCalls } from './inside.ts'
export {
  type AuthenticationProblem,
  type AuthenticationProblemCode,
  authenticationProblem,
  authenticationProblemCodes,
  challengeOf,
  type ProblemKind,
} from './problem.ts'
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './tokens.ts'
export { type WorkloadTrust, type WorkloadTrustInput, workloadTrustSchema } from './workloads/index.ts'
