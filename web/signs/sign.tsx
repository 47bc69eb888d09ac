/** How something stands, at a glance: a word, a colour, and a shape for whoever does not see the colour. */
import type { ReactNode } from 'react'
import style from './sign.module.css'

export type Standing = 'good' | 'bad' | 'wait' | 'live' | 'over'

const shapes: Readonly<Record<Standing, string>> = {
  good: 'M3 8.5 6.5 12 13 4.5',
  bad: 'M4 4l8 8M12 4l-8 8',
  wait: 'M8 4v4.5l3 1.8',
  live: 'M8 8h.01',
  over: 'M4 8h8',
}

export function Sign({ is, children }: { readonly is: Standing; readonly children: ReactNode }) {
  return (
    <span className={style.sign} data-is={is}>
      <Shape is={is} />
      {children}
    </span>
  )
}

export function Shape({ is }: { readonly is: Standing }) {
  return (
    <svg viewBox="0 0 16 16" className={style.shape} data-is={is} aria-hidden="true">
      {(is === 'wait' || is === 'live') && <circle cx="8" cy="8" r="6.2" />}
      <path d={shapes[is]} />
    </svg>
  )
}
