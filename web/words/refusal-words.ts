/** The sentence behind a refusal code, for where the API sends the code alone. The sentences are the core's own. */
import { refusals } from '../../src/core/refusal.ts'

export function refusalWords(code: string): string {
  const known = Object.hasOwn(refusals, code) ? refusals[code as keyof typeof refusals] : undefined
  const words = known ?? code
  return words.charAt(0).toUpperCase() + words.slice(1)
}
