/** What the SCIM surface needs from the house: which sources are pushed, what their clients' secrets hash to, and who remembers. */
import type { SourceId } from '../../core/directory.ts'
import type { ScimState } from '../../store/scim-contract.ts'

export interface ScimSource {
  readonly source: SourceId
  /** SHA-256 of the secret; the secret itself is not kept. */
  readonly tokenDigest: Buffer
  readonly ids: 'generated' | 'userName' | 'externalId' | 'employeeNumber'
  readonly idPrefix: string
}

export interface ScimOptions {
  readonly sources: readonly ScimSource[]
  readonly state: ScimState
  /** Puts into force what the source has sent by now. Must not reject: what could not be read now is read later. */
  readonly readNow: (source: SourceId) => Promise<void>
  /** The same, in a moment. */
  readonly readSoon: (source: SourceId) => void
  /** The surface is closing: nothing is read from here any more. */
  readonly stop: () => Promise<void>
}
