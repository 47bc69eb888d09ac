/** The name and its sign: two strokes side by side, one that signs and one that countersigns. */
import style from './mark.module.css'

export function Mark() {
  return (
    <span className={style.mark}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" className={style.ground} />
        <path d="M8.5 24 15 8" className={style.first} />
        <path d="M17 24 23.5 8" className={style.second} />
      </svg>
      Countersign
    </span>
  )
}
