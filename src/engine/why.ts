/** Decides every act of a waiver again, from the facts that the store has under their hash. The deciding is `proof`'s. */
import type { Change } from '../core/change.ts'
import type { Founding } from '../core/founding.ts'
import type { JudgeGuardrails } from '../core/runtime.ts'
import type { Digest } from '../core/terms.ts'
import type { WaiverId } from '../core/waiver.ts'
import type { Circumstances } from '../proof/circumstances.ts'
import { recompute, type Why } from '../proof/recompute.ts'
import type { Store } from '../store/contract.ts'
import type { Knowledge } from './knowledge.ts'
import { passkeysRecord } from './signing.ts'

export async function why(
  { store, knowledge, guardrails }: { store: Store; knowledge: Knowledge; guardrails?: JudgeGuardrails },
  id: WaiverId,
): Promise<Why | undefined> {
  const acts = await store.waivers.events(id)
  if (acts.length === 0) return undefined
  return recompute(id, acts, {
    directory: (digest, freshness) => knowledge.directory(digest, freshness),
    policy: (digest) => knowledge.policy(digest),
    circumstances: async (digest) => (await store.revisions.circumstances(digest)) as Circumstances | undefined,
    inForce: await rulesEverInForce(store),
    ...(guardrails === undefined ? {} : { guardrails }),
    enrolments: (person) => store.waivers.events(passkeysRecord(person)),
  })
}

const changesMax = 10_000

/** Revisions of the rules that founders or a countersigned change put into force. */
async function rulesEverInForce({ records }: Store): Promise<ReadonlySet<Digest>> {
  const founding = (await records.find('founding')) as Founding | undefined
  const changes = (await records.list('change', changesMax)) as readonly (Change | null)[]
  const effective = changes.filter((change) => change?.status === 'effective').map((change) => change?.proposed ?? '')
  return new Set([...(founding?.status === 'founded' ? [founding.policy] : []), ...effective])
}
