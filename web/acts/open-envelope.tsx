/** Opening an envelope: what follows is said in full first, and whoever has several accounts on the target names one. */
import { useState } from 'react'
import type { WaiverDetail } from '../../src/client/index.ts'
import { AccountField } from '../form/account-field.tsx'
import { PasskeyNeeded } from '../passkeys/needed.tsx'
import { openSigned } from '../passkeys/signed.ts'
import { durationSeconds } from '../time/duration.ts'
import { lengthWords } from '../time/words.ts'
import { ActForm } from './act-form.tsx'

export function OpenEnvelope({ detail: { waiver, standing } }: { readonly detail: WaiverDetail }) {
  const [chosen, setChosen] = useState('')
  const { id, terms, obligations } = waiver
  const { activityEverySeconds, reviewWithinSeconds } = obligations
  const { accounts = [] } = standing
  // Of a single one nothing is asked: the server takes it, and says why when it is gone by then.
  const asks = accounts.length > 1
  const account = asks && accounts.includes(chosen) ? chosen : undefined
  if (accounts.length === 0)
    return (
      <p className="soft fine">
        You are on the rota, and you have no account there that is yours beyond doubt. Whoever keeps the directory has
        to confirm one first.
      </p>
    )
  return (
    <ActForm
      waiver={id}
      title="Open the envelope"
      danger
      says={
        <>
          You are given this access on the target at once, in your own name, for{' '}
          {terms.openFor === undefined ? 'its window' : lengthWords(durationSeconds(terms.openFor))}; it is never
          extended. The envelope opens once. Whoever countersigned it, the pool and the owners of the system are told
          now. What is done on the target is read
          {activityEverySeconds !== undefined && ` every ${lengthWords(activityEverySeconds)}`}, and somebody else looks
          back at all of it within {lengthWords(reviewWithinSeconds)}.
          <PasskeyNeeded asks={obligations.passkey} />
        </>
      }
      ready={!asks || account !== undefined}
      send={(_text, idempotencyKey) => openSigned(waiver, { idempotencyKey }, account === undefined ? {} : { account })}
    >
      {asks && <AccountField accounts={accounts} account={chosen} change={setChosen} />}
    </ActForm>
  )
}
