/** A second sign-in that led to nothing, while the session before it goes on. */
import { useEffect, useState } from 'react'
import { outcomeOf } from '../sign-in/outcome.ts'
import style from './sign-in-notice.module.css'

export function SignInNotice() {
  const [outcome] = useState(() => outcomeOf(new URLSearchParams(location.search).get('sign-in')))
  useEffect(() => {
    if (outcome === undefined) return
    const address = new URL(location.href)
    address.searchParams.delete('sign-in')
    history.replaceState(history.state, '', address)
  }, [outcome])
  if (outcome === undefined || outcome.word === 'signed-out') return null
  return (
    <p className={style.notice} role="status">
      {outcome.text}
    </p>
  )
}
