/**
 * Colours, where they help and are wanted: never in a file or a pipe, never with `NO_COLOR` (no-color.org). Colour repeats
 * what the words say and never replaces them.
 */
import picocolors from 'picocolors'

type Brush = (text: string) => string

export interface Paint {
  readonly strong: Brush
  readonly faint: Brush
  readonly good: Brush
  readonly bad: Brush
  readonly warn: Brush
}

export function paintFor(colours: boolean): Paint {
  const { bold, dim, green, red, yellow } = picocolors.createColors(colours)
  return { strong: bold, faint: dim, good: green, bad: red, warn: yellow }
}

/** `NO_COLOR` beats `FORCE_COLOR`, and both beat looking at the terminal. */
export function wantsColours(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0'
  return isTerminal && TERM !== 'dumb'
}
