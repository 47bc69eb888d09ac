/** One passkey: what it is called, whether it signs, what it waits for, and how it goes. */
import { useState } from 'react'
import type { PasskeyView } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { queries } from '../app/queries.ts'
import { Doing } from '../form/doing.tsx'
import { WordsField } from '../form/words-field.tsx'
import { Name, type Names } from '../people/name.tsx'
import { Sign, type Standing } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { useAct } from '../waiver/use-act.ts'
import { Fingerprint } from './fingerprint.tsx'
import style from './passkeys.module.css'

const states: Readonly<Record<PasskeyView['state'], readonly [Standing, string]>> = {
  'in-force': ['good', 'Signs'],
  waiting: ['wait', 'Waits to be confirmed'],
  'not-yet-in-force': ['wait', 'Signs later'],
  'not-confirmed-in-time': ['over', 'Not confirmed in time'],
  removed: ['over', 'Removed'],
}

export function PasskeyItem({ passkey, names }: { readonly passkey: PasskeyView; readonly names: Names }) {
  const { name, state, enrolledAt, synced, sample } = passkey
  const [is, words] = states[state]
  const over = state === 'removed' || state === 'not-confirmed-in-time'
  return (
    <li className={style.passkey} data-over={over}>
      <div className={style.headline}>
        <h3>
          <Inert text={name} />
        </h3>
        {sample && <Sign is="wait">Sample</Sign>}
        <Sign is={is}>{words}</Sign>
      </div>
      <Fingerprint of={passkey} />
      <div className={style.facts}>
        <span>
          enrolled <Moment at={enrolledAt} />
        </span>
        <span>{synced ? 'copied to your other devices by a service' : 'on one device or key'}</span>
      </div>
      <HowItStands passkey={passkey} names={names} />
      {!over && <Remove passkey={passkey} />}
    </li>
  )
}

function HowItStands({
  passkey: { state, confirmBy, confirmations, effectiveAt, removed },
  names,
}: {
  readonly passkey: PasskeyView
  readonly names: Names
}) {
  const who = confirmations.map(({ by }) => by)
  return (
    <div className={style.facts}>
      {who.length > 0 && (
        <span>
          confirmed by{' '}
          {who.map((id, place) => (
            <span key={id}>
              {place > 0 && ', '}
              <Name id={id} names={names} />
            </span>
          ))}
        </span>
      )}
      {state === 'waiting' && (
        <span>
          to be confirmed by <Moment at={confirmBy} />
        </span>
      )}
      {state === 'not-yet-in-force' && effectiveAt !== undefined && (
        <span>
          signs from <Moment at={effectiveAt} /> on; until then everybody can object
        </span>
      )}
      {removed !== undefined && (
        <span>
          removed by <Name id={removed.by} names={names} /> <Moment at={removed.at} />: <Inert text={removed.reason} />
        </span>
      )}
    </div>
  )
}

export function Remove({ passkey: { id, name, state } }: { readonly passkey: PasskeyView }) {
  const [reason, setReason] = useState('')
  const act = useAct(
    id,
    (idempotencyKey) => api.removePasskey(id, { reason }, { idempotencyKey }),
    () => void queries.invalidateQueries({ queryKey: ['passkeys'] }),
  )
  return (
    <details className={style.remove}>
      <summary>
        Remove<span className="unseen"> {name}</span>
      </summary>
      <Doing act={act} name="Remove it now" tone="danger" ready={reason.trim() !== ''}>
        <p className="soft">
          It signs nothing from this moment on, and cannot be taken back.
          {state === 'in-force' ? ' What it signed before stays signed.' : ''} A new one has to be confirmed again.
        </p>
        <WordsField label="Why" placeholder="Lost with the phone" value={reason} change={setReason} rows={1} />
      </Doing>
    </details>
  )
}
