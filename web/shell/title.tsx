/** What page this is: on the page, and in the title of the window. */
import { type ReactNode, useEffect } from 'react'
import { Inert } from '../text/inert.tsx'
import style from './title.module.css'

export function Title({
  name,
  says,
  children,
}: {
  readonly name: string
  readonly says?: ReactNode
  readonly children?: ReactNode
}) {
  useEffect(() => {
    // Names come from elsewhere, and here nothing can show what hides in them.
    document.title = `${name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')} · Countersign`
  }, [name])
  return (
    <div className={style.title}>
      <div>
        <h1>
          <Inert text={name} />
        </h1>
        {says !== undefined && <p className={style.says}>{says}</p>}
      </div>
      {children}
    </div>
  )
}
