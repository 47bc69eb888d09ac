/** Why somebody else is not independent: with the path for those who may see it, otherwise in words. */
import type { ConflictView } from '../../src/client/index.ts'
import { aboutThem } from '../picture/conflict-words.ts'
import { Inert } from '../text/inert.tsx'
import style from './on-call.module.css'

export function WhyNot({ conflicts }: { readonly conflicts: readonly ConflictView[] }) {
  return (
    <div className={style.why}>
      {conflicts.map(({ code, reads }) => (
        <p key={code} title={code}>
          {reads === undefined ? aboutThem(code) : <Inert text={reads} />}
        </p>
      ))}
    </div>
  )
}
