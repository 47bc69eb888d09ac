/**
 * Does this person stand on the side that asked? Asked it, gets it, controls what gets it, passed it on, can change what
 * gets it, or is another name of somebody who does. The rules about controls count for every name of the person.
 */
import { endOfPath, type Finding, nearest, type Rule, recordStep, stepsOf } from '../finding.ts'
import { idOf } from '../moment.ts'
import type { PreparedMatter, Subject } from '../prepare.ts'
import { type Meeting, meet, type Reach } from '../reach.ts'
import type { Side } from '../side.ts'
import { walkOn } from '../walk.ts'

export const isRequester: Rule = (prepared, subject) => {
  if (subject.id === prepared.matter.requester) return asked(prepared, subject)
  if (!subject.isBehind) return undefined
  const { controllers, onRota } = prepared.sideOf('requester')
  const way = nearestTo(subject.itself, [controllers(), onRota(), prepared.sideOf('any').sponsors()])
  return (
    way && found(prepared, way, `${subject.id} counts as the requester, through ${endOfPath(prepared.moment, way)}`)
  )
}

export const isBeneficiary: Rule = (prepared, subject) => {
  const { matter } = prepared
  if (subject.id === matter.beneficiary) return benefits(prepared, subject)
  if (!subject.isBehind) return undefined
  const way = meet(subject.itself, prepared.sideOf('beneficiary').onRota())
  return way && found(prepared, way, `${subject.id} is on ${matter.beneficiary}, whose people would get the access`)
}

export const samePersonOtherAccount: Rule = (prepared, subject) => {
  if (!subject.isBehind) return undefined
  const otherNames = walkOn(prepared.moment, subject.selves, { keeps: (self) => self !== subject.node })
  const way = nearestTo(otherNames, belonging(prepared.sideOf('any')))
  return (
    way &&
    found(
      prepared,
      way,
      `${subject.id} and ${idOf(prepared.moment, way.node)} may be one, and that one is behind the request`,
    )
  )
}

export const controlsBeneficiary: Rule = (prepared, subject) => {
  if (!subject.isBehind) return undefined
  const way = meet(subject.selves, prepared.sideOf('beneficiary').controllers())
  return (
    way && found(prepared, way, `${subject.id} controls ${prepared.matter.beneficiary}, which would get the access`)
  )
}

export const inDelegationChain: Rule = (prepared, subject) => {
  if (prepared.matter.chain.includes(subject.id)) return passedOn(prepared, subject)
  if (!subject.isBehind) return undefined
  const { parties, controllers, onRota } = prepared.sideOf('chain')
  const way = nearestTo(subject.selves, [parties(), controllers(), onRota(), prepared.sideOf('any').delegators()])
  return way && found(prepared, way, `${subject.id} stands in the chain through which it was asked`)
}

export const canChangeBeneficiary: Rule = (prepared, subject) => {
  const way = meet(subject.standing, prepared.changers())
  const end = way && endOfPath(prepared.moment, way)
  return way && found(prepared, way, `${subject.id} can change what acts for ${end}`)
}

function belonging({ parties, controllers, sponsors, onRota }: Side): Reach[] {
  return [parties(), controllers(), sponsors(), onRota()]
}

function nearestTo(people: Reach, reaches: readonly Reach[]): Meeting | undefined {
  return nearest(reaches.map((reach) => meet(people, reach)))
}

function found({ moment }: PreparedMatter, way: Meeting, because: string): Finding {
  return { path: stepsOf(moment, way.path), because }
}

function asked({ matter }: PreparedMatter, { id }: Subject): Finding {
  const event = matter.took.find((act) => act.person === id && act.part === 'requested')?.event
  return { path: [recordStep(id, 'requested', matter.beneficiary, event)], because: `${id} asked for it` }
}

function benefits({ matter }: PreparedMatter, { id }: Subject): Finding {
  const step = recordStep(id, 'requested', matter.requester)
  return { path: [{ ...step, against: true }], because: `${id} would get the access` }
}

function passedOn({ matter }: PreparedMatter, { id }: Subject): Finding {
  const path = [recordStep(id, 'requested', matter.beneficiary)]
  return { path, because: `${id} stands in the chain through which it was asked` }
}
