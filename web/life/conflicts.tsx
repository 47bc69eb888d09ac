/** Why somebody was not independent, as it was recorded. */
import type { ConflictView } from '../../src/client/index.ts'
import type { Names } from '../people/name.tsx'
import { Inert } from '../text/inert.tsx'
import style from './conflicts.module.css'

export function Conflicts({
  conflicts,
  names,
}: {
  readonly conflicts: readonly ConflictView[]
  readonly names: Names
}) {
  if (conflicts.length === 0) return null
  return (
    <ul className={style.conflicts}>
      {conflicts.map(({ code, reads, because }) => (
        <li key={code}>
          <code>{code}</code> <Inert text={reads ?? withNames(because ?? '', names)} />
        </li>
      ))}
    </ul>
  )
}

function withNames(text: string, names: Names): string {
  return text.replaceAll(/\b(?:per|team|wl|sys|rota|acc)_[A-Za-z0-9._:@+-]*[A-Za-z0-9]/g, (id) => names[id] ?? id)
}
