/** What is wrong in files, line by line, so that an editor or a person finds the place. */
import type { Problem } from '../../files/yaml.ts'
import type { Shown } from '../perform.ts'
import type { Page } from './page.ts'
import { visible } from './visible.ts'

export function problemLines({ paint }: Page, problems: readonly Problem[]): readonly string[] {
  return problems.map(({ where, message }) => `${visible(where)}: ${paint.bad(visible(message))}`)
}

export function problemsShown(page: Page, problems: readonly Problem[]): Shown {
  return { document: { readable: false, problems }, lines: problemLines(page, problems), exit: 'checksFailed' }
}
