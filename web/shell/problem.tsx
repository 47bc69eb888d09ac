/** A no, or no answer at all: what it means and what to do, in the words of whoever said it. */
import { Button } from '@mantine/core'
import { ProblemError } from '../app/api.ts'
import { Said } from '../text/said.tsx'
import style from './problem.module.css'

export function Problem({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const { title, detail, code } = told(error)
  return (
    <div className={style.problem} role="alert">
      <h2>{title}</h2>
      <p>
        <Said text={sentence(detail)} />
      </p>
      <p className="soft fine">
        <code>{code}</code>
      </p>
      {again !== undefined && (
        <Button variant="default" onClick={again}>
          Try again
        </Button>
      )}
    </div>
  )
}

function told(error: unknown): { readonly title: string; readonly detail: string; readonly code: string } {
  if (!(error instanceof ProblemError))
    return { title: 'This page made a mistake', detail: 'reload it; nothing was decided', code: 'page-error' }
  const { code, detail, status } = error.problem
  if (code === 'unknown-waiver')
    return {
      title: 'No such waiver',
      detail:
        'there is none of this id, or none that you have a part in; whoever asks, decides, owns the target or looks back can read it',
      code,
    }
  if (code === 'unreachable') return { title: 'No answer from Countersign', detail, code }
  return { title: status >= 500 ? 'Something did not answer' : 'This cannot be shown', detail, code }
}

/** Problems speak lower-case and without a full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
