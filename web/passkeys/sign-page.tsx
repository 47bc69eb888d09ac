/**
 * One decision, shown whole, that somebody began elsewhere (at the command line) and signs here. It shows exactly what the
 * signature is checked against, and tells afterwards what came of it. There is nothing to choose on it.
 */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Answer, ChallengeView, SignedResult } from '../../src/client/index.ts'
import { ProblemError } from '../app/api.ts'
import { meQuery, queries, sessionQuery } from '../app/queries.ts'
import { Outcome, Refused } from '../decision/outcome.tsx'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { signInAddress } from '../sign-in/address.ts'
import { Card } from '../waiver/card.tsx'
import { isFresh } from './fresh.ts'
import style from './passkeys.module.css'
import { challengeQuery } from './queries.ts'
import { Signer } from './signer.tsx'
import { ToSign } from './to-sign.tsx'
import { doneWords, signingWords } from './words.ts'

const route = getRouteApi('/sign/$challenge')

export function SignPage() {
  const { challenge: id } = route.useParams()
  const { data, error: now, refetch } = useQuery(challengeQuery(id))
  // Asked again it is unknown for a moment; the page does not blink for that.
  const last = useRef(now)
  if (now !== null) last.current = now
  const error = last.current
  if (data !== undefined) return <Page challenge={data} />
  if (error === null) return <div aria-busy="true" />
  const isNotMine = error instanceof ProblemError && error.problem.code === 'unknown-challenge'
  return isNotMine ? <NotYours /> : <Problem error={error} again={() => void refetch()} />
}

function NotYours() {
  const { data: me } = useQuery(meQuery)
  const { data: session } = useQuery(sessionQuery)
  return (
    <div className={style.page}>
      <Title name="Nothing of yours to sign here" />
      <Card title="Who began it signs it">
        <p>
          {me === undefined ? null : (
            <>
              In this browser you are <Name id={me.id} names={me.names} exact />.{' '}
            </>
          )}
          What was begun under this address was begun by somebody else, or was never there. If it was you, under another
          sign-in, sign in as that person.
        </p>
        <div>
          <Button component="a" href={signInAddress({ fresh: true })}>
            {session?.sample === true ? 'Be somebody else' : 'Sign in as somebody else'}
          </Button>
        </div>
      </Card>
    </div>
  )
}

function Page({ challenge }: { readonly challenge: ChallengeView }) {
  const [answer, setAnswer] = useState<Answer<SignedResult>>()
  const [key] = useState(() => crypto.randomUUID())
  const { data: me } = useQuery(meQuery)
  const done = (told: Answer<SignedResult>) => {
    setAnswer(told)
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'challenge' })
  }
  return (
    <div className={style.page}>
      <Title
        name={signingWords(challenge)}
        says="Begun at the command line. Read it here once more: this is what you sign."
      />
      <div className={style.narrow}>
        {answer === undefined && challenge.state === 'waiting' && (
          <Card title="What you sign">
            <ToSign challenge={challenge} />
            {me !== undefined &&
              (isFresh(me) ? (
                <Signer challenge={challenge} sendKey={key} done={done} />
              ) : (
                <Button size="md" component="a" href={signInAddress({ fresh: true })}>
                  Sign in again to sign
                </Button>
              ))}
          </Card>
        )}
        {answer === undefined && challenge.state !== 'waiting' && <Over challenge={challenge} />}
        {answer !== undefined && <Told challenge={challenge} answer={answer} />}
      </div>
    </div>
  )
}

function Told({ challenge, answer }: { readonly challenge: ChallengeView; readonly answer: Answer<SignedResult> }) {
  const { about, decision } = challenge.statement
  return (
    <>
      {answer.ok ? (
        <Outcome is="good" title={doneWords[decision] ?? 'Done.'}>
          <p>You can close this page: the command line knows.</p>
        </Outcome>
      ) : (
        <Refused problem={answer.problem} />
      )}
      {about.startsWith('wvr_') && (
        <p>
          <Link to="/waivers/$waiver" params={{ waiver: about }}>
            See how it stands now
          </Link>
        </p>
      )}
    </>
  )
}

function Over({ challenge: { state, outcome, statement } }: { readonly challenge: ChallengeView }) {
  if (state === 'over')
    return (
      <Outcome is="bad" title="The time to sign this is over">
        <p>Nothing was decided. Begin again at the command line.</p>
      </Outcome>
    )
  const accepted = outcome?.outcome === 'accepted'
  return (
    <Outcome
      is={accepted ? 'good' : 'bad'}
      title={accepted ? (doneWords[statement.decision] ?? 'Done.') : 'It was refused'}
    >
      <p>{accepted ? 'It was signed already; each is good once.' : (outcome?.message ?? 'It was used already.')}</p>
    </Outcome>
  )
}
