/** A passkey in a terminal: whose, what it is called, whether it signs, and the part that two people compare by voice. */
import type { PasskeyView } from '../../client/index.ts'
import { fields } from './fields.ts'
import { instantSeen } from './moments.ts'
import { named } from './names.ts'
import type { Page } from './page.ts'
import { quoted, visible } from './visible.ts'

const states: Readonly<Record<PasskeyView['state'], string>> = {
  'in-force': 'signs',
  waiting: 'waits to be confirmed by somebody independent',
  'not-yet-in-force': 'confirmed; signs later',
  'not-confirmed-in-time': 'was not confirmed in time, and never signs',
  removed: 'removed',
}

export function passkeyLines(
  page: Page,
  passkey: PasskeyView,
  names: Readonly<Record<string, string>>,
): readonly string[] {
  const { id, person, name, state, fingerprint, confirmations, effectiveAt, confirmBy, enrolledAt, removed, sample } =
    passkey
  return fields(page, [
    ['Passkey', `${id}  ${quoted(name)}${sample ? '  (sample)' : ''}`],
    ['Of', named(person, names)],
    ['State', states[state]],
    ['Fingerprint', fingerprint],
    ['Enrolled', instantSeen(enrolledAt, page)],
    ['Confirm by', state === 'waiting' ? instantSeen(confirmBy, page) : []],
    ['Confirmed', confirmations.map(({ by, at }) => `by ${named(by, names)}, ${instantSeen(at, page)}`)],
    ['Signs from', state === 'not-yet-in-force' && effectiveAt !== undefined ? instantSeen(effectiveAt, page) : []],
    [
      'Removed',
      removed === undefined
        ? []
        : `by ${named(removed.by, names)}, ${instantSeen(removed.at, page)}: ${visible(removed.reason)}`,
    ],
  ])
}

/** The digits alone, however somebody groups them. */
export function fingerprintOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^0-9a-f]/g, '')
}
