/** The frame of whatever is done by a form: what it asks for, why it was refused, and the button that does it once. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { ActProblem } from '../waiver/act-problem.tsx'
import type { Act } from '../waiver/use-act.ts'
import style from './doing.module.css'

export function Doing({
  act,
  name,
  tone,
  ready = true,
  wide = false,
  className = style.form,
  children,
}: {
  readonly act: Act
  /** What the button says. */
  readonly name: string
  /** `danger`: it takes something away. `quiet`: it decides nothing. */
  readonly tone?: 'danger' | 'quiet' | undefined
  /** Whether all was answered that it asks for. */
  readonly ready?: boolean
  /** The button goes from side to side. */
  readonly wide?: boolean
  readonly className?: string | undefined
  readonly children: ReactNode
}) {
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault()
        act.run()
      }}
    >
      {children}
      <ActProblem problem={act.problem} />
      <Button
        type="submit"
        {...(wide ? {} : { className: style.submit ?? '' })}
        {...(tone === 'danger' ? { color: 'red', variant: 'outline' } : {})}
        {...(tone === 'quiet' ? { variant: 'default' } : {})}
        loading={act.running}
        disabled={!ready}
      >
        {name}
      </Button>
    </form>
  )
}
