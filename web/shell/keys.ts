/** Keys that do something anywhere on a page. Never while somebody types, and never together with Ctrl, Alt or Meta. */
import { useEffect, useRef } from 'react'

/** Whoever returns `false` has done nothing, and the browser does what it always does. */
export type Keys = Readonly<Record<string, () => unknown>>

/** One key each. */
export function useKeys(keys: Keys): void {
  const latest = useLatest(keys)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = isForPage(event) ? latest.current[event.key] : undefined
      if (act === undefined || act() === false) return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [latest])
}

const togetherMillis = 1_200

/** First the same key, then one of these. */
export function useSequence(first: string, keys: Keys): void {
  const latest = useLatest(keys)
  const begunAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isForPage(event)) return
      const act = event.timeStamp - begunAt.current < togetherMillis ? latest.current[event.key] : undefined
      begunAt.current = event.key === first ? event.timeStamp : Number.NEGATIVE_INFINITY
      if (act === undefined) return
      event.preventDefault()
      event.stopImmediatePropagation()
      act()
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [first, latest])
}

function useLatest(keys: Keys) {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  return latest
}

function isForPage({ target, ctrlKey, altKey, metaKey, repeat, isComposing }: KeyboardEvent): boolean {
  if (ctrlKey || altKey || metaKey || repeat || isComposing) return false
  if (!(target instanceof HTMLElement)) return true
  return target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') === null
}
