/** Who is behind an id, for people: the name and, because names can be anything, always the id as well. */
import { systemActor } from '../../core/waiver.ts'
import type { Names } from './page.ts'
import { mixedScripts, visible } from './visible.ts'

/** `Maria Oliveira (per_maria)`; the id alone where there is no name. */
export function named(id: string, names: Names): string {
  if (id === systemActor) return 'Countersign itself'
  const name = Object.hasOwn(names, id) ? names[id] : undefined
  if (name === undefined || name === '' || name === id) return visible(id)
  return `${visible(name)}${mixed(name)} (${visible(id)})`
}

/** Says so where letters of two alphabets stand in one word, because the eye does not. */
export function mixed(text: string): string {
  const scripts = mixedScripts(text)
  return scripts.length === 0 ? '' : ` [mixes ${scripts.join(' and ')} letters]`
}
