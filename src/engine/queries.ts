/**
 * Questions people ask before they act: who could decide this, what would be asked of these terms, how do I stand to this
 * waiver? Answers are computed on the newest facts and promise nothing; only `handle` decides.
 */

import type { Verdict } from '../core/conflict.ts'
import { matterOf } from '../core/decide/checks.ts'
import type { NodeId } from '../core/directory.ts'
import { independence, noHistory } from '../core/independence.ts'
import { isRefusal, type Obligations, offerFor } from '../core/obligations.ts'
import { type Relation, relationsOf } from '../core/permit.ts'
import { type Refusal, refusal } from '../core/refusal.ts'
import { type Routing, route } from '../core/route.ts'
import type { Terms } from '../core/terms.ts'
import { plusSeconds } from '../core/time.ts'
import type { Waiver } from '../core/waiver.ts'
import type { Known } from '../proof/circumstances.ts'
import { knowledgeFor, type Machinery } from './handle.ts'

export interface Eligible extends Routing {
  readonly obligations: Obligations
}

/** Load is fair over this long. */
const loadSeconds = 30 * 86_400

/** Who could countersign this waiver now. */
export async function eligibleFor(machinery: Machinery, waiver: Waiver): Promise<Eligible | Refusal> {
  return withKnown(machinery, waiver, async (known, now) => {
    const load = await machinery.store.waivers.decisionsCount(plusSeconds(now, -loadSeconds))
    const matter = matterOf(waiver, waiver.obligations, waiver.proposal)
    const history = { decisions: [], ...known.rules }
    return {
      ...route(matter, known.directory, history, known.today, now, (person) => load.get(person) ?? 0),
      obligations: waiver.obligations,
    }
  })
}

/** What would be asked of these terms, and who could decide them, before anything is asked for. */
export async function preview(
  machinery: Machinery,
  requester: NodeId,
  chain: readonly NodeId[],
  terms: Terms,
): Promise<Eligible | Refusal> {
  return withKnown(machinery, undefined, async (known, now) => {
    const offer = offerFor(terms, known.today, known.directory)
    if (isRefusal(offer)) return offer
    const { obligations } = offer
    const matter = {
      requester,
      chain,
      beneficiary: terms.beneficiary,
      system: terms.access.system,
      took: [],
      pools: obligations.pools,
      rules: obligations.rules,
    }
    return { ...route(matter, known.directory, { ...noHistory, ...known.rules }, known.today, now), obligations }
  })
}

/** How a person stands to a waiver: what they may try, and whether they are independent of it. */
export async function standingOf(
  machinery: Machinery,
  waiver: Waiver,
  actor: NodeId,
): Promise<{ relations: ReadonlySet<Relation>; verdict: Verdict } | Refusal> {
  return withKnown(machinery, waiver, async (known, now) => {
    const matter = matterOf(waiver, waiver.obligations, waiver.proposal)
    return {
      relations: relationsOf(actor, waiver, known.directory, known.today, now),
      verdict: independence(matter, actor, known.directory, { ...noHistory, ...known.rules }, known.today, now),
    }
  })
}

async function withKnown<Value>(
  { store, knowledge }: Machinery,
  waiver: Waiver | undefined,
  answer: (known: Known, now: string) => Promise<Value>,
): Promise<Value | Refusal> {
  const heads = await store.heads()
  const known = await knowledgeFor(knowledge, { heads, ...(waiver === undefined ? {} : { waiver }) })
  return known === undefined ? refusal('not-initialised') : answer(known, heads.now)
}
