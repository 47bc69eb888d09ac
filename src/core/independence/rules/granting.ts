/**
 * Does this person stand on the side that grants: a hand on the target, or on this installation, which holds the
 * credentials of every target?
 */
import { countersignSystem } from '../../directory.ts'
import { type Rule, stepsOf } from '../finding.ts'
import { meet } from '../reach.ts'

export const onGrantingTeam: Rule = (prepared, subject) => {
  const way = meet(subject.standing, prepared.granting)
  if (way === undefined) return undefined
  const path = stepsOf(prepared.moment, way.path)
  return { path, because: `${subject.id} is among those who run ${prepared.matter.system}, the target` }
}

export const operatesCountersign: Rule = (prepared, subject) => {
  if (prepared.matter.system === undefined) return undefined
  const way = meet(subject.standing, prepared.operators())
  if (way === undefined) return undefined
  const path = stepsOf(prepared.moment, way.path)
  return {
    path,
    because: `${subject.id} runs ${countersignSystem} and can reach the credential of ${prepared.matter.system}`,
  }
}
