/** Text that somebody else wrote, inside a sentence of ours: it cannot break a line, hide itself or turn what follows around. */

const shownMax = 60

/** @returns at most sixty characters, whatever is invisible shown escaped. */
export function inertText(text: string): string {
  const visible = text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}`]/gu,
    (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`,
  )
  return visible.length > shownMax ? `${visible.slice(0, shownMax - 1)}…` : visible
}
