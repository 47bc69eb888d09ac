/** How is this program called by whoever runs it? From a checkout by the launcher beside it, installed by its name. */

/** @param module address of any module of the program: sources run as they are only in a checkout */
export function calledFrom(module: string): string {
  return module.endsWith('.ts') ? './countersign' : 'countersign'
}

export const called: string = calledFrom(import.meta.url)
