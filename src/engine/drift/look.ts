/**
 * One look at one target: who can use what we govern there, beside the waivers that are live. A target that could not be
 * read changes nothing of what is on record; that it is unknown now is for whoever shows it to say.
 */

import type { ReadingContent } from '../../core/drift.ts'
import { type Drift, type DriftFinding, type DriftKind, driftOn, type Look } from '../../core/drift.ts'
import { grantId } from '../../core/plan.ts'
import { entryOf, type Policy } from '../../core/policy.ts'
import type { Instant } from '../../core/time.ts'
import type { Waiver, WaiverId } from '../../core/waiver.ts'
import type { Known } from '../../proof/circumstances.ts'
import { knowledgeFor, type Machinery } from '../handle.ts'
import { type Changes, driftId, recordDrift } from './record.ts'

export type Looked = { readonly readAt: Instant; readonly content: ReadingContent } | { readonly failure: string }

/** What a look at a target finds and ends; what the reconciler sees grant by grant is its own. */
const kindsOfLook: readonly DriftKind[] = ['access-without-waiver', 'expiry-moved', 'other-account']
/** Far beyond what anybody works through; the rest is found again when these are gone. */
export const openMax = 100_000

export async function lookAt(machinery: Machinery, system: string): Promise<Looked> {
  const { store, knowledge, targets } = machinery
  const heads = await store.heads()
  const known = await knowledgeFor(knowledge, { heads })
  if (known === undefined) return { failure: 'nothing is in force yet' }
  const policy = known.today
  const answer = await targets.inventory(system, policy)
  if (answer.outcome !== 'done') return { failure: answer.reason }
  const { holdings, unread } = answer.value
  const look: Look = { system, startedAt: heads.now, holdings }
  const seen = await seenOn(machinery, look, known)
  const open = await openOn(machinery, system)
  const unreadNames = new Set(unread.map(({ entitlement }) => entitlement))
  const over = overIn(open, seen, look, policy, unreadNames)
  await recordDrift(machinery, { seen, over }, open)
  return { readAt: heads.now, content: { holdingsCount: holdings.length, unread } }
}

async function seenOn(
  { store, knowledge }: Machinery,
  look: Look,
  { directory: before }: Known,
): Promise<readonly Drift[]> {
  // Waivers and directory of after the look: whatever was approved meanwhile is no drift.
  const grants = [...new Set(look.holdings.flatMap(({ grant }) => grant ?? []))]
  const waivers = await waiversBehind(store.waivers, grants)
  const heads = await store.heads()
  const directory = heads.directory === undefined ? before : await knowledge.directory(heads.directory, heads.freshness)
  return driftOn(look, (grant) => waivers.get(grant), directory, heads.now)
}

const waiversTogether = 1_000

async function waiversBehind(
  waivers: Machinery['store']['waivers'],
  grants: readonly string[],
): Promise<ReadonlyMap<string, Waiver>> {
  const found = new Map<string, Waiver>()
  for (let start = 0; start < grants.length; start += waiversTogether) {
    const ids = grants.slice(start, start + waiversTogether).map(waiverOf)
    for (const waiver of await waivers.findAll(ids)) found.set(grantId(waiver.id), waiver)
  }
  return found
}

/** The other way round of `grantId`. */
function waiverOf(grant: string): WaiverId {
  return `wvr_${grant.slice(grant.indexOf('_') + 1)}`
}

async function openOn({ store }: Machinery, system: string): Promise<ReadonlyMap<string, DriftFinding>> {
  const open = await store.drift.findings({ status: 'open', system, kinds: kindsOfLook, limit: openMax })
  return new Map(open.map((one) => [one.id, one]))
}

/** What is not there any more. Of an entitlement that could not be read nothing is over. */
function overIn(
  open: ReadonlyMap<string, DriftFinding>,
  seen: readonly Drift[],
  { holdings }: Look,
  policy: Policy,
  unread: ReadonlySet<string>,
): Changes['over'] {
  const still = new Set(seen.map(driftId))
  const held = new Set(holdings.map(({ account, entitlement }) => keyOf(account, entitlement)))
  return [...open.values()].flatMap(({ id, drift }): Changes['over'] => {
    const { system, entitlement, account = '', kind } = drift
    if (still.has(id) || (entitlement !== undefined && unread.has(entitlement))) return []
    const entitlements = entryOf(policy.systems, system)?.entitlements ?? {}
    if (entitlement !== undefined && entryOf(entitlements, entitlement) === undefined)
      return [{ id, because: 'not-governed' }]
    const covered = kind === 'access-without-waiver' && held.has(keyOf(account, entitlement))
    return [{ id, because: covered ? 'covered' : 'gone' }]
  })
}

function keyOf(account: string, entitlement = ''): string {
  return `${entitlement.length}:${entitlement}${account}`
}
