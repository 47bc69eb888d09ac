/** For whom, and on which of their accounts: oneself, what one owns, whom one answers for; an envelope is for a rota. */
import { useState } from 'react'
import type { Me } from '../../src/client/index.ts'
import type { Entitlement } from '../../src/core/policy.ts'
import { AccountField } from '../form/account-field.tsx'
import { Choice } from '../form/choices.tsx'
import { PersonField } from '../people/person-field.tsx'
import { Inert } from '../text/inert.tsx'
import style from './ask.module.css'
import type { Form, Kind } from './form.ts'

const kinds: Readonly<Record<Kind, string>> = {
  'access-override': 'Access for a time',
  'sod-exception': 'An exception to separated duties',
  'break-glass': 'A sealed envelope for a rota',
}

export function WhomField({
  me,
  form,
  entitlement,
  accounts,
  put,
}: {
  readonly me: Me
  readonly form: Form
  readonly entitlement: Entitlement
  readonly accounts: readonly string[]
  readonly put: (part: Partial<Form>) => void
}) {
  const [rota, setRota] = useState('')
  const envelope = form.kind === 'break-glass'
  // An exception is offered where there is a conflict, below.
  const offered = entitlement.kinds.filter((kind) => kind !== 'sod-exception')
  const choose = (kind: Kind) =>
    put({ kind, beneficiary: kind === 'break-glass' ? '' : me.id, account: '', exception: null })
  return (
    <fieldset className={style.part}>
      <legend>For whom?</legend>
      {offered.length > 1 && (
        <div className={style.row}>
          {offered.map((kind) => (
            <Choice key={kind} group="kind" chosen={form.kind === kind} change={() => choose(kind)}>
              {kinds[kind]}
            </Choice>
          ))}
        </div>
      )}
      {envelope ? (
        <>
          <p className="soft">
            A sealed envelope is countersigned in advance, by somebody who can never open it. Whoever is on the rota
            opens it in an emergency, once.
          </p>
          <PersonField
            label="Rota"
            kind="rota"
            value={form.beneficiary}
            name={rota === '' ? form.beneficiary : rota}
            change={(beneficiary, name) => {
              setRota(name)
              put({ beneficiary })
            }}
          />
        </>
      ) : (
        <>
          <div className={style.people}>
            {me.asksFor.map((id) => (
              <Choice
                key={id}
                group="beneficiary"
                chosen={form.beneficiary === id}
                change={() => put({ beneficiary: id, account: '' })}
              >
                {id === me.id ? 'For me' : <Inert text={me.names[id] ?? id} />}
                {id.startsWith('wl_') && <span className="soft">workload</span>}
              </Choice>
            ))}
          </div>
          <Accounts form={form} accounts={accounts} put={put} />
        </>
      )}
    </fieldset>
  )
}

function Accounts({
  form,
  accounts,
  put,
}: {
  readonly form: Form
  readonly accounts: readonly string[]
  readonly put: (part: Partial<Form>) => void
}) {
  if (accounts.length === 0)
    return (
      <p className="soft">
        No account there is theirs beyond doubt. Whoever keeps the directory has to confirm one first.
      </p>
    )
  return <AccountField accounts={accounts} account={form.account} change={(account) => put({ account })} />
}
