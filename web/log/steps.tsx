/** The steps of a proof, one below the other, each with what was looked at. */
import type { ReactNode } from 'react'
import type { Outcome } from '../../src/log/index.ts'
import { sentence } from '../shell/problem.tsx'
import { Shape, type Standing } from '../signs/sign.tsx'
import { Said } from '../text/said.tsx'
import type { Step } from './step.ts'
import style from './steps.module.css'

export const standingOf: Readonly<Record<Outcome, Standing>> = {
  proven: 'good',
  disproven: 'bad',
  incomplete: 'wait',
}

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  proven: 'proven',
  disproven: 'disproven',
  incomplete: 'not shown',
}

export function Steps({ children }: { readonly children: ReactNode }) {
  return <ol className={style.steps}>{children}</ol>
}

export function StepRow({
  step: { outcome, title, detail },
  children,
}: {
  readonly step: Step
  readonly children?: ReactNode
}) {
  return (
    <li className={style.step} data-outcome={outcome}>
      <span className={style.shape}>
        <Shape is={standingOf[outcome]} />
      </span>
      <div className={style.body}>
        <p className={style.title}>
          {title} <span className={style.outcome}>{outcomeWords[outcome]}</span>
        </p>
        <p className={style.detail}>
          <Said text={sentence(detail)} />
        </p>
        {children}
      </div>
    </li>
  )
}
