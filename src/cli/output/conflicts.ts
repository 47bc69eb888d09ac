/** Why is somebody not independent? Each conflict, with the path that proves it read aloud and who says so. */
import { type Conflict, type PathStep, readPath } from '../../core/conflict.ts'
import type { Names, Page } from './page.ts'
import { named } from './names.ts'
import { visible } from './visible.ts'
import { wrap } from './wrap.ts'

/** @param indent spaces before each line */
export function conflictLines(page: Page, conflicts: readonly Conflict[], names: Names, indent = 2): readonly string[] {
  return conflicts.flatMap(({ code, path, because }) => {
    const margin = ' '.repeat(indent)
    const room = Math.max(30, page.width - indent - 2)
    const proof = path.length === 0 ? visible(because) : readPath(path, (id) => named(id, names))
    return [
      `${margin}${page.paint.warn(code)}`,
      ...wrap(proof, room).map((line) => `${margin}  ${line}`),
      ...(path.length === 0 ? [] : [`${margin}  ${page.paint.faint(sources(path))}`]),
    ]
  })
}

/** Where the path was read: `hr at 4f2a`. Each source once, in the order of the path. */
function sources(path: readonly PathStep[]): string {
  return `by ${[...new Set(path.map(({ source, revision }) => `${visible(source)} at ${visible(revision)}`))].join(', ')}`
}
