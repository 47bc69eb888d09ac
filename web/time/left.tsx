/** How much time is left until something, counting. */
import { useNow } from './clock.ts'
import style from './moment.module.css'
import { lengthWords, secondsBetween } from './words.ts'

export function Left({ until, over }: { readonly until: string; readonly over: string }) {
  const now = useNow(1_000)
  const seconds = secondsBetween(now, until)
  return <span className={style.left}>{seconds <= 0 ? over : `${lengthWords(seconds)} left`}</span>
}

/** How long ago. Minutes are exact enough. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow(20_000)
  const seconds = secondsBetween(at, now)
  return <span className={style.left}>{seconds < 60 ? 'just now' : `${lengthWords(seconds)} ago`}</span>
}
