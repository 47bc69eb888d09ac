/** What checking a bundle came to, for people: every step, every act, and in one sentence what is proven and what is not. */

import type { WaiverEvent } from '../../core/waiver.ts'
import type { BundleStep, BundleVerdict } from '../../proof/index.ts'
import { phraseOf } from './event-phrases.ts'
import { instantIn } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { quoted, visible } from './visible.ts'
import { wrap } from './wrap.ts'

export function verdictLines(page: Page, verdict: BundleVerdict): readonly string[] {
  return [
    ...verdict.steps.flatMap((step) => stepLines(page, step, isOwnWord(step, verdict))),
    ...(verdict.acts === undefined ? [] : ['', ...actLines(page, verdict)]),
    '',
    ...conclusion(page, verdict),
  ]
}

const nameWidth = 11
const margin = ' '.repeat(nameWidth + 5)

/** The one step that nothing in the file can show. */
function isOwnWord({ name }: BundleStep, { keyNamedBy }: BundleVerdict): boolean {
  return name === 'key' && keyNamedBy === 'bundle'
}

function stepLines({ paint, width }: Page, step: BundleStep, ownWord: boolean): readonly string[] {
  const { name, outcome, detail, keys, index } = step
  const marks = { proven: paint.good('✔'), disproven: paint.bad('✘'), incomplete: paint.warn('?') }
  const mark = ownWord && outcome === 'proven' ? paint.warn('!') : marks[outcome]
  const place = index === undefined ? '' : ` (leaf ${index})`
  const by = keys.length === 0 || ownWord ? '' : `, by ${keys.map(quoted).join(', ')}`
  const lines = wrap(`${visible(detail)}${place}${by}`, Math.max(20, width - margin.length))
  return lines.map((line, at) => `${at === 0 ? `  ${mark} ${name.padEnd(nameWidth)} ` : margin}${line.trimEnd()}`)
}

function actLines(page: Page, { acts = [], names }: BundleVerdict): readonly string[] {
  const marks = {
    yes: page.paint.good('follows'),
    no: page.paint.bad('DIFFERS'),
    unknown: page.paint.warn('unknown'),
  }
  return acts.map((act) => {
    // Only of an act that was decided again with the same result is it known that its body has the form it should have.
    const says = act.follows === 'yes' ? phraseOf(act.body as WaiverEvent, page).says : visible(act.type)
    return `  ${marks[act.follows]}  ${visible(instantIn(act.at, page.timeZone))}  ${named(act.by, names)}: ${says}`
  })
}

function conclusion(page: Page, verdict: BundleVerdict): readonly string[] {
  const { paint, width } = page
  const lines = (text: string, dye: (line: string) => string) => wrap(text, width).map((line) => dye(line.trimEnd()))
  const failed = verdict.steps.find((step) => step.outcome === verdict.outcome)
  switch (verdict.outcome) {
    case 'disproven':
      return lines(`DISPROVEN: ${failed?.name}: ${visible(failed?.detail ?? '')}`, paint.bad)
    case 'incomplete':
      return lines(`incomplete: ${failed?.name}: ${visible(failed?.detail ?? '')}`, paint.warn)
    case 'proven': {
      const { waiver = '', head, status, acts = [] } = verdict
      const said = `proven: ${visible(waiver)}${status === undefined ? '' : `, ${visible(status)}`}: all ${acts.length} acts are in the log ${quoted(head?.origin ?? '')} and follow from what was recorded with them`
      return [...lines(said, paint.good), ...notProven(page, verdict)]
    }
    default:
      return verdict.outcome satisfies never
  }
}

/** What nobody can read out of a file, said where somebody might read it into the result. */
function notProven({ paint, width }: Page, { keyNamedBy }: BundleVerdict): readonly string[] {
  const whose =
    keyNamedBy === 'bundle'
      ? wrap(
          'whose log this is was NOT proven: the key is the bundle’s own word. Get the key of the log from its operator another way, and give it with --key.',
          width,
        ).map((line) => paint.warn(line.trimEnd()))
      : []
  const rest = wrap(
    'not said by it: whether the directory was true, and what happened after the last act above.',
    width,
  ).map((line) => paint.faint(line.trimEnd()))
  return [...whose, ...rest]
}
