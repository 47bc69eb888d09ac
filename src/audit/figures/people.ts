/**
 * Who did what in one act, compared by the names that stand in the history. Machines are set apart: nobody becomes a
 * second person by letting a machine write the change.
 */
import type { Act } from '../history.ts'

/** @returns the people among them, each once. */
export function humans(names: readonly string[], { machines }: Act): string[] {
  return [...new Set(names)].filter((name) => !machines.includes(name))
}

/** Whoever approved it or put it in force. */
function deciders({ approvedBy, enteredBy }: Act): string[] {
  return [...(approvedBy ?? []), ...(enteredBy === undefined ? [] : [enteredBy])]
}

/** @returns whether it was put in force by somebody who wrote it; `undefined` when the history does not say. */
export function isOwnEntry({ askedBy, enteredBy }: Act): boolean | undefined {
  return askedBy === undefined || enteredBy === undefined ? undefined : askedBy.includes(enteredBy)
}

export function isOwnApproval({ askedBy, approvedBy }: Act): boolean | undefined {
  if (approvedBy?.length === 0) return false
  return askedBy === undefined || approvedBy === undefined
    ? undefined
    : approvedBy.some((name) => askedBy.includes(name))
}

/** One human being wrote it, approved it and, where that is recorded, put it in force. */
export function isOnePerson(act: Act): boolean | undefined {
  const { askedBy, approvedBy } = act
  if (approvedBy?.length === 0) return false
  if (askedBy === undefined || approvedBy === undefined) return undefined
  return humans([...askedBy, ...deciders(act)], act).length === 1 && humans(approvedBy, act).length === 1
}

/** Whoever gets the access approved it or put it in force. */
export function isOwnBenefit(act: Act): boolean | undefined {
  if (act.beneficiary === undefined) return undefined
  if (deciders(act).includes(act.beneficiary)) return true
  return act.approvedBy === undefined ? undefined : false
}

export function machineWrote({ askedBy, machines }: Act): boolean | undefined {
  return askedBy?.some((name) => machines.includes(name))
}

export function machineAlone({ askedBy, machines }: Act): boolean | undefined {
  return askedBy?.every((name) => machines.includes(name))
}

export function machineDecided(act: Act): boolean | undefined {
  const decided = deciders(act).some((name) => act.machines.includes(name))
  return decided || act.approvedBy !== undefined ? decided : undefined
}
