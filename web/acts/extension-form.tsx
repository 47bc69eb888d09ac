/** Asking for more time. It is a new decision, by somebody from outside who did not give the time before. */
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { WaiverDetail } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import { ActProblem } from '../waiver/act-problem.tsx'
import { useAct } from '../waiver/use-act.ts'
import style from './acts.module.css'

const steps = [1_800, 3_600, 7_200, 14_400] as const

export function ExtensionForm({ detail: { waiver } }: { readonly detail: WaiverDetail }) {
  const [seconds, setSeconds] = useState<number>(3_600)
  const [reason, setReason] = useState('')
  const { extension } = waiver.obligations
  const end = new Date(Date.parse(waiver.activation?.end ?? waiver.terms.window.end) + seconds * 1_000).toISOString()
  const act = useAct(
    waiver.id,
    (idempotencyKey) => api.requestExtension(waiver.id, { end, reason }, { idempotencyKey }),
    () => setReason(''),
  )
  return (
    <details className={style.act}>
      <summary>Ask for more time</summary>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault()
          act.run()
        }}
      >
        <p className="soft">
          Decided from nothing, by somebody{' '}
          {extension.distinctCountersigner ? 'who did not give the time before' : 'from outside'}. Extended{' '}
          {waiver.extensionsCount} of {extension.countMax} times; in total at most{' '}
          {lengthWords(extension.cumulativeSecondsMax)}.
        </p>
        <fieldset className={style.steps}>
          <legend>How much more</legend>
          {steps.map((step) => (
            <label key={step}>
              <input type="radio" checked={seconds === step} onChange={() => setSeconds(step)} />
              {lengthWords(step)}
            </label>
          ))}
        </fieldset>
        <p>
          It would end <Moment at={end} />.
        </p>
        <Textarea
          label="Why more time is needed"
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          autosize
          minRows={2}
          maxLength={4_000}
          required
        />
        <ActProblem problem={act.problem} />
        <Button type="submit" loading={act.running} disabled={reason.trim() === ''}>
          Ask for more time
        </Button>
      </form>
    </details>
  )
}
