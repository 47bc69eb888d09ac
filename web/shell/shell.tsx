/** The frame around every page: where one is, where one can go, who one is. Whoever is nobody yet sees the way in instead. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { SessionView } from '../../src/client/index.ts'
import { sessionQuery } from '../app/queries.ts'
import { useLive } from '../live/live.ts'
import { useAskedToSign } from '../passkeys/asked.ts'
import { SignInPage } from '../sign-in/sign-in-page.tsx'
import { Mark } from './mark.tsx'
import { Navigation } from './navigation.tsx'
import { Person } from './person.tsx'
import { Problem } from './problem.tsx'
import style from './shell.module.css'
import { SignInNotice } from './sign-in-notice.tsx'

/** Loaded when somebody signs. */
const SignSheet = lazy(() => import('../passkeys/sign-sheet.tsx').then((module) => ({ default: module.SignSheet })))

export function Shell() {
  const { data: session, error, refetch } = useQuery(sessionQuery)
  if (session === undefined)
    return error === null ? (
      <main className={style.alone} aria-busy="true" />
    ) : (
      <main className={style.alone}>
        <Problem error={error} again={() => void refetch()} />
      </main>
    )
  return session.signedIn ? <Frame session={session} /> : <SignInPage session={session} />
}

function Frame({ session }: { readonly session: SessionView }) {
  useLive(useQueryClient())
  const asked = useAskedToSign() !== undefined
  return (
    <>
      <a className={style.skip} href="#main">
        Skip to the page
      </a>
      {session.sample && (
        <aside className={style.sample} aria-label="About this installation">
          Sample: anybody can be anybody here, nothing is real
        </aside>
      )}
      <div className={style.frame} data-sample={session.sample}>
        <header className={style.side}>
          <Mark />
          <Navigation />
          <Person sample={session.sample} />
        </header>
        <main id="main" className={style.main} tabIndex={-1}>
          <SignInNotice />
          <Outlet />
        </main>
      </div>
      {asked && (
        <Suspense fallback={null}>
          <SignSheet />
        </Suspense>
      )}
    </>
  )
}
