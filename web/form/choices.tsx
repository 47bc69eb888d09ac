/** A few things to choose from, each with a box or a knob that is large enough to hit. */
import type { ReactNode } from 'react'
import style from './choices.module.css'

export function Choices({
  legend,
  quiet = false,
  children,
}: {
  readonly legend: string
  /** The legend is a hint and no heading. */
  readonly quiet?: boolean
  readonly children: ReactNode
}) {
  return (
    <fieldset className={style.choices} data-quiet={quiet}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  )
}

export function Choice({
  many = false,
  group,
  chosen,
  change,
  children,
}: {
  /** Others may be chosen beside it. */
  readonly many?: boolean
  /** What the arrow keys go through. */
  readonly group?: string
  readonly chosen: boolean
  readonly change: (chosen: boolean) => void
  readonly children: ReactNode
}) {
  return (
    <label className={style.choice}>
      <input
        type={many ? 'checkbox' : 'radio'}
        name={group}
        checked={chosen}
        onChange={({ target }) => change(target.checked)}
      />
      {children}
    </label>
  )
}
