/**
 * Looking back on a finding: for whoever stands outside of it. Others read why not, before they have typed anything. It
 * takes nothing away and ends nothing; what is typed outlasts news and signing in again.
 */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { useKept } from '../decision/kept.ts'
import type { Finding } from '../decision/use-decision.ts'
import { Doing } from '../form/doing.tsx'
import { conflictWords } from '../picture/conflict-words.ts'
import { FindingFields } from '../review/finding-fields.tsx'
import { Problem } from '../shell/problem.tsx'
import { Inert } from '../text/inert.tsx'
import { useAct } from '../waiver/use-act.ts'
import { refusalWords } from '../words/refusal-words.ts'
import style from './oversight.module.css'
import { findingQuery } from './queries.ts'

interface Shown {
  readonly id: string
  /** Whether nothing else stands beside it that is alike. */
  readonly alone: boolean
  /** What it gives, where it is about something in particular. */
  readonly name?: string
}

export function LookBack({ id, alone, name }: Shown) {
  const [open, setOpen] = useState(false)
  return (
    <details className={style.look} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Look back on {alone || name === undefined ? 'it' : ''}
        {name !== undefined && (alone ? <span className="unseen">: {name}</span> : <Inert text={name} />)}
      </summary>
      {open && <Inside id={id} />}
    </details>
  )
}

function Inside({ id }: { readonly id: string }) {
  const { data: me } = useQuery(meQuery)
  const { data, error, refetch } = useQuery(findingQuery(id))
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined || me === undefined) return <div className={style.looking} aria-busy="true" />
  const { may, because, conflicts = [] } = data.standing
  if (may) return <LookBackForm id={id} me={me.id} />
  return (
    <div className={style.not}>
      <p>
        <strong>Not for you.</strong> {refusalWords(because ?? 'not-permitted')}.
      </p>
      {conflicts.length > 0 && (
        <ul>
          {conflicts.map(({ code, reads }) => (
            <li key={code}>
              {conflictWords(code)}. <Inert text={reads ?? ''} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface Typed {
  readonly finding: Finding
  readonly note: string
}

const nothing: Typed = { finding: 'justified', note: '' }

function LookBackForm({ id, me }: { readonly id: string; readonly me: string }) {
  const [typed, setTyped, forget] = useKept(`drift ${id} ${me}`, nothing)
  const act = useAct(
    id,
    (idempotencyKey) => api.reviewDrift(id, typed, { idempotencyKey }),
    () => {
      forget()
      void queries.invalidateQueries({ queryKey: ['drift'] })
    },
  )
  return (
    <Doing act={act} name="Put it on the record" ready={typed.note.trim() !== ''}>
      <p className="soft">
        You had no part in it. What you found stays on the record. It takes nothing away: this ends when the target no
        longer shows it.
      </p>
      <FindingFields
        finding={typed.finding}
        note={typed.note}
        setFinding={(finding) => setTyped({ ...typed, finding })}
        setNote={(note) => setTyped({ ...typed, note })}
      />
    </Doing>
  )
}
