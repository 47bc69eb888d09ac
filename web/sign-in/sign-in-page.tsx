/** The way in. */
import { Button } from '@mantine/core'
import type { SessionView } from '../../src/client/index.ts'
import { Mark } from '../shell/mark.tsx'
import { signInAddress } from './address.ts'
import { outcomeOf } from './outcome.ts'
import style from './sign-in-page.module.css'

export function SignInPage({ session: { issuers, sample } }: { readonly session: SessionView }) {
  const outcome = outcomeOf(new URLSearchParams(location.search).get('sign-in'))
  // Whoever just left does not want to be let in again as the same person.
  const fresh = outcome?.word === 'signed-out' || sample
  return (
    <main className={style.page}>
      <div className={style.card}>
        <Mark />
        <h1>Who may approve this exception, and was it really somebody outside?</h1>
        <div role="status" className={style.outcome} data-shown={outcome !== undefined}>
          {outcome?.text}
        </div>
        <div className={style.ways}>
          {issuers.map((issuer) => (
            <Button key={issuer} component="a" size="md" href={signInAddress({ issuer, fresh })}>
              {sample ? 'Choose whom to be' : issuers.length === 1 ? 'Sign in' : `Sign in with ${issuer}`}
            </Button>
          ))}
          {issuers.length === 0 && <p>{outcomeOf('sign-in-not-configured')?.text}</p>}
        </div>
        {sample && (
          <p className={style.sample}>
            This is the <strong>sample organisation</strong>. There are no passwords: you choose a person and see what
            they see. Be Maria to ask for something, and somebody from another team to decide it.
          </p>
        )}
      </div>
    </main>
  )
}
