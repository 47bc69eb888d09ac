/** The way from a leaf up to the root: at each step one hash from beside joins what came from below. */
import { useState } from 'react'
import type { Checked } from './check-record.ts'
import style from './proof.module.css'

export function Path({ checked: { rungs, leafHash } }: { readonly checked: Checked }) {
  const [whole, setWhole] = useState(false)
  if (rungs.length === 0) return null
  const short = (hash: string) => (whole ? hash : `${hash.slice(0, 8)}…`)
  return (
    <details className={style.path} open>
      <summary>The way up, {rungs.length} steps</summary>
      <ol className={style.rungs}>
        {rungs.toReversed().map(({ side, sibling, above }, place) => (
          <li key={sibling} className={style.rung}>
            <span className={style.above} data-root={place === 0}>
              {place === 0 && <span>the root </span>}
              <code>{short(above)}</code>
            </span>
            <span className={style.beside} data-side={side}>
              {side} <code>{short(sibling)}</code>
            </span>
          </li>
        ))}
        <li className={style.rung}>
          <span className={style.above} data-leaf="true">
            <span>this leaf </span>
            <code>{short(leafHash)}</code>
          </span>
        </li>
      </ol>
      <label className={style.whole}>
        <input type="checkbox" checked={whole} onChange={({ target }) => setWhole(target.checked)} /> whole hashes
      </label>
    </details>
  )
}
