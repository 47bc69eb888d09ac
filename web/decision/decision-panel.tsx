/**
 * Where a decision is made. It says first whether this person may, and why not; then offers exactly what they may: sign
 * what is shown, sign less, deny, ask back. There is no way past it and no shortcut that decides by itself.
 */
import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import type { WaiverDetail } from '../../src/client/index.ts'
import { PasskeyNeeded } from '../passkeys/needed.tsx'
import { useKeys } from '../shell/keys.ts'
import { Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { AskBack } from './ask-back.tsx'
import style from './decision-panel.module.css'
import { DenyForm } from './deny-form.tsx'
import type { Draft } from './narrowing.ts'
import { isAskingSide, NotYours } from './not-yours.tsx'
import { OutcomeNote } from './outcome-note.tsx'
import { SignForm } from './sign-form.tsx'
import type { Decider } from './use-decision.ts'

export interface Narrowable {
  readonly draft: Draft | undefined
  readonly change: (draft: Draft | undefined) => void
}

type Mode = 'sign' | 'deny' | 'ask-back'

export function DecisionPanel({
  detail,
  decider,
  narrowing,
}: {
  readonly detail: WaiverDetail
  readonly decider: Decider
  readonly narrowing: Narrowable
}) {
  const [mode, setMode] = useState<Mode>('sign')
  const first = useRef<HTMLDivElement>(null)
  const may = (act: string) => detail.standing.acts.some((one) => one.act === act && one.may)
  const decides = may('countersign') || may('endorse')
  const { proposal } = detail.waiver
  const open = (next: Mode) => {
    setMode(next)
    first.current?.scrollIntoView({ block: 'nearest' })
  }
  useKeys(decides ? { d: () => open('deny'), a: () => open('ask-back'), s: () => open('sign') } : {})
  if (proposal === undefined) return <OutcomeNote decider={decider} detail={detail} />
  return (
    <section className={style.panel} aria-label="Your decision" ref={first} data-may={decides}>
      <header className={style.head}>
        <h2>{isAskingSide(detail) ? 'The decision' : 'Your decision'}</h2>
        <p className={style.left}>
          <Left until={proposal.decideBy} over="Too late to decide" />
          <span className="soft fine">
            until <Moment at={proposal.decideBy} />
          </span>
        </p>
      </header>
      <OutcomeNote decider={decider} detail={detail} />
      <Matter detail={detail} />
      {decides ? (
        <>
          <PasskeyNeeded asks={detail.waiver.obligations.passkey} />
          <div className={style.modes}>
            <Button
              variant={mode === 'sign' ? 'light' : 'subtle'}
              aria-pressed={mode === 'sign'}
              onClick={() => open('sign')}
            >
              Sign
            </Button>
            {may('deny') && (
              <Button
                variant={mode === 'deny' ? 'light' : 'subtle'}
                aria-pressed={mode === 'deny'}
                onClick={() => open('deny')}
              >
                Deny
              </Button>
            )}
            {may('ask-back') && (
              <Button
                variant={mode === 'ask-back' ? 'light' : 'subtle'}
                aria-pressed={mode === 'ask-back'}
                onClick={() => open('ask-back')}
              >
                Ask back
              </Button>
            )}
          </div>
          {mode === 'sign' && <SignForm detail={detail} decider={decider} narrowing={narrowing} />}
          {mode === 'deny' && <DenyForm detail={detail} decider={decider} />}
          {mode === 'ask-back' && <AskBack waiver={detail.waiver.id} />}
        </>
      ) : (
        <NotYours detail={detail} />
      )}
    </section>
  )
}

/** What is decided, where it is not the waiver itself: the access may be there already. */
function Matter({ detail: { waiver } }: { readonly detail: WaiverDetail }) {
  const { proposal, activation, terms } = waiver
  if (proposal === undefined || proposal.of === 'waiver') return null
  if (proposal.of === 'resumption')
    return (
      <p>
        <strong>That it goes on.</strong> The access was suspended and removed. With a yes it is given again, until{' '}
        <Moment at={activation?.end ?? terms.window.end} />; the end does not move.
      </p>
    )
  return (
    <p>
      <strong>More time.</strong> With a yes it ends <Moment at={proposal.terms.window.end} /> instead of{' '}
      <Moment at={activation?.end ?? terms.window.end} />; without one it ends as it would have.
    </p>
  )
}
