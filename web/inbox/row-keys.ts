/** Up and down a list by keyboard: `j` and `k`, or the arrows once a row has the focus. Enter is the row's own link. */
import { useRef } from 'react'
import { useKeys } from '../shell/keys.ts'

/** @returns what to hand to the element around the rows; rows are the links marked `data-row`. */
export function useRowKeys() {
  const around = useRef<HTMLDivElement>(null)
  const move = (by: number) => {
    const rows = [...(around.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))
    rows[next]?.focus()
  }
  const inRow = () => document.activeElement instanceof HTMLElement && document.activeElement.dataset.row !== undefined
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => inRow() && move(1),
    ArrowUp: () => inRow() && move(-1),
  })
  return around
}
