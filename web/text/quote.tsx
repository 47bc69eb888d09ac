/** Somebody's own words: set apart from what Countersign says, complete, and inert. */
import type { ReactNode } from 'react'
import { hidesSomething, Inert } from './inert.tsx'
import style from './quote.module.css'

export function Quote({
  by,
  text,
  children,
}: {
  readonly by: ReactNode
  readonly text: string
  readonly children?: ReactNode
}) {
  return (
    <figure className={style.quote}>
      <figcaption className={style.by}>{by}</figcaption>
      <blockquote className={style.words}>
        <Inert text={text} />
      </blockquote>
      {hidesSomething(text) && (
        <p className={style.hides}>
          This text contains characters that cannot be seen. They are shown by their number.
        </p>
      )}
      {children}
    </figure>
  )
}
