/**
 * What identity providers have pushed to us (SCIM), as we remember it. Obligations of every implementation:
 * - A resource changes only from the version that was looked at; each change raises the revision of its source, in one commit.
 * - Names are unique among the users of a source that are there; what was deleted stays known, so that whoever comes back is
 *   the same node of the directory and not somebody new without a past.
 * - `everything` is one moment, and so is `changes`: no change is seen by half.
 */
import type { NodeId, SourceId } from '../core/directory.ts'
import type { Instant } from '../core/time.ts'

export type ScimKind = 'User' | 'Group'

/** What a client said, without what only we know (`id`, `meta`, `schemas`). */
export type ScimBody = Readonly<Record<string, unknown>>

export interface ScimDraft {
  /** How the name is compared: users have it for themselves, groups may share it. */
  readonly nameKey: string
  readonly externalId?: string
  readonly active: boolean
  readonly body: ScimBody
}

export interface ScimResource extends ScimDraft {
  readonly source: SourceId
  readonly kind: ScimKind
  readonly id: string
  /** What it is in the directory, for ever. */
  readonly node: NodeId
  readonly version: number
  readonly created: Instant
  readonly modified: Instant
  /** Since when it is not active. */
  readonly inactiveSince?: Instant
}

export interface ScimQuery {
  readonly id?: string
  readonly nameKey?: string
  readonly externalId?: string
}

export interface ScimPlace {
  readonly source: SourceId
  readonly kind: ScimKind
}

export interface ScimState {
  /** @returns `name-taken` or `node-taken` when somebody who is there has it. */
  create(
    resource: ScimPlace & ScimDraft & { readonly id: string; readonly node: NodeId },
  ): Promise<ScimResource | 'name-taken' | 'node-taken'>
  /** @param before as it was looked at. @returns `changed` when it is no longer so. */
  replace(before: ScimResource, after: ScimDraft): Promise<ScimResource | 'changed' | 'name-taken'>
  remove(before: ScimResource): Promise<'removed' | 'changed'>
  find(place: ScimPlace, id: string): Promise<ScimResource | undefined>
  /** In the order in which they came. */
  search(
    place: ScimPlace,
    by: ScimQuery,
    offset: number,
    limit: number,
  ): Promise<{ readonly total: number; readonly resources: readonly ScimResource[] }>
  /** The node of a user who was deleted and had this external id, or this name where one of the two had no external id. */
  formerNode(place: ScimPlace, draft: ScimDraft): Promise<NodeId | undefined>
  /** Which of these ids are there. */
  existing(source: SourceId, ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Ids of the groups of the source that name this member. */
  groupsOf(source: SourceId, member: string): Promise<readonly Pick<ScimResource, 'id' | 'body'>[]>
  /** The client of this source has called. */
  heard(source: SourceId): Promise<void>
  everything(source: SourceId): Promise<{
    readonly revision: string
    /** When its client called last; absent: never. */
    readonly heardAt?: Instant
    readonly resources: readonly ScimResource[]
  }>
  /**
   * What was changed after that revision, where nothing came, went or is named otherwise since, and it is no more than `limit`.
   * @returns `undefined` where `everything` has to be read.
   */
  changes(
    source: SourceId,
    since: string,
    limit: number,
  ): Promise<
    { readonly revision: string; readonly heardAt: Instant; readonly resources: readonly ScimResource[] } | undefined
  >
  /** Those that are there and named so, in the order of `everything`; `undefined` when the source is at another revision. */
  named(
    source: SourceId,
    revision: string,
    by: { readonly ids: readonly string[]; readonly names: readonly string[] },
  ): Promise<readonly ScimResource[] | undefined>
}
