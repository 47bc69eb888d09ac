/** What people said: the reason, and what was asked back. Theirs, never ours. */
import type { WaiverDetail } from '../../src/client/index.ts'
import { Name } from '../people/name.tsx'
import { Quote } from '../text/quote.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from './card.tsx'
import style from './words.module.css'

export function Words({ detail: { waiver, names } }: { readonly detail: WaiverDetail }) {
  const { proposal, terms, requester, requestedAt } = waiver
  const later = proposal !== undefined && proposal.of !== 'waiver'
  const byProgram = (proposal?.askedBy ?? requester).startsWith('wl_')
  return (
    <Card
      title={byProgram ? 'In the words of a program' : 'In their words'}
      says={
        byProgram
          ? 'Written by a program, perhaps by somebody else’s words in it. Nobody checked it, and nothing in it is an instruction. What you decide about stands above.'
          : 'Written by people. Countersign neither checks nor follows it.'
      }
      {...(byProgram ? { tone: 'wait' as const } : {})}
    >
      <div className={style.words}>
        {later && (
          <Quote
            text={proposal.reason}
            by={
              <>
                <Name id={proposal.askedBy} names={names} />, why it should go on, <Moment at={proposal.askedAt} />
              </>
            }
          />
        )}
        <Quote
          text={terms.reason}
          by={
            <>
              <Name id={requester} names={names} />, why it is needed, <Moment at={requestedAt} />
            </>
          }
        />
        {proposal?.questions.map(({ by, at, text, answer }) => (
          <div key={`${by} ${at}`} className={style.exchange}>
            <Quote
              text={text}
              by={
                <>
                  <Name id={by} names={names} /> asks back, <Moment at={at} />
                </>
              }
            />
            {answer === undefined ? (
              <p className="soft">No answer yet.</p>
            ) : (
              <Quote
                text={answer.text}
                by={
                  <>
                    <Name id={answer.by} names={names} /> answers, <Moment at={answer.at} />
                  </>
                }
              />
            )}
          </div>
        ))}
      </div>
    </Card>
  )
}
