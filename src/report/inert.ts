/**
 * How does text that somebody else wrote come into a report? As characters that can be seen and nothing else. Nothing is
 * dropped and nothing is shortened, so that two different names never look the same because of it.
 */

/** Controls, formats, separators, lone surrogates, private use, unassigned, and whatever fonts leave blank. */
const unseen =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u{2800}]|(?! )\p{Zs}|\\(?=u\{)/gu
/** Marks that would sit on something we wrote, or pile up over neighbouring lines. */
const straying = /(?<=^|[\p{Cc} ])\p{M}+|(?<=\p{M}{4})\p{M}+/gu

/** @returns one line in which every character can be seen; the others are written out as `\u{…}`. */
export function visible(text: string): string {
  return text.replaceAll(unseen, written).replaceAll(straying, (marks) => [...marks].map(written).join(''))
}

function written(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
