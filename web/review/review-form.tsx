/** Closing the review of a whole waiver. What outlived the removal has to be accepted by name, or it stays open. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { WaiverDetail } from '../../src/client/index.ts'
import { meQuery } from '../app/queries.ts'
import { useKept } from '../decision/kept.ts'
import { OutcomeProblem } from '../decision/outcome-problem.tsx'
import { type Finding, useDecision } from '../decision/use-decision.ts'
import { Choice, Choices } from '../form/choices.tsx'
import { PasskeyNeeded } from '../passkeys/needed.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import { FindingFields } from './finding-fields.tsx'
import style from './review.module.css'

interface Typed {
  readonly finding: Finding
  readonly note: string
  readonly accepted: readonly string[]
}

const nothing: Typed = { finding: 'justified', note: '', accepted: [] }

export function ReviewForm({ detail: { waiver } }: { readonly detail: WaiverDetail }) {
  const { data: me } = useQuery(meQuery)
  const decider = useDecision(waiver.id)
  const [typed, setTyped, forget] = useKept<Typed>(`review ${waiver.id} ${me?.id ?? ''}`, nothing)
  const residue = waiver.removal.state === 'verified' ? waiver.removal.residue : []
  const { finding, note, accepted } = typed
  const close = async () => {
    const done = await decider.decide({ act: 'review', finding, note, residueAccepted: accepted })
    if (done === 'done') forget()
  }
  return (
    <Card
      title="Look back"
      tone="wait"
      says={
        waiver.review && (
          <>
            Due <Moment at={waiver.review.dueAt} />. You had no part in it.
          </>
        )
      }
    >
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault()
          void close()
        }}
      >
        <FindingFields
          finding={finding}
          note={note}
          setFinding={(next) => setTyped({ ...typed, finding: next })}
          setNote={(next) => setTyped({ ...typed, note: next })}
        />
        {residue.length > 0 && (
          <Choices legend="Left behind. Accept each by name, or have it removed first:">
            {residue.map((name) => (
              <Choice
                key={name}
                many
                chosen={accepted.includes(name)}
                change={(takes) =>
                  setTyped({ ...typed, accepted: takes ? [...accepted, name] : accepted.filter((one) => one !== name) })
                }
              >
                <code className={style.left}>
                  <Inert text={name} />
                </code>
              </Choice>
            ))}
          </Choices>
        )}
        <PasskeyNeeded asks={waiver.obligations.passkey} />
        <OutcomeProblem outcome={decider.outcome} />
        <Button type="submit" loading={decider.outcome.is === 'sending'} disabled={note.trim() === ''}>
          {decider.needsSignIn ? 'Sign in again to close the review' : 'Close the review'}
        </Button>
      </form>
    </Card>
  )
}
