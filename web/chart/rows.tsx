/** How often each of some things happened, as lying bars with their names and numbers: a list that can be seen at a glance. */
import type { ReactNode } from 'react'
import style from './chart.module.css'

export interface Amount {
  readonly key: string
  readonly name: ReactNode
  readonly count: number
}

export function Amounts({
  amounts,
  tone = 'plain',
}: {
  readonly amounts: readonly Amount[]
  readonly tone?: 'plain' | 'bad'
}) {
  const most = Math.max(1, ...amounts.map(({ count }) => count))
  return (
    <ul className={style.amounts} data-tone={tone}>
      {amounts.map(({ key, name, count }) => (
        <li key={key}>
          <span className={style.amountName}>{name}</span>
          <span className={style.amountBar} aria-hidden="true">
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(count / most) * 100} height="10" />
            </svg>
          </span>
          <span className={style.amountCount}>{count}</span>
        </li>
      ))}
    </ul>
  )
}
