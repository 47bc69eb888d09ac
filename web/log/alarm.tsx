/** When the log does not hold. Nothing on any page is louder, because nothing else here would be worth anything then. */
import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { queries } from '../app/queries.ts'
import { sentence } from '../shell/problem.tsx'
import { Shape } from '../signs/sign.tsx'
import { Said } from '../text/said.tsx'
import { Moment } from '../time/moment.tsx'
import type { Head, Unreadable } from './head.ts'
import style from './log.module.css'
import { forgetSeen } from './seen.ts'

export function Alarm({ head: { note, steps, seen } }: { readonly head: Head | Unreadable }) {
  const wrong = steps.filter(({ outcome }) => outcome === 'disproven')
  if (wrong.length === 0) return null
  return (
    <section className={style.alarm} role="alert" aria-labelledby="alarm">
      <h2 id="alarm">
        <Shape is="bad" /> Do not trust this log
      </h2>
      <ul>
        {wrong.map(({ title, detail }) => (
          <li key={title}>
            <strong>Not so: {title.charAt(0).toLowerCase() + title.slice(1)}.</strong> <Said text={sentence(detail)} />
          </li>
        ))}
      </ul>
      <p>
        Tell the security pool, and do not tell them here. Keep both heads: each is signed, so together they prove what
        happened, whoever runs this server.
      </p>
      {seen !== undefined && (
        <Kept
          name={
            <>
              What this browser saw, <Moment at={seen.at} />
            </>
          }
          note={seen.note}
        />
      )}
      <Kept name="What the server shows now" note={note} />
      {seen !== undefined && <BeginAgain />}
    </section>
  )
}

function Kept({ name, note }: { readonly name: ReactNode; readonly note: string }) {
  return (
    <figure className={style.kept}>
      <figcaption>{name}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{note}</pre>
    </figure>
  )
}

/** A log that was begun again on purpose, and said so, is the one good reason. */
function BeginAgain() {
  const [open, setOpen] = useState(false)
  if (!open)
    return (
      <Button variant="outline" color="red" onClick={() => setOpen(true)}>
        Compare with this one from now on…
      </Button>
    )
  return (
    <div className={style.again}>
      <p>
        This browser forgets the head it saw before, and with it the only thing that shows that something was changed.
        Copy both heads first. There is one good reason: operators told you, on another way, that the log was begun
        again.
      </p>
      <Button
        color="red"
        variant="outline"
        onClick={() => {
          forgetSeen()
          void queries.invalidateQueries({ queryKey: ['log-head'] })
        }}
      >
        Forget what was seen before
      </Button>
    </div>
  )
}
