/**
 * Text that somebody else wrote. It cannot become markup (React sees to that), and here it cannot hide either: characters
 * that are invisible, or that turn the direction of what follows, are shown by their number, each marked as what it is.
 */
import type { ReactNode } from 'react'
import style from './inert.module.css'

/** Line breaks and plain tabs are what people write; everything else of these kinds is shown, and so are fillers that count as letters. */
const unseen =
  /[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}|(?! )\p{Zs}|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\ufe00-\ufe0f]|\u3164|\uffa0/gu

export function Inert({ text }: { readonly text: string }) {
  return <bdi className={style.inert}>{parts(text)}</bdi>
}

/** @returns whether something in it cannot be seen. */
export function hidesSomething(text: string): boolean {
  return text.search(unseen) >= 0
}

function parts(text: string): ReactNode[] {
  const found: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(unseen)) {
    if (match.index > from) found.push(text.slice(from, match.index))
    const code = match[0].codePointAt(0) ?? 0
    found.push(
      <span key={match.index} className={style.hidden} title="a character that cannot be seen">
        {`U+${code.toString(16).toUpperCase().padStart(4, '0')}`}
      </span>,
    )
    from = match.index + match[0].length
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}
