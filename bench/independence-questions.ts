/**
 * Which questions is a large organisation asked? People and workloads asking for themselves or for each other; judged
 * by members of the pools, by colleagues of those who ask, and by anybody.
 */
import type { Matter } from '../src/core/independence.ts'
import type { Policy } from '../src/core/policy.ts'
import type { BigDirectory } from '../test/support/directories.ts'

export interface Question {
  readonly matter: Matter
  readonly person: string
}

/** Of ten: six asked by workloads, seven for themselves; half judged by the pools, a quarter by somebody close by. */
export function questionsFor(big: BigDirectory, policy: Policy, random: () => number, count: number): Question[] {
  const any = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  const pools = Object.values(policy.pools)
  const judges = pools.flatMap(({ members }) => members).filter((member) => member.startsWith('per_'))
  const neighbours = neighboursIn(big)

  function question(): Question {
    const byWorkload = random() < 0.6
    const requester = any(byWorkload ? big.workloads : big.people)
    const beneficiary = random() < 0.7 ? requester : any(big.workloads)
    const matter = {
      requester,
      chain: byWorkload && random() < 0.5 ? [any(big.people)] : [],
      beneficiary,
      system: any(big.systems),
      took: [],
      pools: pools.map(({ id }) => id),
      rules: ['tier_high', ...pools.map(({ id }) => id)],
    }
    const who = random()
    const person = who < 0.5 ? any(judges) : who < 0.75 ? neighbours(beneficiary, random) : any(big.people)
    return { matter, person }
  }

  return Array.from({ length: count }, question)
}

/** Somebody whose number is near that of a person or owner: in the same team or one close by. */
function neighboursIn({ facts, people }: BigDirectory) {
  const numbers = new Map(people.map((person, number) => [person, number]))
  const creators = new Map(
    facts.relations.filter(({ relation }) => relation === 'created').map(({ from, to }) => [to, from]),
  )
  return (of: string, random: () => number): string => {
    const number = numbers.get(creators.get(of) ?? of) ?? 0
    return people[Math.min(people.length - 1, number + Math.floor(random() * 10))] as string
  }
}
