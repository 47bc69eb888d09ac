/** Asking for more time. It is a new decision, by somebody from outside who did not give the time before. */
import { useState } from 'react'
import type { WaiverDetail } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { Choice, Choices } from '../form/choices.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import { ActForm } from './act-form.tsx'

const steps = [1_800, 3_600, 7_200, 14_400] as const

export function ExtensionForm({ detail: { waiver } }: { readonly detail: WaiverDetail }) {
  const [seconds, setSeconds] = useState<number>(3_600)
  const { extension } = waiver.obligations
  const end = new Date(Date.parse(waiver.activation?.end ?? waiver.terms.window.end) + seconds * 1_000).toISOString()
  return (
    <ActForm
      waiver={waiver.id}
      title="Ask for more time"
      label="Why more time is needed"
      says={
        <>
          Decided from nothing, by somebody{' '}
          {extension.distinctCountersigner ? 'who did not give the time before' : 'from outside'}. Extended{' '}
          {waiver.extensionsCount} of {extension.countMax} times; in total at most{' '}
          {lengthWords(extension.cumulativeSecondsMax)}.
        </>
      }
      send={(reason, idempotencyKey) => api.requestExtension(waiver.id, { end, reason }, { idempotencyKey })}
    >
      <Choices legend="How much more">
        {steps.map((step) => (
          <Choice key={step} chosen={seconds === step} change={() => setSeconds(step)}>
            {lengthWords(step)}
          </Choice>
        ))}
      </Choices>
      <p>
        It would end <Moment at={end} />.
      </p>
    </ActForm>
  )
}
