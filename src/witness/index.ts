// The door of the witness: a program of its own, for a second organisation or an auditor. It knows logs and no waivers.
export { type OpenOptions, openWitness, witnessKeyFile } from './open.ts'
export { type RunningWitness, serveWitness } from './serve.ts'
export { type Latest, type WitnessFiles, witnessFiles } from './state.ts'
export { type Witness, type WitnessParts, type WitnessReply, witnessOf } from './witness.ts'
