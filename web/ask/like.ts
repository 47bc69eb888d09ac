/** The same as an earlier waiver: its scope, length and controls, and nothing of its occasion. */
import type { Me, WaiverView } from '../../src/client/index.ts'
import { durationSeconds } from '../time/duration.ts'
import { secondsBetween } from '../time/words.ts'
import { emptyForm, type Form } from './form.ts'

export function likeForm({ terms }: WaiverView, me: Me): Form {
  const { kind, access, beneficiary, window, controls, conditions, openFor } = terms
  const envelope = kind === 'break-glass'
  const length = secondsBetween(window.start, window.end)
  return {
    ...emptyForm(me.id),
    // An exception names a conflict of that day; whether there is one now is asked anew.
    kind: kind === 'sod-exception' ? 'access-override' : kind,
    beneficiary: envelope || me.asksFor.includes(beneficiary) ? beneficiary : me.id,
    system: access.system,
    entitlement: access.entitlement,
    account: me.asksFor.includes(beneficiary) ? (access.account ?? '') : '',
    resources: access.resources,
    actions: access.actions,
    seconds: openFor === undefined ? Math.round(length) : durationSeconds(openFor),
    controls: controls.map(({ control, owner, every }) => ({ control, owner, everySeconds: durationSeconds(every) })),
    usesMax: conditions.usesMax ?? 0,
    validDays: envelope ? Math.max(1, Math.round(length / 86_400)) : 7,
  }
}
