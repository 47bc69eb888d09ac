/**
 * Who stands behind what a program asks for? Everybody in the chain with those who own, operate, made, sent or can change
 * it, and the most harmful thing that any of them has at this moment. It judges nobody; it shows what is judged.
 */
import { describe, personsControlling } from '../core/compile.ts'
import { kindOf, type NodeId, type RelationKind } from '../core/directory.ts'
import { beneficiariesOf } from '../core/standing.ts'
import { plusSeconds } from '../core/time.ts'
import { isOpen, type Waiver } from '../core/waiver.ts'
import type { WaiverReads } from '../store/contract.ts'
import type { Behind } from './schema/behind.ts'
import type { Sight } from './sight.ts'

type Party = Behind['parties'][number]

const standsBehind: readonly RelationKind[] = [
  'owns',
  'operates',
  'created',
  'delegates-to',
  'holds-credential-of',
  'can-change',
  'sponsors',
]

export async function behindOf(
  sight: Sight,
  waiver: Waiver,
  waivers: Pick<WaiverReads, 'openOf' | 'findAll'>,
): Promise<Omit<Behind, 'names'>> {
  const parties: Party[] = []
  for (const [id, part] of partsOf(waiver)) parties.push(await partyOf(sight, id, part))
  return { parties, impact: await impactOf(sight, waiver, parties, waivers) }
}

/** Whoever is several things is told once, as the first of them. */
function partsOf({ chain, proposal, requester, terms }: Waiver): ReadonlyMap<NodeId, Party['part']> {
  const asker = proposal?.askedBy ?? requester
  const through = proposal?.chain ?? chain
  return new Map<NodeId, Party['part']>([
    [terms.beneficiary, 'beneficiary'],
    ...through.map((id) => [id, 'chain'] as const),
    [asker, 'requester'],
  ])
}

async function partyOf(sight: Sight, id: NodeId, part: Party['part']): Promise<Party> {
  const { directory, policy, now, index } = sight
  const kind = kindOf(id)
  const since = plusSeconds(now, -policy.independence.lingerDays * 86_400)
  const related = kind === 'workload' || kind === 'person' ? await index.relationsOf(id) : []
  return {
    id,
    kind: kind === 'person' || kind === 'workload' || kind === 'rota' ? kind : 'other',
    agent: describe(directory, id, now)?.agent === true,
    part,
    behind: related
      .filter(({ to, relation, until }) => to === id && standsBehind.includes(relation) && (until ?? now) >= since)
      .map(({ from, relation, source, until }) => ({
        id: from,
        relation,
        source,
        ...(until === undefined ? {} : { until }),
      })),
    people: kind === 'workload' ? [...personsControlling(directory, id, now, policy)].sort() : [],
  }
}

/** More than that is no chain any more; what is asked is then still told in full. */
const holdersMax = 2_000

async function impactOf(
  { directory, now }: Sight,
  waiver: Waiver,
  parties: readonly Party[],
  waivers: Pick<WaiverReads, 'openOf' | 'findAll'>,
): Promise<Behind['impact']> {
  const controlling = parties.flatMap(({ people }) => people)
  const theirs = controlling.flatMap((person) =>
    beneficiariesOf(directory, person, now).filter((id) => kindOf(id) === 'workload'),
  )
  const users = [...new Set([...parties.map(({ id }) => id), ...theirs])].slice(0, holdersMax)
  const found = await waivers.findAll(await waivers.openOf({ users }))
  const given = found.filter((one) => one.id !== waiver.id && isOpen(one) && one.approvals.length > 0)
  const highest = [waiver, ...given].reduce((a, b) => (b.obligations.rank > a.obligations.rank ? b : a))
  const { tier, rank } = waiver.obligations
  const { access, beneficiary } = highest.terms
  return {
    asked: { tier, rank },
    highest: {
      tier: highest.obligations.tier,
      rank: highest.obligations.rank,
      waiver: highest.id,
      holder: beneficiary,
      system: access.system,
      entitlement: access.entitlement,
    },
    otherCount: given.length,
  }
}
