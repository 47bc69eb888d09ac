/**
 * Which duties of the rules does the name of a duty in an entitlement stand for? Exactly one of the same spelling, or,
 * where the organisation says that its names are patterns, all that match. What was read as a plain name and looks like
 * more is told, never passed over.
 */
import type { Duties } from './rules.ts'

export interface DutyNames {
  /** Every duty of the rules that this name stands for. */
  standsFor(name: string): readonly string[]
  /** Why the name may mean more than it was read as. */
  doubt(name: string): 'pattern-read-as-name' | 'differs-in-case' | undefined
}

export function dutyNames(duties: Duties): DutyNames {
  const known = new Set(duties.functions.flatMap((each) => each.duties))
  return duties.dutyNames === 'wildcards' ? patterns(known) : exactNames(known)
}

function exactNames(known: ReadonlySet<string>): DutyNames {
  const inLowerCase = new Set([...known].map((duty) => duty.toLowerCase()))
  return {
    standsFor: (name) => (known.has(name) ? [name] : []),
    doubt(name) {
      if (known.has(name)) return undefined
      const lower = name.toLowerCase()
      if (inLowerCase.has(lower)) return 'differs-in-case'
      const isPattern = /[*?]/.test(name) && inLowerCase.values().some((duty) => matches(lower, duty))
      return isPattern ? 'pattern-read-as-name' : undefined
    },
  }
}

function patterns(known: ReadonlySet<string>): DutyNames {
  const byLower = new Map<string, string[]>()
  for (const duty of known) byLower.set(duty.toLowerCase(), [...(byLower.get(duty.toLowerCase()) ?? []), duty])
  const answers = new Map<string, readonly string[]>()
  const find = (lower: string) =>
    /[*?]/.test(lower)
      ? [...byLower].filter(([duty]) => matches(lower, duty)).flatMap(([, same]) => same)
      : (byLower.get(lower) ?? [])
  return {
    standsFor(name) {
      const answer = answers.get(name) ?? find(name.toLowerCase())
      answers.set(name, answer)
      return answer
    },
    doubt: () => undefined,
  }
}

/** `*`: any characters or none; `?`: exactly one. In time of at most the two lengths multiplied, whatever the pattern. */
export function matches(pattern: string, text: string): boolean {
  let [at, place, star, mark] = [0, 0, -1, 0]
  while (place < text.length) {
    if (pattern[at] === '*') [star, mark, at] = [at, place, at + 1]
    else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[place]))
      [at, place] = [at + 1, place + 1]
    else if (star >= 0) [at, mark, place] = [star + 1, mark + 1, mark + 1]
    else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}
