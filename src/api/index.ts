// The door of the API: building it, and what has to be handed in.
export { buildApi } from './api.ts'
export type {
  ApiOptions,
  Authenticate,
  CheckPolicy,
  Credentials,
  FileProblem,
  FileText,
  NatureOf,
  NotAuthenticated,
  ReadPolicyFiles,
  ReadyCheck,
  ReadyReport,
} from './options.ts'
export { type Kind, kinds } from './problem.ts'
