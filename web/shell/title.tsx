/** What page this is: on the page, and in the title of the window. */
import { type ReactNode, useEffect } from 'react'
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
    document.title = `${name} · Countersign`
  }, [name])
  return (
    <div className={style.title}>
      <div>
        <h1>{name}</h1>
        {says !== undefined && <p className={style.says}>{says}</p>}
      </div>
      {children}
    </div>
  )
}
