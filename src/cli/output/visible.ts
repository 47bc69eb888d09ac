/**
 * How does text that somebody else wrote come onto a terminal? As characters that can be seen and nothing else: whatever
 * moves the cursor, changes colours, reorders, hides or fakes a line is written out as `\u{…}`. Nothing is dropped and
 * nothing is shortened, so that two different texts never look the same because of it.
 */

/** Controls, formats, separators, lone surrogates, private use, unassigned, and everything fonts leave blank. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u{2800}]|(?! )\p{Zs}/gu
/** Marks that would sit on something we wrote, or pile up over neighbouring lines. */
const straying = /(?<=^| )\p{M}+|(?<=\p{M}{4})\p{M}+/gu

/** @returns one line in which every character can be seen. Line breaks are written out too. */
export function visible(text: string): string {
  // An escape that somebody typed must not pass for one of ours.
  return withoutUnseen(text.replaceAll('\\u{', '\\u{5c}u{'))
}

/** The same for lines of ours that hold visible text already: what is written out stays as it is. */
export function withoutUnseen(line: string): string {
  return line.replaceAll(unseen, written).replaceAll(straying, (marks) => [...marks].map(written).join(''))
}

/** The same, for text that may have lines: each of them visible. */
export function visibleLines(text: string): readonly string[] {
  return text.split(/\r\n|\n/).map(visible)
}

/** Visible, and set apart from our own words. A backtick inside cannot end the quotation unseen. */
export function quoted(text: string): string {
  return `\`${visible(text).replaceAll('`', '\\u{60}')}\``
}

/**
 * A digest that somebody recognises rather than compares: its first twelve digits. For evidence beside a sentence; what is
 * decided about is always shown whole.
 */
export function abbreviated(text: string): string {
  return text.replaceAll(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…')
}

const scripts = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
} as const

/**
 * @returns the scripts of a word that mixes alphabets whose letters look alike (`аdmin` with a Cyrillic first letter);
 * empty for every word that keeps to one. Names in two alphabets, word by word, are nobody's trick.
 */
export function mixedScripts(text: string): readonly string[] {
  for (const word of text.split(/[^\p{L}\p{M}]+/u)) {
    const found = Object.entries(scripts).filter(([, pattern]) => pattern.test(word))
    if (found.length > 1) return found.map(([name]) => name)
  }
  return []
}

function written(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
