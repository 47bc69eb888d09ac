/**
 * Is enough known to say anything? What nobody knows is never taken for independence: an unknown or departed person, a
 * requesting side behind which nobody can be found, a relation into the dark, or facts that are too old.
 */
import type { CompiledSource } from '../../compile.ts'
import { kindOf } from '../../directory.ts'
import type { Finding, Rule } from '../finding.ts'
import { isGone, type Moment } from '../moment.ts'
import { isDescribed, isPerson } from '../nodes.ts'
import type { PreparedMatter, Subject } from '../prepare.ts'
import { unknownAround } from '../unknown.ts'

/** Two clocks may differ by this much before a source counts as read in the future. */
const skewMillisMax = 60_000

export const notAPerson: Rule = ({ moment }, { id, node }) => {
  const { nodes } = moment.directory
  const isKnown = node !== undefined && isDescribed(nodes, node)
  if (isKnown ? isPerson(nodes, node) : kindOf(id) === 'person') return undefined
  return { path: [], because: `${id} is not a person` }
}

export const unresolvedIdentity: Rule = (prepared, subject) =>
  missing(prepared, subject) ?? unknownAround(prepared.moment, subject) ?? prepared.unknownToAll

export const directoryTooOld: Rule = ({ moment }) => {
  const { sources } = moment.directory
  if (sources.length === 0) return { path: [], because: 'no source of the directory has been read' }
  const old = sources.find((source) => isTooOld(source, moment))
  return old && { path: [], because: `what ${old.id} says is too old, or dated in the future: read it again` }
}

function missing({ moment }: PreparedMatter, { id, node }: Subject): Finding | undefined {
  const { nodes } = moment.directory
  if (node === undefined || !isDescribed(nodes, node)) {
    return { path: [], because: `${id} is in no source of the directory` }
  }
  return isGone(moment, node) ? { path: [], because: `${id} has left or is deactivated` } : undefined
}

/** Written so that a moment nobody can read is too old. */
function isTooOld({ observedAt, freshUntil }: CompiledSource, { now, validity }: Moment): boolean {
  validity?.changesAt(observedAt - skewMillisMax)
  validity?.changesAt(freshUntil + 1)
  return !(observedAt <= now + skewMillisMax && now <= freshUntil)
}
