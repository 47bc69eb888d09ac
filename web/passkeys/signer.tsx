/**
 * The button that signs. Pressed, it asks the device for a finger, a face or a PIN, and sends what the device answers, once.
 * In the sample a program signs instead, and the button says so.
 */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Answer, ChallengeView, PasskeySignature, SignedResult } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { meQuery, sessionQuery } from '../app/queries.ts'
import { Inert } from '../text/inert.tsx'
import { Left } from '../time/left.tsx'
import { type FromDevice, signOnDevice } from './device.ts'
import style from './passkeys.module.css'
import { ownPasskeysQuery } from './queries.ts'
import { signInSample } from './sample-authenticator.ts'

export function Signer({
  challenge,
  sendKey,
  done,
}: {
  readonly challenge: ChallengeView
  readonly sendKey: string
  readonly done: (answer: Answer<SignedResult>) => void
}) {
  const { data: session } = useQuery(sessionQuery)
  const { data: me } = useQuery(meQuery)
  const { data: own } = useQuery(ownPasskeysQuery)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string>()
  // A signature whose answer was lost is sent again as it is: it is one decision, however often it is sent.
  const made = useRef<PasskeySignature>(undefined)
  const inForce = own?.passkeys.filter(({ state }) => state === 'in-force') ?? []
  const isSample = session?.sample === true && (own === undefined || inForce.some(({ sample }) => sample))
  const hasOther = inForce.some(({ sample }) => !sample)
  const name = me === undefined ? '' : (me.names[me.id] ?? me.id)

  const run = async (sign: () => Promise<FromDevice<PasskeySignature>>) => {
    if (busy) return
    setBusy(true)
    setFailed(undefined)
    const answer = made.current === undefined ? await sign() : ({ is: 'made', value: made.current } as const)
    if (answer.is === 'failed') setFailed(answer.why)
    else {
      made.current = answer.value
      const told = await api.sign(challenge.id, answer.value, { idempotencyKey: sendKey })
      if (told.ok || told.problem.status !== 0) return done(told)
      setFailed(`${told.problem.detail}. Press again: it is one decision, however often it is sent.`)
    }
    setBusy(false)
  }
  const onDevice = () => void run(() => signOnDevice(challenge.publicKey))
  const inSample = () => void run(() => signInSample(me?.id ?? '', challenge.publicKey))

  return (
    <div className={style.signer}>
      {failed !== undefined && (
        <p className={style.failed} role="alert">
          {failed}
        </p>
      )}
      {isSample ? (
        <div className={style.sample}>
          <p>
            <strong>Sample.</strong> Here a program holds the passkey of everybody and signs for whoever you chose to
            be. Anywhere else your device would now ask for your finger, face or PIN.
          </p>
          <Button size="md" onClick={inSample} loading={busy}>
            <span>
              Sign as <Inert text={name} /> with a sample passkey
            </span>
          </Button>
          {hasOther && (
            <Button size="md" variant="default" onClick={onDevice} disabled={busy}>
              Sign with the passkey I enrolled
            </Button>
          )}
        </div>
      ) : (
        <Button size="md" onClick={onDevice} loading={busy}>
          Sign with your passkey
        </Button>
      )}
      <p className="soft fine">
        Good for this one decision.{' '}
        <Left until={challenge.expiresAt} over="The time to sign is over; close this and begin again." />
      </p>
    </div>
  )
}
