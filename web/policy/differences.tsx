/** What a change changes, field by field, before and after. Whatever is not plainly tighter counts as looser. */
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { lengthWords } from '../time/words.ts'
import style from './policy.module.css'

export interface Difference {
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
  readonly direction: 'looser' | 'tighter'
}

export function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  if (differences.length === 0) return <p>Nothing would change against the rules in force.</p>
  const loose = differences.filter(({ direction }) => direction === 'looser')
  const tight = differences.filter(({ direction }) => direction === 'tighter')
  return (
    <ul className={style.differences} aria-label="Differences">
      {[...loose, ...tight].map((difference) => (
        <li key={difference.path} className={style.difference} data-direction={difference.direction}>
          <p className={style.field}>
            <code>
              <Inert text={difference.path} />
            </code>
            <Sign is={difference.direction === 'looser' ? 'bad' : 'good'}>{difference.direction}</Sign>
          </p>
          <p className={style.values}>
            <del>
              <Value value={difference.before} path={difference.path} />
            </del>
            <span aria-hidden="true">→</span>
            <ins>
              <Value value={difference.after} path={difference.path} />
            </ins>
          </p>
        </li>
      ))}
    </ul>
  )
}

function Value({ value, path }: { readonly value: unknown; readonly path: string }) {
  if (value === undefined) return <span className="soft">not there</span>
  const seconds = /Seconds(?:Max)?$/.test(path) && typeof value === 'number'
  return (
    <code>
      <Inert text={typeof value === 'string' ? value : JSON.stringify(value)} />
      {seconds && ` (${lengthWords(value)})`}
    </code>
  )
}
