/** A moment, in the reader's zone with UTC beside it. */

import { nowMillis } from './clock.ts'
import style from './moment.module.css'
import { localWords, readsUtc, utcWords } from './words.ts'

export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} className={style.moment}>
      {localWords(at, nowMillis())}
      {readsUtc ? ' UTC' : <span className={style.utc}> {utcWords(at)}</span>}
    </time>
  )
}
