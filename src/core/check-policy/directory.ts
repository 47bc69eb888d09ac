/** Does everything the policy names exist in the directory, and is enough known about it? */
import type { Finding } from '../check-policy.ts'
import { describe, personsControlling } from '../compile.ts'
import { millisOf } from '../time.ts'
import { holdingNow, isHere, listed, type Scope } from './scope.ts'

export function directoryFindings(scope: Scope): readonly Finding[] {
  return [...staleness(scope), ...systems(scope), ...markedTeams(scope), ...workloads(scope), ...outsiders(scope)]
}

function staleness({ facts, now }: Scope): readonly Finding[] {
  const age = (observedAt: string) => (millisOf(now) - millisOf(observedAt)) / 1000
  const old = facts.sources.filter(({ observedAt, staleAfterSeconds }) => !(age(observedAt) <= staleAfterSeconds))
  if (old.length === 0 && facts.sources.length > 0) return []
  return [
    {
      code: 'directory-too-old',
      severity: 'high',
      about: old[0]?.id ?? 'directory',
      message:
        old.length === 0
          ? 'no source of the directory has been read'
          : `what ${listed(old.map(({ id }) => id))} says is too old`,
      advice: 'read the directory again; until then nobody counts as independent',
    },
  ]
}

function systems(scope: Scope): readonly Finding[] {
  const { policy, directory, now } = scope
  const hands = holdingNow(scope, ['administers', 'operates', 'owns', 'holds-credential-of'])
  return Object.values(policy.systems).flatMap(({ id }): Finding[] => {
    if (describe(directory, id, now)?.kind === 'system' && hands.has(id)) return []
    const known = describe(directory, id, now) !== undefined
    return [
      {
        code: 'unknown-system',
        severity: known ? 'medium' : 'high',
        about: id,
        message: known
          ? `nobody owns or administers \`${id}\` by the directory`
          : `\`${id}\` is in no source of the directory`,
        advice:
          'say in the directory who owns and who administers it; without that nobody is known to stand on the granting side',
      },
    ]
  })
}

function markedTeams(scope: Scope): readonly Finding[] {
  const unknown = Object.keys(scope.policy.independence.teams).filter((team) => !isHere(scope, team))
  return unknown.map((team) => ({
    code: 'unknown-team',
    severity: 'medium',
    about: team,
    message: `\`independence.teams\` marks \`${team}\`, which is not in the directory`,
    advice: 'look whether the team was renamed: an unmarked team counts as operational',
  }))
}

function workloads({ facts, policy, directory, now }: Scope): readonly Finding[] {
  const here = facts.nodes.filter(({ kind, until }) => kind === 'workload' && (until === undefined || until > now))
  const orphans = [...new Set(here.map(({ id }) => id))].filter(
    (id) => personsControlling(directory, id, now, policy).length === 0,
  )
  return orphans.sort().map((id) => ({
    code: 'workload-without-controller',
    severity: 'medium',
    about: id,
    message: `no person can be found behind \`${id}\``,
    advice: 'say in the directory who owns it; until then whatever is asked for it is refused',
  }))
}

/** Outside approvers ask for nothing; it is the others whose sponsor has to answer for them. */
function outsiders(scope: Scope): readonly Finding[] {
  const { facts, policy } = scope
  const sponsored = holdingNow(scope, ['sponsors'])
  const deciding = new Set(Object.values(policy.pools).flatMap(({ members }) => members))
  const alone = facts.nodes.filter(
    ({ id, kind, external }) => kind === 'person' && external && !sponsored.has(id) && !deciding.has(id),
  )
  return [...new Set(alone.map(({ id }) => id))]
    .filter((id) => isHere(scope, id))
    .sort()
    .map((id) => ({
      code: 'outsider-without-sponsor',
      severity: 'low',
      about: id,
      message: `nobody stands for the outsider \`${id}\``,
      advice: 'name a sponsor in the directory; the sponsor counts as asking whenever the outsider asks',
    }))
}
