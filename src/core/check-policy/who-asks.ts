/** Who could ask? Members of every team, every workload, everybody on a rota that could have an envelope. */
import { describe } from '../compile.ts'
import type { NodeId } from '../directory.ts'
import { holdingNow, isHere, type Scope } from './scope.ts'

export interface Asker {
  /** Team, workload or rota the finding will be about. */
  readonly group: NodeId
  readonly kind: 'team' | 'workload' | 'rota'
  readonly requester: NodeId
  readonly beneficiary: NodeId
}

/** In a small directory everybody is tried; in a large one the first few of each team stand for it. */
const everybodyMax = 500
const perTeamMax = 3
const askersMax = 3_000

export function askersOf(scope: Scope): { readonly askers: readonly Asker[]; readonly left: number } {
  const people = new Set(scope.facts.nodes.filter(({ kind }) => kind === 'person').map(({ id }) => id))
  const perTeam = people.size <= everybodyMax ? Number.POSITIVE_INFINITY : perTeamMax
  const all = [...ofTeams(scope, perTeam), ...ofWorkloads(scope), ...ofRotas(scope)]
  if (all.length <= askersMax) return { askers: all, left: 0 }
  // Evenly over the whole list, so that no kind and no part of the alphabet is left out.
  const step = all.length / askersMax
  const askers = Array.from({ length: askersMax }, (_, index) => all[Math.floor(index * step)] as Asker)
  return { askers, left: all.length - askers.length }
}

function ofTeams(scope: Scope, perTeam: number): readonly Asker[] {
  const members = holdingNow(scope, ['member-of'])
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([team]) => scope.policy.independence.teams[team] !== 'all-staff')
    .flatMap(([team, people]) => {
      const here = [...new Set(people)].filter((person) => isHere(scope, person)).sort()
      return here
        .slice(0, perTeam)
        .map((person): Asker => ({ group: team, kind: 'team', requester: person, beneficiary: person }))
    })
}

/** A workload behind which nobody is known is a finding of its own. */
function ofWorkloads(scope: Scope): readonly Asker[] {
  const controlled = holdingNow(scope, ['owns', 'operates', 'created', 'holds-credential-of'])
  const ids = scope.facts.nodes.filter(({ kind }) => kind === 'workload').map(({ id }) => id)
  return [...new Set(ids)]
    .filter((id) => controlled.has(id) && isHere(scope, id))
    .sort()
    .map((id) => ({ group: id, kind: 'workload', requester: id, beneficiary: id }))
}

/** Rotas of the deciders themselves need no envelope. */
function ofRotas(scope: Scope): readonly Asker[] {
  const deciders = new Set(Object.values(scope.policy.pools).flatMap(({ rotas }) => rotas))
  const people = holdingNow(scope, ['on-rota'])
  return [...people]
    .filter(([rota]) => !deciders.has(rota) && describe(scope.directory, rota, scope.now)?.kind === 'rota')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([rota, on]) => {
      const [first] = on.filter((person) => isHere(scope, person)).sort()
      return first === undefined ? [] : [{ group: rota, kind: 'rota', requester: first, beneficiary: rota } as const]
    })
}
