/** A question before deciding. It is no decision: the time to decide goes on. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { WordsField } from '../form/words-field.tsx'
import { ActProblem } from '../waiver/act-problem.tsx'
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
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault()
        ask.run()
      }}
    >
      <WordsField
        label="What do you want to know?"
        description="Whoever asked is told, and answers here. Question and answer stay on the record."
        value={text}
        change={setText}
        rows={3}
      />
      <ActProblem problem={ask.problem} />
      <Button type="submit" variant="default" loading={ask.running} disabled={text.trim() === ''}>
        Ask
      </Button>
    </form>
  )
}
