/** A titled list of rows, what it says while it loads, and how one row is laid out. */
import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import style from './rows.module.css'

export function Rows({
  title,
  count,
  says,
  empty,
  children,
}: {
  readonly title: string
  readonly count: number
  readonly says?: string
  readonly empty?: ReactNode
  readonly children?: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={style.rows}>
      <h2 id={id}>
        {title} {count > 0 && <span className={style.count}>{count}</span>}
      </h2>
      {says !== undefined && <p className="soft fine">{says}</p>}
      {count === 0 ? empty : <ul className={style.list}>{children}</ul>}
    </section>
  )
}

export function Row({
  waiver,
  time,
  tone = 'plain',
  what,
  children,
  act,
}: {
  readonly waiver: string
  readonly time: ReactNode
  readonly tone?: 'plain' | 'soon' | 'late' | 'quiet'
  /** The one sentence that says what it is; the name of the link. */
  readonly what: ReactNode
  readonly children?: ReactNode
  readonly act?: string
}) {
  return (
    <li className={style.row} data-tone={tone}>
      <div className={style.time}>{time}</div>
      <div className={style.body}>
        <Link to="/waivers/$waiver" params={{ waiver }} className={style.what} data-row="">
          {what}
        </Link>
        {children}
      </div>
      {act !== undefined && (
        <span className={style.act} aria-hidden="true">
          {act} →
        </span>
      )}
    </li>
  )
}

/** As high as what comes, so that nothing jumps. */
export function Waiting() {
  return (
    <section className={style.rows} aria-busy="true" aria-label="Loading">
      <h2>Waits for you</h2>
      <ul className={style.list}>
        {[1, 2].map((row) => (
          <li key={row} className={`${style.row} ${style.waiting}`} />
        ))}
      </ul>
    </section>
  )
}
