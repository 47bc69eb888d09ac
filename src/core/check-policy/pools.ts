/** Are there people in the pools, are they reachable, and does every kind of decision have somebody to take it? */
import type { Finding } from '../check-policy.ts'
import { describe } from '../compile.ts'
import { countersignSystem } from '../directory.ts'
import { poolsThat } from '../obligations.ts'
import type { Pool } from '../policy.ts'
import { peopleNeeded } from './people-needed.ts'
import { isHere, listed, peopleHolding, peopleOf, type Scope } from './scope.ts'

export function poolFindings(scope: Scope): readonly Finding[] {
  const pools = Object.values(scope.policy.pools)
  return [
    ...pools.flatMap((pool) => [
      ...members(scope, pool),
      ...size(scope, pool),
      ...duty(scope, pool),
      ...operators(scope, pool),
    ]),
    ...kinds(scope),
    ...tiers(scope),
  ]
}

function members(scope: Scope, pool: Pool): readonly Finding[] {
  const { directory, now } = scope
  return pool.members.flatMap((id): Finding[] => {
    const node = describe(directory, id, now)
    if (node === undefined || (node.kind !== 'person' && node.kind !== 'team')) {
      return [
        {
          code: 'unknown-member',
          severity: 'high',
          about: `pools.${pool.id}`,
          message: `\`${id}\` is no person and no team of the directory`,
          advice: 'correct the name; as it stands it means nobody',
        },
      ]
    }
    if (!node.ended) return []
    return [
      {
        code: 'member-has-left',
        severity: 'low',
        about: `pools.${pool.id}`,
        message: `\`${id}\` has left`,
        advice: 'take the name out of the pool',
      },
    ]
  })
}

function size(scope: Scope, pool: Pool): readonly Finding[] {
  const people = peopleOf(scope, [pool.id])
  if (people.length > 1) return []
  const [only] = people
  return [
    {
      code: only === undefined ? 'pool-empty' : 'pool-of-one',
      severity: only === undefined ? 'high' : 'medium',
      about: `pools.${pool.id}`,
      message: only === undefined ? 'nobody is in it, and an empty pool means nobody' : `only \`${only}\` is in it`,
      advice: 'add people who work elsewhere; an outside approver is better than none',
    },
  ]
}

/** Duty is only known as far ahead as the directory says. */
function duty(scope: Scope, pool: Pool): readonly Finding[] {
  if (pool.rotas.length === 0) return []
  const unknown = pool.rotas.filter((rota) => describe(scope.directory, rota, scope.now)?.kind !== 'rota')
  const people = new Set(peopleOf(scope, [pool.id]))
  const ahead = scope.facts.shifts.some(
    ({ rota, person, end }) => pool.rotas.includes(rota) && people.has(person) && end > scope.now,
  )
  const found = unknown.map(
    (rota): Finding => ({
      code: 'unknown-rota',
      severity: 'medium',
      about: `pools.${pool.id}`,
      message: `\`${rota}\` is no rota of the directory`,
      advice: 'correct the name; as it stands nobody of the pool is on duty by it',
    }),
  )
  if (ahead || people.size === 0) return found
  return [
    ...found,
    {
      code: 'pool-never-on-duty',
      severity: 'medium',
      about: `pools.${pool.id}`,
      message: `nobody of the pool has a turn ahead on ${listed(pool.rotas)}`,
      advice: 'put its members on the rota; they are asked last as long as they are not on duty',
    },
  ]
}

function operators(scope: Scope, pool: Pool): readonly Finding[] {
  if (!pool.decides.includes('countersign')) return []
  const hands = peopleHolding(scope, ['operates', 'administers', 'holds-credential-of'], countersignSystem)
  const running = peopleOf(scope, [pool.id]).filter((person) => hands.includes(person))
  if (running.length === 0) return []
  return [
    {
      code: 'pool-member-runs-countersign',
      severity: 'low',
      about: `pools.${pool.id}`,
      message: `${listed(running)} can reach the credentials of this installation and so never decides about a target`,
      advice: 'do not count on them, and have people in the pool who do not run it',
    },
  ]
}

const kindsNeeded = [
  { decides: 'review', severity: 'high', what: 'reviews', so: 'no waiver can be closed' },
  { decides: 'rules', severity: 'medium', what: 'decides changes to these rules', so: 'founders have to stand in' },
  {
    decides: 'security',
    severity: 'medium',
    what: 'may end anything',
    so: 'only the people involved can end an access early',
  },
] as const

function kinds(scope: Scope): readonly Finding[] {
  return kindsNeeded
    .filter(({ decides }) => !peopleOf(scope, poolsThat(scope.policy, decides)).some((person) => isHere(scope, person)))
    .map(({ decides, severity, what, so }) => ({
      code: 'nobody-decides',
      severity,
      about: 'pools',
      message: `no pool with anybody in it ${what}; ${so}`,
      advice: `give a pool \`${decides}\` in its \`decides\`, and people`,
    }))
}

function tiers({ policy, directory, facts, now }: Scope): readonly Finding[] {
  return peopleNeeded(policy, facts, now, directory)
    .filter(({ countersigners }) => countersigners.has < countersigners.needed)
    .map(({ tier, countersigners: { needed, has } }) => ({
      code: 'tier-short-of-people',
      severity: 'high',
      about: `tiers.${tier}`,
      message: `needs ${needed} different people to countersign, and its pools have ${has}`,
      advice: 'add people to its pools, or a pool of outside approvers',
    }))
}
