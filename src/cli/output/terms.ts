/**
 * Everything that is asked, for the eyes of whoever decides: nothing is left out, shortened or summed up. What one sees
 * here is what the digest covers.
 */
import type { Terms } from '../../core/terms.ts'
import { secondsBetween } from '../../core/time.ts'
import { conditionFields } from './conditions.ts'
import { type Field, fields, spokenText } from './fields.ts'
import { durationSpoken, exactly, instantSeen } from './moments.ts'
import { mixed, named } from './names.ts'
import type { Names, Page } from './page.ts'
import { quoted, visibleLines } from './visible.ts'

export const kindNames: Readonly<Record<Terms['kind'], string>> = {
  'access-override': 'temporary access override',
  'sod-exception': 'exception to a segregation-of-duties rule',
  'break-glass': 'break-glass envelope, sealed until it is opened',
}

export function termsLines(page: Page, terms: Terms, digest: string, names: Names): readonly string[] {
  return fields(page, [...termsFields(page, terms, names), ['Digest', digest]])
}

/** In the order in which a decider reads: who gets what, where, for how long, why, and what holds meanwhile. */
export function termsFields(page: Page, terms: Terms, names: Names): readonly Field[] {
  const { access, window, reference, conditions, openFor, exception } = terms
  return [
    ['Kind', kindNames[terms.kind]],
    ['Beneficiary', named(terms.beneficiary, names)],
    ['System', named(access.system, names)],
    ['Entitlement', word(access.entitlement)],
    ['Account', access.account === undefined ? 'the own account of whoever opens the envelope' : word(access.account)],
    ['Resources', access.resources.map(word)],
    ['Actions', access.actions.map(word)],
    ['Starts', instantSeen(window.start, page)],
    ['Ends', instantSeen(window.end, page)],
    [openFor === undefined ? 'Lasts' : 'Sealed for', exactly(Math.round(secondsBetween(window.start, window.end)))],
    ['Opens for', openFor === undefined ? [] : durationSpoken(openFor)],
    ...conditionFields(conditions, word),
    ['Reason', spokenText(visibleLines(terms.reason), page.width)],
    ['Reference', reference === undefined ? [] : `${reference.kind} ${word(reference.id)}`],
    ['Controls', terms.controls.length === 0 ? 'none' : terms.controls.map((control) => controlLine(control, names))],
    ['Duty rule', exception === undefined ? [] : word(exception.rule)],
    [
      'Other side',
      exception === undefined ? [] : `${word(exception.other.entitlement)} on ${named(exception.other.system, names)}`,
    ],
    ['Contents', `the entitlement as it was when asked for: ${word(terms.contains)}`],
  ]
}

export function controlLine({ control, owner, every }: Terms['controls'][number], names: Names): string {
  return `${word(control)}, owned by ${named(owner, names)}, evidence every ${durationSpoken(every)}`
}

/** An exact name: set apart, and marked when letters of two alphabets stand in it. */
export function word(text: string): string {
  return `${quoted(text)}${mixed(text)}`
}
