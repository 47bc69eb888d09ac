/** From when to when, and the latest moment at which the last right is gone; drawn to scale, with the present on it. */
import type { TermsView } from '../../src/client/index.ts'
import { useNow } from '../time/clock.ts'
import { Moment } from '../time/moment.tsx'
import { lengthWords, secondsBetween } from '../time/words.ts'
import style from './window.module.css'

export function Window({
  window,
  end = window.end,
  outlivesSeconds,
}: {
  readonly window: TermsView['window']
  /** As narrowed, or as it stands by now. */
  readonly end?: string
  /** How long sessions take to be ended, at the longest. */
  readonly outlivesSeconds: number | undefined
}) {
  const worst = new Date(Date.parse(end) + (outlivesSeconds ?? 0) * 1_000).toISOString()
  return (
    <div className={style.window}>
      <p>
        <strong>{lengthWords(secondsBetween(window.start, end))}</strong>, from <Moment at={window.start} /> to{' '}
        <Moment at={end} />
      </p>
      <Bar start={window.start} end={end} asked={window.end} />
      {outlivesSeconds !== undefined && (
        <p className="soft fine">
          Worst case: the last right is gone by <Moment at={worst} />
          {outlivesSeconds > 0 ? `; ending open sessions takes up to ${lengthWords(outlivesSeconds)}` : ''}.
        </p>
      )}
    </div>
  )
}

function Bar({ start, end, asked }: { readonly start: string; readonly end: string; readonly asked: string }) {
  const now = useNow(5_000)
  const [from, to] = [Math.min(Date.parse(start), now), Math.max(Date.parse(asked), Date.parse(end))]
  const place = (at: number) => `${(100 * (Math.min(Math.max(at, from), to) - from)) / Math.max(1, to - from)}%`
  const [begins, ends, wanted] = [place(Date.parse(start)), place(Date.parse(end)), place(Date.parse(asked))]
  return (
    <div className={style.bar} aria-hidden="true">
      {Date.parse(asked) > Date.parse(end) && (
        <span className={style.left} style={{ insetInlineStart: ends, insetInlineEnd: `calc(100% - ${wanted})` }} />
      )}
      <span className={style.given} style={{ insetInlineStart: begins, insetInlineEnd: `calc(100% - ${ends})` }} />
      {now >= from && now <= to && <span className={style.now} style={{ insetInlineStart: place(now) }} />}
    </div>
  )
}
