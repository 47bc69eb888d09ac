/** Why is somebody not independent? Each conflict, with the path that proves it read aloud and who says so. */
import type { ConflictCode, PathStep } from '../../core/conflict.ts'
import { readPath } from '../../core/conflict.ts'
import { named } from './names.ts'
import type { Names, Page } from './page.ts'
import { abbreviated, visible } from './visible.ts'
import { wrap } from './wrap.ts'

/** A conflict as the server shows it or the core made it; the path only for those who may see it. */
export interface ShownConflict {
  readonly code: ConflictCode
  readonly path?: readonly ShownStep[] | undefined
  readonly because?: string | undefined
}

type ShownStep = Omit<PathStep, 'relation' | 'against' | 'until'> & {
  readonly relation: string
  readonly against?: boolean | undefined
  readonly until?: string | undefined
}

/** @param indent spaces before each line */
export function conflictLines(
  page: Page,
  conflicts: readonly ShownConflict[],
  names: Names,
  indent = 2,
): readonly string[] {
  const margin = ' '.repeat(indent)
  const room = Math.max(30, page.width - indent - 2)
  return conflicts.flatMap(({ code, path = [], because = '' }) => {
    const proof = path.length === 0 ? visible(because) : conflictPath(path, names)
    return [
      `${margin}${page.paint.warn(visible(code))}`,
      ...(proof === '' ? [] : wrap(proof, room).map((line) => `${margin}  ${line}`)),
      ...(path.length === 0 ? [] : wrap(sources(path), room).map((line) => `${margin}  ${page.paint.faint(line)}`)),
    ]
  })
}

/** `Tom (per_tom) —member of→ Payments (team_payments) ←member of— Maria (per_maria)`. */
export function conflictPath(path: readonly ShownStep[], names: Names): string {
  const steps = path.map((step) => ({ ...step, relation: visible(step.relation) })) as readonly PathStep[]
  return readPath(steps, (id) => named(id, names))
}

/** Where the path was read: each source once, in the order of the path. */
function sources(path: readonly ShownStep[]): string {
  return `said by ${[...new Set(path.map(({ source, revision }) => `${visible(source)} at ${abbreviated(visible(revision))}`))].join(', ')}`
}
