/** Signing what is shown, or less of it. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { WaiverDetail } from '../../src/client/index.ts'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { nowMillis } from '../time/clock.ts'
import style from './decision-panel.module.css'
import type { Narrowable } from './decision-panel.tsx'
import { differenceWords, draftOf, endWithin, narrowingOf } from './narrowing.ts'
import type { Decider } from './use-decision.ts'

export function SignForm({
  detail,
  decider,
  narrowing,
}: {
  readonly detail: WaiverDetail
  readonly decider: Decider
  readonly narrowing: Narrowable
}) {
  const [seen, setSeen] = useState(false)
  const { waiver, standing } = detail
  const { proposal } = waiver
  if (proposal === undefined) return null
  const { terms, digest } = proposal
  const endorses = !standing.acts.some(({ act, may }) => act === 'countersign' && may)
  const { draft } = narrowing
  const narrow = draft === undefined ? undefined : narrowingOf(terms, draft)
  const denials = waiver.denialsBefore.map((denial) => denial.waiver)
  const sign = () =>
    endorses
      ? decider.decide({ act: 'endorse', digest })
      : decider.decide({ act: 'countersign', digest, narrow, acknowledges: seen ? denials : [] })
  const sending = decider.outcome.is === 'sending'
  return (
    <div className={style.form}>
      <p className={style.verdict} data-is="good">
        <Shape is="good" />
        {endorses
          ? 'You may sign off for the owner’s side. Somebody from outside decides after you.'
          : 'You stand outside those who ask and those who give.'}
      </p>
      {!endorses && (
        <Less
          terms={terms}
          narrowing={narrowing}
          {...(draft === undefined ? {} : { words: differenceWords(terms, draft, nowMillis()) })}
        />
      )}
      {denials.length > 0 && !endorses && (
        <label className={style.acknowledge}>
          <input type="checkbox" checked={seen} onChange={({ target }) => setSeen(target.checked)} />
          <span>I have seen that the same was denied before, and why.</span>
        </label>
      )}
      <Button
        size="md"
        onClick={() => void sign()}
        loading={sending}
        disabled={!endorses && denials.length > 0 && !seen}
      >
        {signWords(endorses, narrow !== undefined, decider.needsSignIn)}
      </Button>
      <p className={style.digest}>
        {narrow === undefined ? 'You sign exactly these terms: ' : 'Narrowed from these terms: '}
        <code>{digest}</code>
      </p>
    </div>
  )
}

function signWords(endorses: boolean, narrowed: boolean, needsSignIn: boolean): string {
  if (needsSignIn) return endorses ? 'Sign in again to endorse' : 'Sign in again to countersign'
  if (endorses) return 'Endorse'
  return narrowed ? 'Countersign the narrower terms' : 'Countersign exactly this'
}

/** Whole steps of what was asked: a tired person chooses, and does not type a date. */
const shares = [0.75, 0.5, 0.25] as const

function Less({
  terms,
  narrowing: { draft, change },
  words = [],
}: {
  readonly terms: Parameters<typeof draftOf>[0]
  readonly narrowing: Narrowable
  readonly words?: readonly string[]
}) {
  if (draft === undefined)
    return (
      <Button variant="default" size="md" onClick={() => change(draftOf(terms))}>
        Sign for less…
      </Button>
    )
  const [start, end] = [Math.max(Date.parse(terms.window.start), nowMillis()), Date.parse(terms.window.end)]
  const endAt = (share: number) => endWithin(terms, new Date(start + share * (end - start)).toISOString(), nowMillis())
  return (
    <div className={style.less}>
      <p>Leave out resources and actions in “What is asked”, or shorten the time:</p>
      <div className={style.shorter}>
        {shares.map((share) => (
          <Button
            key={share}
            size="compact-sm"
            variant="default"
            onClick={() => change({ ...draft, end: endAt(share) })}
          >
            {share * 100} %
          </Button>
        ))}
        <Button size="compact-sm" variant="default" onClick={() => change({ ...draft, end: terms.window.end })}>
          as asked
        </Button>
      </div>
      <label>
        or until{' '}
        <input
          type="datetime-local"
          value={localInput(draft.end)}
          max={localInput(terms.window.end)}
          onChange={({ target }) => {
            const wanted = new Date(target.value)
            if (!Number.isNaN(wanted.getTime()))
              change({ ...draft, end: endWithin(terms, wanted.toISOString(), nowMillis()) })
          }}
        />
      </label>
      {words.length === 0 ? (
        <p className="soft">Nothing left out yet.</p>
      ) : (
        <ul aria-label="What you leave out">
          {words.map((word) => (
            <li key={word}>
              <Inert text={word} />
            </li>
          ))}
        </ul>
      )}
      <Button size="compact-sm" variant="subtle" onClick={() => change(undefined)}>
        Back to what was asked
      </Button>
    </div>
  )
}

/** As the browser's own field for a date and a time writes it: local, to the minute. */
function localInput(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
