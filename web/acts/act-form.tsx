/** One act: closed it is a line, open it says what will happen, asks for what it needs, and does it once. */
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../src/client/index.ts'
import { Doing } from '../form/doing.tsx'
import { WordsField } from '../form/words-field.tsx'
import { useAct } from '../waiver/use-act.ts'
import style from './acts.module.css'

export function ActForm({
  waiver,
  title,
  label,
  says,
  children,
  ready = true,
  open = false,
  danger = false,
  send,
}: {
  readonly waiver: string
  readonly title: string
  /** What the words are for; absent: it takes none. */
  readonly label?: string
  readonly says: ReactNode
  /** What else it asks for. */
  readonly children?: ReactNode
  /** Whether that was answered. */
  readonly ready?: boolean
  readonly open?: boolean
  readonly danger?: boolean
  readonly send: (text: string, key: string) => Promise<Answer<unknown>>
}) {
  const [text, setText] = useState('')
  const act = useAct(
    waiver,
    (key) => send(text, key),
    () => setText(''),
  )
  return (
    <details className={style.act} open={open} data-danger={danger}>
      <summary>{title}</summary>
      <Doing
        act={act}
        name={title}
        tone={danger ? 'danger' : undefined}
        ready={ready && (label === undefined || text.trim() !== '')}
        wide
        className={style.form}
      >
        <p className="soft">{says}</p>
        {children}
        {label !== undefined && <WordsField label={label} value={text} change={setText} />}
      </Doing>
    </details>
  )
}
