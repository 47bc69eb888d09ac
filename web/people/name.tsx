/** Somebody or something by name, with the id where the name alone could be anybody's. */
import { Inert } from '../text/inert.tsx'
import style from './name.module.css'

export type Names = Readonly<Record<string, string>>

export function Name({
  id,
  names,
  exact = false,
}: {
  readonly id: string
  readonly names: Names
  readonly exact?: boolean
}) {
  const name = id === 'sys_countersign' ? 'Countersign' : (names[id] ?? id)
  return (
    <span className={style.name} title={id}>
      <Inert text={name} />
      {exact && name !== id && <code className={style.id}>{id}</code>}
    </span>
  )
}
