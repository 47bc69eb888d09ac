/** Loops of managers and of parent teams, as problems at the lines of directory files. */
import type { SourceSnapshot } from '../../core/directory.ts'
import type { DirectoryContent } from '../../files/directory.ts'
import type { Problem } from '../../files/yaml.ts'
import { loopsIn, spokenLoop } from '../loops.ts'

/** @returns one problem for every loop of managers or of parent teams, at its alphabetically first member. */
export function loopProblems(content: DirectoryContent, relations: SourceSnapshot['relations']): readonly Problem[] {
  const managers = loopsIn(relations, 'reports-to').map((loop) => ({
    where: content.people.get(loop[0] ?? '')?.at(['manager']) ?? '',
    message: `reports to themselves in the end: ${spokenLoop(loop)}`,
  }))
  const parents = loopsIn(relations, 'part-of').map((loop) => ({
    where: content.teams.get(loop[0] ?? '')?.at(['parent']) ?? '',
    message: `is inside itself: ${spokenLoop(loop)}`,
  }))
  return [...managers, ...parents]
}
