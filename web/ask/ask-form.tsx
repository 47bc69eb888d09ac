/** The form itself, in the order in which one thinks: for whom, what, on what, how long, why, and what holds meanwhile. */
import { Button, TextInput } from '@mantine/core'
import { useEffect } from 'react'
import type { Me, Preview } from '../../src/client/index.ts'
import type { Entitlement } from '../../src/core/policy.ts'
import { api } from '../app/api.ts'
import type { Rules } from '../catalogue/catalogue.ts'
import { Choice, Choices } from '../form/choices.tsx'
import { WordsField } from '../form/words-field.tsx'
import { nowMillis } from '../time/clock.ts'
import { ActProblem } from '../waiver/act-problem.tsx'
import { useAct } from '../waiver/use-act.ts'
import style from './ask.module.css'
import { ChooseAccess } from './choose-access.tsx'
import { ControlsField, withRequired } from './controls-field.tsx'
import { ExceptionField } from './exception-field.tsx'
import { type Form, missing, termsOf, withEntitlement } from './form.ts'
import { NamesField } from './names-field.tsx'
import { TimeField } from './time-field.tsx'
import { WhomField } from './whom-field.tsx'

export interface AskFormProps {
  readonly me: Me
  readonly rules: Rules
  readonly form: Form
  readonly entitlement: Entitlement | undefined
  readonly preview: Preview | undefined
  readonly change: (form: Form) => void
  readonly asked: (waiver: string) => void
}

export function AskForm({ me, rules, form, entitlement, preview, change, asked }: AskFormProps) {
  const put = (part: Partial<Form>) => change({ ...form, ...part })
  const accounts = preview?.accounts ?? []
  const required = preview?.obligations.controlsRequired ?? []
  useFilledIn(form, rules, accounts, required, change)
  const ask = useAct('', async (idempotencyKey) => {
    const answer = await api.ask({ terms: termsOf(form, nowMillis()) }, { idempotencyKey })
    if (answer.ok) asked(answer.value.waiver.id)
    return answer
  })
  const gaps = missing(form)
  return (
    <form
      className={style.parts}
      onSubmit={(event) => {
        event.preventDefault()
        if (gaps.length === 0) ask.run()
      }}
    >
      <ChooseAccess
        rules={rules}
        system={form.system}
        entitlement={form.entitlement}
        choose={(system, one) => change({ ...withEntitlement(form, system, one), controls: [] })}
      />
      {entitlement !== undefined && (
        <>
          <WhomField me={me} form={form} entitlement={entitlement} accounts={accounts} put={put} />
          <fieldset className={style.part}>
            <legend>On what?</legend>
            <NamesField
              title="Resources"
              all={entitlement.resources}
              chosen={form.resources}
              change={(resources) => put({ resources })}
            />
            <NamesField
              title="Actions"
              all={entitlement.actions}
              chosen={form.actions}
              change={(actions) => put({ actions })}
            />
          </fieldset>
          <TimeField form={form} secondsMax={preview?.obligations.windowSecondsMax} put={put} />
          <fieldset className={style.part}>
            <legend>Why?</legend>
            <WordsField
              label="Why you need it"
              description="Whoever decides reads it, in these words. It stays on the record."
              value={form.reason}
              change={(reason) => put({ reason })}
              rows={3}
            />
            <div className={style.row}>
              <Choices legend="It belongs to" quiet>
                {(['incident', 'change', 'ticket'] as const).map((kind) => (
                  <Choice
                    key={kind}
                    group="reference"
                    chosen={form.referenceKind === kind}
                    change={() => put({ referenceKind: kind })}
                  >
                    {kind}
                  </Choice>
                ))}
              </Choices>
              <TextInput
                label="Its number, if there is one"
                description="When it is closed, the access ends."
                value={form.reference}
                onChange={({ currentTarget }) => put({ reference: currentTarget.value })}
                maxLength={300}
                autoComplete="off"
              />
            </div>
          </fieldset>
          {preview !== undefined && (
            <ExceptionField form={form} rules={rules} entitlement={entitlement} breaks={preview.breaks} put={put} />
          )}
          <ControlsField
            rules={rules}
            required={required}
            chosen={form.controls}
            names={{ ...me.names, ...preview?.names }}
            change={(controls) => put({ controls })}
          />
        </>
      )}
      <ActProblem problem={ask.problem} />
      <div className={style.send}>
        <Button type="submit" size="md" loading={ask.running} disabled={gaps.length > 0} aria-describedby="ask-missing">
          {form.kind === 'break-glass' ? 'Ask for the envelope' : 'Ask'}
        </Button>
        <p id="ask-missing" className="soft" aria-live="polite">
          {gaps.length === 0
            ? 'Nothing is given before somebody from outside has countersigned it.'
            : `Still to say: ${gaps.join(', ')}.`}
        </p>
      </div>
    </form>
  )
}

/** What there is no choice about is filled in: the only account, and the controls that the tier asks for. */
function useFilledIn(
  form: Form,
  rules: Rules,
  accounts: readonly string[],
  required: readonly string[],
  change: (form: Form) => void,
): void {
  const [only] = accounts
  const account = accounts.includes(form.account) || accounts.length !== 1 ? form.account : (only ?? '')
  const controls = withRequired(form.controls, required, rules)
  useEffect(() => {
    if (account !== form.account || controls !== form.controls) change({ ...form, account, controls })
  })
}
