/** The log: its head, judged in this browser, and every record one may read, each with the way to its proof. */
import { useQuery } from '@tanstack/react-query'
import { keyLabel } from '../../src/log/index.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card, Fact, Facts } from '../waiver/card.tsx'
import { Alarm } from './alarm.tsx'
import { encodeRoot, type Head, type Unreadable } from './head.ts'
import style from './log.module.css'
import { headQuery } from './queries.ts'
import { Records } from './records.tsx'
import { worst } from './step.ts'
import { StepRow, Steps, standingOf } from './steps.tsx'

export function LogPage() {
  const { data: head, error, refetch } = useQuery(headQuery)
  return (
    <div className={style.page}>
      <Title
        name="Log"
        says="Every act is a leaf of a tree whose head is signed. This browser checks that, and believes nobody."
      >
        {head !== undefined && <HeadSign head={head} />}
      </Title>
      {head !== undefined && <Alarm head={head} />}
      {head === undefined ? (
        error === null ? (
          <div className={style.waitingHead} aria-busy="true" />
        ) : (
          <Problem error={error} again={() => void refetch()} />
        )
      ) : (
        <HeadCard head={head} />
      )}
      <Records size={head !== undefined && 'checkpoint' in head ? head.checkpoint.size : undefined} />
    </div>
  )
}

export function HeadSign({ head: { steps } }: { readonly head: Head | Unreadable }) {
  const outcome = worst(steps)
  const words = { proven: 'The head holds', disproven: 'The head does not hold', incomplete: 'Not enough witnesses' }
  return <Sign is={standingOf[outcome]}>{words[outcome]}</Sign>
}

function HeadCard({ head }: { readonly head: Head | Unreadable }) {
  return (
    <Card
      title="The head"
      says="What the log commits to at this moment: how many records, and one hash over all of them."
    >
      <div className={style.head}>
        {'checkpoint' in head && <HeadFacts head={head} />}
        <Steps>
          {head.steps.map((step) => (
            <StepRow key={step.title} step={step} />
          ))}
        </Steps>
      </div>
      <details className={style.raw}>
        <summary>The signed note, as it came</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{head.note}</pre>
      </details>
    </Card>
  )
}

function HeadFacts({ head: { checkpoint, key, witnesses, required, seen } }: { readonly head: Head }) {
  return (
    <Facts>
      <Fact name="records">
        <strong className="numbers">{checkpoint.size.toLocaleString('en-GB')}</strong>
      </Fact>
      <Fact name="root">
        <code className={style.hash}>{encodeRoot(checkpoint)}</code>
      </Fact>
      <Fact name="log">
        <Inert text={checkpoint.origin} />
      </Fact>
      <Fact name="signed by">
        <code>
          <Inert text={keyLabel(key)} />
        </code>
      </Fact>
      <Fact name="witnesses">
        {witnesses.length === 0 ? (
          <span className="soft">
            None. Whoever has the key could show others another history; a witness outside prevents that.
          </span>
        ) : (
          <ul className={style.witnesses}>
            {witnesses.map((witness) => (
              <li key={keyLabel(witness.key)}>
                <Sign is={witness.at === undefined ? 'wait' : 'good'}>
                  {witness.at === undefined ? 'not yet' : 'cosigned'}
                </Sign>{' '}
                <code>
                  <Inert text={keyLabel(witness.key)} />
                </code>{' '}
                {witness.at !== undefined && <Moment at={witness.at} />}
              </li>
            ))}
            <li className="soft">{required} of them are required.</li>
          </ul>
        )}
      </Fact>
      <Fact name="seen here before">
        {seen === undefined ? <span className="soft">Never in this browser.</span> : <Moment at={seen.at} />}
      </Fact>
    </Facts>
  )
}
