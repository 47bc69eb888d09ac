/** One file as text, with its lines numbered and those that are wrong marked. It is a plain field: everything a keyboard does works. */
import { type Ref, useImperativeHandle, useRef } from 'react'
import style from './editor.module.css'

export interface Editor {
  /** Puts the cursor there and shows it. Lines and columns from 1. */
  goTo(line: number, column: number): void
}

export function TextEditor({
  name,
  text,
  wrong,
  change,
  ref,
}: {
  readonly name: string
  readonly text: string
  /** Numbers of lines. */
  readonly wrong: ReadonlySet<number>
  readonly change: (text: string) => void
  readonly ref?: Ref<Editor>
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const lines = text.split('\n')
  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const area = field.current
      if (area === null) return
      const start =
        text
          .split('\n')
          .slice(0, line - 1)
          .join('\n').length +
        (line > 1 ? 1 : 0) +
        column -
        1
      area.focus()
      area.setSelectionRange(start, start)
      const height = area.scrollHeight / Math.max(1, lines.length)
      area.scrollTop = Math.max(0, (line - 4) * height)
    },
  }))
  return (
    <div className={style.editor}>
      <div ref={gutter} className={style.gutter} aria-hidden="true">
        {lines.map((_, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its number and by nothing else
          <span key={place} data-wrong={wrong.has(place + 1)}>
            {place + 1}
          </span>
        ))}
      </div>
      <textarea
        ref={field}
        className={style.field}
        aria-label={`Text of ${name}`}
        value={text}
        onChange={({ currentTarget }) => change(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop
        }}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
      />
    </div>
  )
}
