/** A question before deciding. It is no decision: the time to decide goes on. */
import { useState } from 'react'
import { api } from '../app/api.ts'
import { Doing } from '../form/doing.tsx'
import { WordsField } from '../form/words-field.tsx'
import { useAct } from '../waiver/use-act.ts'
import style from './decision-panel.module.css'

export function AskBack({ waiver }: { readonly waiver: string }) {
  const [text, setText] = useState('')
  const ask = useAct(
    waiver,
    (idempotencyKey) => api.askBack(waiver, { text }, { idempotencyKey }),
    () => setText(''),
  )
  return (
    <Doing act={ask} name="Ask" tone="quiet" ready={text.trim() !== ''} wide className={style.form}>
      <WordsField
        label="What do you want to know?"
        description="Whoever asked is told, and answers here. Question and answer stay on the record."
        value={text}
        change={setText}
        rows={3}
      />
    </Doing>
  )
}
