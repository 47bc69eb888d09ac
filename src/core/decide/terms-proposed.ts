/**
 * Which terms a command puts forward. The engine hashes them and hands the digest back with the facts, so that the core
 * decides over the very terms whose digest is recorded without hashing anything itself.
 */
import { normalizeTerms, type Terms } from '../terms.ts'
import type { Command, Waiver } from '../waiver.ts'

export function proposedTerms(waiver: Waiver | undefined, command: Command): Terms | undefined {
  switch (command.type) {
    case 'request':
      return normalizeTerms(command.terms)
    case 'countersign':
      return command.narrowed === undefined ? undefined : normalizeTerms(command.narrowed)
    case 'request-extension':
      return waiver === undefined
        ? undefined
        : normalizeTerms({ ...waiver.terms, window: { start: waiver.terms.window.start, end: command.end } })
    default:
      return undefined
  }
}
