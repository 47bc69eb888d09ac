/** Where the access would break a rule about duties: asking for an exception to exactly that rule, with what makes up for it. */
import type { Preview } from '../../src/client/index.ts'
import type { Entitlement } from '../../src/core/policy.ts'
import { entry, type Rules } from '../catalogue/catalogue.ts'
import { Choice } from '../form/choices.tsx'
import { Inert } from '../text/inert.tsx'
import style from './ask.module.css'
import type { Form } from './form.ts'

export function ExceptionField({
  form,
  rules,
  entitlement,
  breaks,
  put,
}: {
  readonly form: Form
  readonly rules: Rules
  readonly entitlement: Entitlement
  readonly breaks: Preview['breaks']
  readonly put: (part: Partial<Form>) => void
}) {
  const possible = breaks.filter(({ controls, others }) => controls.length > 0 && others.length > 0)
  if (possible.length === 0 || !entitlement.kinds.includes('sod-exception')) return null
  const toggle = (rule: Preview['breaks'][number], wanted: boolean) => {
    const [other] = rule.others
    const [control] = rule.controls
    if (!wanted || other === undefined || control === undefined)
      return put({ kind: 'access-override', exception: null })
    const has = form.controls.some((one) => rule.controls.includes(one.control))
    const everySeconds = entry(rules.controls, control)?.everySecondsMax ?? 3_600
    put({
      kind: 'sod-exception',
      exception: { rule: rule.rule, ...other },
      controls: has ? form.controls : [...form.controls, { control, owner: '', everySeconds }],
    })
  }
  return (
    <fieldset className={style.part}>
      <legend>It would break a rule</legend>
      {possible.map((rule) => (
        <Choice
          key={rule.rule}
          many
          chosen={form.exception?.rule === rule.rule}
          change={(chosen) => toggle(rule, chosen)}
        >
          <span>
            Ask for an exception to: <Inert text={rule.name} />
          </span>
        </Choice>
      ))}
      <p className="soft">At its end, this side of the conflict is removed and the removal is read back.</p>
    </fieldset>
  )
}
