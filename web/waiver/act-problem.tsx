/** Why an act was refused, beside the button that tried it. */
import { Button } from '@mantine/core'
import type { ClientProblem } from '../../src/client/index.ts'
import { aboutThem, conflictWords } from '../picture/conflict-words.ts'
import { sentence } from '../shell/problem.tsx'
import { signInAddress } from '../sign-in/address.ts'
import { Inert } from '../text/inert.tsx'
import { Said } from '../text/said.tsx'
import style from './act-problem.module.css'

/** Of these the conflicts are those of whoever was refused. */
const aboutTheReader: ReadonlySet<string> = new Set([
  'approver-is-requester',
  'approver-not-independent',
  'endorser-unfit',
  'reviewer-not-independent',
  'author-is-approver',
])

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
      {problem.conflicts !== undefined && problem.conflicts.length > 0 && (
        <ul>
          {problem.conflicts.map(({ code, reads, because }) => (
            <li key={code}>
              <strong>{(aboutTheReader.has(problem.code) ? conflictWords : aboutThem)(code)}.</strong>{' '}
              <Inert text={reads ?? because ?? ''} />
            </li>
          ))}
        </ul>
      )}
      {problem.limit !== undefined && (
        <p>
          The limit is {problem.limit.value}, set in <code>{problem.limit.setIn}</code>.
        </p>
      )}
      {problem.code === 'sign-in-not-fresh' && (
        <Button variant="default" onClick={() => location.assign(signInAddress({ fresh: true }))}>
          Sign in again
        </Button>
      )}
      <p className="soft fine">
        <code>{problem.code}</code>
      </p>
    </div>
  )
}
