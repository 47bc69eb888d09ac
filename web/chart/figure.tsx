/** One number that somebody has to know, with what it counts. */
import type { ReactNode } from 'react'
import style from './chart.module.css'

/** @param inside a card, which has a frame already */
export function FigureRow({ inside = false, children }: { readonly inside?: boolean; readonly children: ReactNode }) {
  return (
    <dl className={style.figures} data-inside={inside}>
      {children}
    </dl>
  )
}

export function Figure({
  name,
  says,
  tone = 'plain',
  children,
}: {
  readonly name: string
  readonly says?: ReactNode
  readonly tone?: 'plain' | 'good' | 'wait' | 'bad'
  readonly children: ReactNode
}) {
  return (
    <div className={style.figure} data-tone={tone}>
      <dt>{name}</dt>
      <dd className={style.number}>{children}</dd>
      {says !== undefined && <dd className={style.says}>{says}</dd>}
    </div>
  )
}
