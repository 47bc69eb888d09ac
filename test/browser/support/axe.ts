/** Is the page accessible, as far as a machine can tell? WCAG 2.2, levels A and AA, by axe. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Results {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** What a change of colours or of width can break; everything else is the same in all of them. */
const onlyOf = {
  colours: ['color-contrast', 'link-in-text-block'],
  width: ['target-size', 'scrollable-region-focusable'],
} as const

/** @param only what to look at again, when the rest was looked at already @returns one line each; empty is good. */
export async function violationsOn(page: Page, only?: keyof typeof onlyOf): Promise<string[]> {
  // Run by the debugger and not by the page, so that the page's policy stays as it is. Once a document.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source)
  const runOnly = only === undefined ? { type: 'tag', values: tags } : { type: 'rule', values: onlyOf[only] }
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'], preload: false, elementRef: false })
  const results = (await page.evaluate(`axe.run(document, ${options})`)) as Results
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary.replaceAll(/\s+/g, ' ')}`,
    ),
  )
}
