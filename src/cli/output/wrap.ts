/**
 * How does a long text fit a terminal without one character lost? Breaks lines itself, so that every line keeps its
 * margin and no text can push its end to where our own words begin. Its widths are never too small: at worst a line
 * breaks early.
 */

/** @param text visible already. @returns lines of at most `width` columns; joined without breaks they are the text again. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const piece of text.match(/[^ ]+ ?| +/g) ?? []) {
    for (const part of widthOf(piece) > width ? [...piece] : [piece]) {
      const columns = widthOf(part)
      if (used + columns > width && used > 0) {
        lines.push(line)
        line = ''
        used = 0
      }
      line += part
      used += columns
    }
  }
  return [...lines, line]
}

/** @returns how many columns a visible text takes, at most. */
export function widthOf(text: string): number {
  let columns = 0
  for (const character of text) columns += widthOfOne(character)
  return columns
}

function widthOfOne(character: string): number {
  if ((character.codePointAt(0) ?? 0) < 0x300) return 1
  if (/\p{M}/u.test(character)) return 0
  return /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Hebrew}\p{Script=Arabic}\u{2010}-\u{2027}\u{2190}-\u{2193}\u{2713}\u{2717}]/u.test(
    character,
  )
    ? 1
    : 2
}
