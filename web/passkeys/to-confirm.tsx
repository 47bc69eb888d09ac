/** Passkeys of others that wait for somebody independent to say: yes, this is theirs, I have asked them. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PasskeyView } from '../../src/client/index.ts'
import { meQuery, queries } from '../app/queries.ts'
import { Name, type Names } from '../people/name.tsx'
import { signInAddress } from '../sign-in/address.ts'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { ActProblem } from '../waiver/act-problem.tsx'
import { Card } from '../waiver/card.tsx'
import { useAct } from '../waiver/use-act.ts'
import { refusalWords } from '../words/refusal-words.ts'
import { Fingerprint } from './fingerprint.tsx'
import { isFresh } from './fresh.ts'
import { Remove } from './passkey-item.tsx'
import style from './passkeys.module.css'
import { passkeyQuery } from './queries.ts'
import { confirmSigned } from './signed.ts'

export function ToConfirm({ passkeys, names }: { readonly passkeys: readonly PasskeyView[]; readonly names: Names }) {
  return (
    <Card
      title="Wait to be confirmed"
      tone="wait"
      says="Talk to the person, by voice or face to face. If they read the same five groups to you, it is theirs."
    >
      <ul className={style.list}>
        {passkeys.map((passkey) => (
          <Waiting key={passkey.id} passkey={passkey} names={names} />
        ))}
      </ul>
    </Card>
  )
}

function Waiting({ passkey, names }: { readonly passkey: PasskeyView; readonly names: Names }) {
  const { data: detail } = useQuery(passkeyQuery(passkey.id))
  const { person, name, replaces, enrolledAt, confirmBy } = passkey
  return (
    <li className={style.passkey}>
      <div className={style.headline}>
        <h3>
          <Name id={person} names={names} exact />
        </h3>
        {replaces && <Sign is="wait">Had one before</Sign>}
      </div>
      <p>
        calls it <Inert text={name} />
      </p>
      <Fingerprint of={passkey} />
      <div className={style.facts}>
        <span>
          enrolled <Moment at={enrolledAt} />
        </span>
        <span>
          <Left until={confirmBy} over="too late" />
        </span>
      </div>
      {detail !== undefined &&
        (detail.mayConfirm ? (
          <Confirm passkey={passkey} owner={names[person] ?? person} />
        ) : (
          <p className="soft">
            You cannot confirm it:{' '}
            {refusalWords(detail.because ?? 'not-permitted').replace(/^./, (one) => one.toLowerCase())}.
          </p>
        ))}
      <Remove passkey={passkey} />
    </li>
  )
}

function Confirm({ passkey: { id, digest }, owner }: { readonly passkey: PasskeyView; readonly owner: string }) {
  const { data: me } = useQuery(meQuery)
  const [compared, setCompared] = useState(false)
  const act = useAct(
    id,
    (idempotencyKey) => confirmSigned(id, digest, { idempotencyKey }),
    () => void queries.invalidateQueries({ queryKey: ['passkeys'] }),
  )
  const needsSignIn = me !== undefined && !isFresh(me)
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (needsSignIn) location.assign(signInAddress({ fresh: true }))
        else act.run()
      }}
    >
      <label className={style.compared}>
        <input type="checkbox" checked={compared} onChange={({ target }) => setCompared(target.checked)} />
        <span>
          <Inert text={owner} /> read these five groups to me, and I know it was them.
        </span>
      </label>
      <ActProblem problem={act.problem} />
      <div className={style.buttons}>
        <Button type="submit" loading={act.running} disabled={!compared}>
          {needsSignIn ? 'Sign in again to confirm' : 'Confirm that it is theirs'}
        </Button>
      </div>
    </form>
  )
}
