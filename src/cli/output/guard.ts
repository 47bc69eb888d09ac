/**
 * The last look before the terminal: whatever a command forgot to make visible is made visible here. Only our own colours
 * pass, and line breaks between lines that we made ourselves.
 */
import { withoutUnseen } from './visible.ts'

/** Bold, dim, red, green, yellow and their ends: what `paint.ts` uses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const colour = /(\u001b\[(?:1|2|22|31|32|33|39)m)/

export function guarded(line: string, colours: boolean): string {
  if (!colours) return withoutUnseen(line)
  return line
    .split(colour)
    .map((part, index) => (index % 2 === 1 ? part : withoutUnseen(part)))
    .join('')
}

/** JSON that says the same to a program and shows nothing unseen to a person. */
export function guardedJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replaceAll(
    /(?![\n ])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\p{Zs}]/gu,
    (unseen) =>
      [...Array(unseen.length).keys()]
        .map((at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join(''),
  )
}
