/** Door of the room: the organisation's own Cedar policies, read and evaluated. Nobody else knows Cedar. */
export { guardrailsJudge } from './judge.ts'
export { argumentProblems, type CedarFile, readGuardrails, type WrittenArguments } from './read.ts'
export { actionsOf, schemaOf, schemaText } from './schema.ts'
