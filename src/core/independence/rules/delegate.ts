/**
 * Does this person act for somebody who is not independent, or somebody such for them? One step only: the delegate of
 * a delegate decides for neither.
 */
import type { Finding, Rule } from '../finding.ts'
import { stepsOf } from '../finding.ts'
import { kindSet } from '../kinds.ts'
import { idOf } from '../moment.ts'
import type { Subject } from '../prepare.ts'
import { type PreparedMatter, subjectOf } from '../prepare.ts'
import type { Reach } from '../reach.ts'
import { walkOn } from '../walk.ts'

const delegateOf = kindSet('delegate-of')

/** `involvements`: the rules by which the other person counts as conflicted. */
export function delegateOfConflicted(involvements: readonly Rule[]): Rule {
  return (prepared, subject) => {
    const others = actingTogether(prepared, subject)
    const findings = others.nodes.flatMap((other) => {
      const why = whyConflicted(prepared, idOf(prepared.moment, other), involvements)
      return why === undefined ? [] : [told(prepared, subject, others, other, why)]
    })
    return findings.sort((a, b) => a.path.length - b.path.length)[0]
  }
}

function actingTogether({ moment }: PreparedMatter, { selves }: Subject): Reach {
  return walkOn(moment, selves, { first: { along: delegateOf, against: delegateOf } })
}

function whyConflicted(prepared: PreparedMatter, id: string, involvements: readonly Rule[]): Finding | undefined {
  const other = subjectOf(prepared, id)
  for (const rule of involvements) {
    const finding = rule(prepared, other)
    if (finding !== undefined) return finding
  }
  return undefined
}

function told({ moment }: PreparedMatter, { id }: Subject, others: Reach, node: number, why: Finding): Finding {
  return {
    path: [...stepsOf(moment, others.out(node)), ...why.path],
    because: `${id} and ${idOf(moment, node)} act for each other, and ${why.because}`,
  }
}
