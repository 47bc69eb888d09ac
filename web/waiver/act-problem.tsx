/** Why an act was refused, beside the button that tried it. */
import type { ClientProblem } from '../../src/client/index.ts'
import { sentence } from '../shell/problem.tsx'
import { Said } from '../text/said.tsx'
import style from './act-problem.module.css'

export function ActProblem({ problem }: { readonly problem: ClientProblem | undefined }) {
  if (problem === undefined) return null
  return (
    <div className={style.problem} role="alert">
      <p>
        <Said text={sentence(problem.detail)} />
      </p>
      {(problem.changed ?? []).length > 0 && (
        <ul aria-label="What has changed">
          {problem.changed?.map(({ change }) => (
            <li key={change}>
              <Said text={sentence(change)} />
            </li>
          ))}
        </ul>
      )}
      {problem.limit !== undefined && (
        <p>
          The limit is {problem.limit.value}, set in <code>{problem.limit.setIn}</code>.
        </p>
      )}
      <p className="soft fine">
        <code>{problem.code}</code>
      </p>
    </div>
  )
}
