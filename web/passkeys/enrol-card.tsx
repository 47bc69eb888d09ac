/** Making a new passkey: a name for it, then the device asks for a finger, a face or a PIN. It signs nothing yet. */
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ClientProblem, PasskeyView } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { useKept } from '../decision/kept.ts'
import { Outcome } from '../decision/outcome.tsx'
import { signInAddress } from '../sign-in/address.ts'
import { ActProblem } from '../waiver/act-problem.tsx'
import { Card } from '../waiver/card.tsx'
import { makePasskey } from './device.ts'
import { Fingerprint } from './fingerprint.tsx'
import { isFresh } from './fresh.ts'
import style from './passkeys.module.css'

export function EnrolCard({ hasOne }: { readonly hasOne: boolean }) {
  const { data: me } = useQuery(meQuery)
  const [name, setName, forget] = useKept(`passkey name ${me?.id ?? ''}`, '')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string>()
  const [problem, setProblem] = useState<ClientProblem>()
  const [made, setMade] = useState<PasskeyView>()
  const needsSignIn = me !== undefined && !isFresh(me)

  const enrol = async () => {
    const begun = await api.beginEnrolment()
    if (!begun.ok) return setProblem(begun.problem)
    const device = await makePasskey(begun.value.publicKey)
    if (device.is === 'failed') return setFailed(device.why)
    const answer = await api.enrolPasskey({ challenge: begun.value.challenge, name, ...device.value })
    if (!answer.ok) return setProblem(answer.problem)
    setMade(answer.value.passkey)
    forget()
    await queries.invalidateQueries({ queryKey: ['passkeys'] })
  }
  const submit = async () => {
    if (needsSignIn) return location.assign(signInAddress({ fresh: true }))
    setBusy(true)
    setFailed(undefined)
    setProblem(undefined)
    setMade(undefined)
    await enrol().finally(() => setBusy(false))
  }
  return (
    <Card
      title={hasOne ? 'Enrol another' : 'Enrol a passkey'}
      says={
        hasOne
          ? 'A second one, on another device or key, is what helps when the first is lost.'
          : 'On this device, on your phone, or on a security key that you plug in.'
      }
    >
      {made !== undefined && (
        <Outcome is="good" title="Enrolled. It signs nothing yet.">
          <p>Read these five groups to whoever confirms it, by voice or in person, and not in a message:</p>
          <Fingerprint of={made} />
        </Outcome>
      )}
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextInput
          label="What you call it"
          placeholder="Blue key, work laptop"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          maxLength={80}
          required
          autoComplete="off"
        />
        {failed !== undefined && (
          <p className={style.failed} role="alert">
            {failed}
          </p>
        )}
        <ActProblem problem={problem} />
        <div className={style.buttons}>
          <Button type="submit" loading={busy} disabled={name.trim() === ''}>
            {needsSignIn ? 'Sign in again to enrol' : 'Enrol it'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
