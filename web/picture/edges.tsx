/** The lines of the picture, drawn over its boxes wherever these have come to stand. */
import { type RefObject, useEffect, useState } from 'react'
import type { Picture } from '../../src/client/index.ts'
import { Inert } from '../text/inert.tsx'
import style from './picture.module.css'

interface Line {
  readonly key: string
  readonly path: string
  readonly words: string
  readonly conflict: boolean
  /** From one side to another. Within a side the captions say what it is. */
  readonly crosses: boolean
  readonly at: { readonly x: number; readonly y: number }
}

export function Edges({
  around,
  picture,
}: {
  readonly around: RefObject<HTMLDivElement | null>
  readonly picture: Picture
}) {
  const [lines, setLines] = useState<readonly Line[]>([])
  useEffect(() => {
    const place = around.current
    if (place === null) return
    const measure = () => setLines(linesIn(place, picture))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(place)
    return () => observer.disconnect()
  }, [around, picture])
  return (
    <>
      <svg className={style.edges} aria-hidden="true">
        {lines.map(({ key, path, conflict }) => (
          <path key={key} d={path} data-conflict={conflict} />
        ))}
      </svg>
      {lines
        .filter(({ crosses, conflict }) => crosses && conflict)
        .map(({ key, words, at }) => (
          <span key={key} className={style.relation} style={{ left: at.x, top: at.y }}>
            <Inert text={words} />
          </span>
        ))}
    </>
  )
}

/** Conflicts last, so that nothing is drawn over them. */
function linesIn(place: HTMLElement, { edges, nodes }: Picture): Line[] {
  const origin = place.getBoundingClientRect()
  const boxes = new Map<string, DOMRect>()
  for (const box of place.querySelectorAll<HTMLElement>('[data-node]')) {
    const { left, top, width, height } = box.getBoundingClientRect()
    boxes.set(box.dataset.node ?? '', new DOMRect(left - origin.left, top - origin.top, width, height))
  }
  const sideOf = (id: string) => nodes.find((node) => node.id === id)?.side
  const lines = edges.flatMap(({ from, relation, to, conflicts }) => {
    const [one, other] = [boxes.get(from), boxes.get(to)]
    if (one === undefined || other === undefined || from === to) return []
    const conflict = conflicts.length > 0
    const crosses = sideOf(from) !== sideOf(to)
    const line = crosses ? across(one, other) : beside(one, other)
    return [{ key: `${from} ${relation} ${to}`, words: relation.replaceAll('-', ' '), conflict, crosses, ...line }]
  })
  return lines.sort((a, b) => Number(a.conflict) - Number(b.conflict))
}

type Drawn = Pick<Line, 'path' | 'at'>

/** Within a lane: down its left edge, as branches of a tree are drawn. */
function beside(one: DOMRect, other: DOMRect): Drawn {
  const [upper, lower] = one.top < other.top ? [one, other] : [other, one]
  const x = Math.min(upper.left, lower.left) - 10
  const [from, to] = [upper.top + upper.height / 2, lower.top + lower.height / 2]
  const path = `M${upper.left} ${from} H${x + 6} Q${x} ${from} ${x} ${from + 6} V${to - 6} Q${x} ${to} ${x + 6} ${to} H${lower.left}`
  return { path, at: { x, y: (from + to) / 2 } }
}

/** From lane to lane: side by side a curve between their near edges, one below the other down the right. */
function across(one: DOMRect, other: DOMRect): Drawn {
  const [first, second] = one.left <= other.left ? [one, other] : [other, one]
  if (first.right > second.left) {
    const x = Math.max(first.right, second.right)
    const [from, to] = [first.top + first.height / 2, second.top + second.height / 2]
    return {
      path: `M${first.right} ${from} C${x + 46} ${from} ${x + 46} ${to} ${second.right} ${to}`,
      at: { x: x + 30, y: (from + to) / 2 },
    }
  }
  const [y1, y2] = [first.top + first.height / 2, second.top + second.height / 2]
  const half = (second.left - first.right) / 2
  const path = `M${first.right} ${y1} C${first.right + half} ${y1} ${second.left - half} ${y2} ${second.left} ${y2}`
  return { path, at: { x: first.right + half, y: (y1 + y2) / 2 } }
}
