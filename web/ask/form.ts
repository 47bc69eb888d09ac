/**
 * What somebody is asking for, as it is typed: a form that is never sent as it is. Terms are made of it once everything that
 * has to be said is there; until then it says what is missing.
 */
import type { AskedTerms } from '../../src/client/index.ts'
import type { Entitlement } from '../../src/core/policy.ts'

export type Kind = AskedTerms['kind']

export interface ChosenControl {
  readonly control: string
  /** Empty until somebody was chosen. */
  readonly owner: string
  readonly everySeconds: number
}

export interface Form {
  readonly kind: Kind
  readonly beneficiary: string
  readonly system: string
  readonly entitlement: string
  readonly account: string
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  /** Empty: from now. Otherwise an instant. */
  readonly start: string
  readonly seconds: number
  readonly reason: string
  readonly referenceKind: 'incident' | 'change' | 'ticket'
  readonly reference: string
  readonly controls: readonly ChosenControl[]
  /** 0: as often as needed. */
  readonly usesMax: number
  readonly exception: { readonly rule: string; readonly system: string; readonly entitlement: string } | null
  /** Sealed envelopes: how many days they stay valid. */
  readonly validDays: number
}

export function emptyForm(me: string): Form {
  return {
    kind: 'access-override',
    beneficiary: me,
    system: '',
    entitlement: '',
    account: '',
    resources: [],
    actions: [],
    start: '',
    seconds: 3_600,
    reason: '',
    referenceKind: 'incident',
    reference: '',
    controls: [],
    usesMax: 0,
    exception: null,
    validDays: 7,
  }
}

/** Another entitlement is another scope. What there is only one of is chosen already. */
export function withEntitlement(form: Form, system: string, { id, resources, actions, kinds }: Entitlement): Form {
  return {
    ...form,
    system,
    entitlement: id,
    account: '',
    resources: resources.length === 1 ? resources : [],
    actions: actions.length === 1 ? actions : [],
    kind: kinds.includes(form.kind) && form.kind !== 'sod-exception' ? form.kind : (kinds[0] ?? 'access-override'),
    exception: null,
  }
}

/** What has to be said and is not, in the order of the page. */
export function missing(form: Form): string[] {
  const envelope = form.kind === 'break-glass'
  const gaps: readonly (readonly [boolean, string])[] = [
    [form.entitlement === '', 'what you need'],
    [form.entitlement !== '' && form.resources.length === 0, 'on which resources'],
    [form.entitlement !== '' && form.actions.length === 0, 'which actions'],
    [
      envelope ? !form.beneficiary.startsWith('rota_') : form.beneficiary === '',
      envelope ? 'for which rota' : 'for whom',
    ],
    [form.entitlement !== '' && !envelope && form.account === '', 'on which account'],
    [form.reason.trim() === '', 'why you need it'],
    [form.controls.some(({ owner }) => owner === ''), 'who sees to each control'],
  ]
  return gaps.filter(([gap]) => gap).map(([, words]) => words)
}

/** @param now milliseconds; the window begins then, unless a start was chosen */
export function termsOf(form: Form, now: number): AskedTerms {
  const start = form.start === '' ? now : Math.max(now, Date.parse(form.start))
  const envelope = form.kind === 'break-glass'
  const seconds = envelope ? form.validDays * 86_400 : form.seconds
  return {
    kind: form.kind,
    beneficiary: form.beneficiary,
    access: {
      system: form.system,
      entitlement: form.entitlement,
      resources: [...form.resources],
      actions: [...form.actions],
      ...(envelope || form.account === '' ? {} : { account: form.account }),
    },
    window: { start: new Date(start).toISOString(), end: new Date(start + seconds * 1_000).toISOString() },
    reason: form.reason,
    ...(form.reference.trim() === '' ? {} : { reference: { kind: form.referenceKind, id: form.reference.trim() } }),
    controls: form.controls.map(({ control, owner, everySeconds }) => ({
      control,
      owner,
      every: `PT${everySeconds}S`,
    })),
    conditions: form.usesMax > 0 ? { usesMax: form.usesMax } : {},
    ...(form.exception === null
      ? {}
      : {
          exception: {
            rule: form.exception.rule,
            other: { system: form.exception.system, entitlement: form.exception.entitlement },
          },
        }),
    ...(envelope ? { openFor: `PT${form.seconds}S` } : {}),
  }
}

/** Enough to ask what would follow, before the form is complete: what is missing is filled with what can be said. */
export function termsForPreview(form: Form, entitlement: Entitlement, me: string, now: number): AskedTerms {
  const filled: Form = {
    ...form,
    resources: form.resources.length > 0 ? form.resources : entitlement.resources,
    actions: form.actions.length > 0 ? form.actions : entitlement.actions,
    reason: form.reason.trim() === '' ? '…' : form.reason,
    controls: form.controls.map((control) => ({ ...control, owner: control.owner === '' ? me : control.owner })),
  }
  return termsOf(filled, now)
}
