/** What checking a bundle is made of: steps with an outcome each, in the order in which one rests on the other. */
import type { Outcome } from '../../log/index.ts'

/** Stable: programs may look for them. With what each shows when it is proven. */
export const stepNames = {
  form: 'the file is a bundle, in the one spelling, with nothing in it that is not checked',
  key: 'whose key is believed, and who named it',
  handover: 'the key that signs now follows from the key that is believed, by changes that are in the log',
  checkpoint: 'the head of the log is signed by that key',
  witnesses: 'enough others have seen the same head',
  leaves: 'every event, with its body, is a leaf of that log',
  order: 'the events of the waiver are all there from the first on, in the order of the log',
  facts: 'everything the decisions rested on is here, byte for byte',
  rules: 'the rules were put into force by founders or a countersigned change, before they were used',
  directory: 'the directories were read before they were used',
  signatures: 'whoever decided signed it by passkey, and the passkey was confirmed as theirs before',
  decisions: 'every act follows from what was recorded with it, decided again here',
} as const

export type BundleStepName = keyof typeof stepNames

export interface BundleStep {
  readonly name: BundleStepName
  readonly outcome: Outcome
  /** Lower-case, no full stop. May contain text of the bundle: data, never markup. */
  readonly detail: string
  /** Verifier keys by which it was shown or refuted, as `name+id`. */
  readonly keys: readonly string[]
  /** Index of the leaf it failed at. */
  readonly index?: string
}

export function proven(name: BundleStepName, detail: string, keys: readonly string[] = []): BundleStep {
  return { name, outcome: 'proven', detail, keys }
}

export function incomplete(name: BundleStepName, detail: string, keys: readonly string[] = []): BundleStep {
  return { name, outcome: 'incomplete', detail, keys }
}

/** Thrown inside a step by whatever finds that it does not hold; never leaves the room. */
export class Disproof extends Error {
  override readonly name = 'Disproof'
  readonly index: string | undefined

  constructor(message: string, index?: string) {
    super(message)
    this.index = index
  }
}

export function disproven(name: BundleStepName, { message, index }: Disproof): BundleStep {
  return { name, outcome: 'disproven', detail: message, keys: [], ...(index === undefined ? {} : { index }) }
}

/** The worst of them. */
export function outcomeOf(steps: readonly BundleStep[]): Outcome {
  const has = (outcome: Outcome) => steps.some((step) => step.outcome === outcome)
  return has('disproven') ? 'disproven' : has('incomplete') ? 'incomplete' : 'proven'
}
