/**
 * What do our own records say: has this person had a part in this matter already, or loosened a rule it profits from?
 */
import type { Matter } from '../../independence.ts'
import { type Finding, pathToName, type Rule, recordStep, stepsOf } from '../finding.ts'
import { idOf } from '../moment.ts'
import { meet } from '../reach.ts'

export const tookPartAlready: Rule = (prepared, subject) => {
  const { matter, moment } = prepared
  if (matter.took.length === 0) return undefined
  const way = meet(subject.selves, prepared.tookPart())
  const actor = way === undefined ? subject.id : idOf(moment, way.path.at(-1)?.to ?? way.node)
  const act = matter.took.find(({ person }) => person === actor)
  if (act === undefined) return undefined
  return {
    path: [...stepsOf(moment, way?.path ?? []), recordStep(actor, act.part, act.event, act.event)],
    because: `${subject.id} had a part in this already: ${actor} ${act.part} it`,
  }
}

export const loosenedTheRules: Rule = (prepared, subject) => {
  const findings = prepared.history.ruleChanges.map((change): Finding | undefined => {
    const rule = change.loosened.find((loosened) => restsOn(prepared.matter, loosened))
    const self = rule === undefined ? undefined : pathToName(prepared, subject, change.author)
    if (rule === undefined || self === undefined) return undefined
    return {
      path: [...self, recordStep(change.author, 'changed-rules', rule, change.event)],
      because: `${subject.id} loosened ${rule}, a rule this is decided by`,
    }
  })
  return findings.filter((finding) => finding !== undefined).sort((a, b) => a.path.length - b.path.length)[0]
}

/** Guardrails stand before every use of every waiver, so everything on some system rests on them. */
function restsOn({ rules, system }: Matter, loosened: string): boolean {
  return rules.includes(loosened) || (loosened === 'guardrails' && system !== undefined)
}
