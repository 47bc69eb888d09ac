/** A part of a page with a title of its own. */
import { type ReactNode, useId } from 'react'
import style from './card.module.css'

export function Card({
  title,
  says,
  children,
  tone,
}: {
  readonly title: string
  readonly says?: ReactNode
  readonly children: ReactNode
  readonly tone?: 'bad' | 'wait' | undefined
}) {
  const id = useId()
  return (
    <section className={style.card} aria-labelledby={id} data-tone={tone}>
      <h2 id={id}>{title}</h2>
      {says !== undefined && <p className={style.says}>{says}</p>}
      {children}
    </section>
  )
}

/** Facts with their names, in two columns that become one. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={style.facts}>{children}</dl>
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={style.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
