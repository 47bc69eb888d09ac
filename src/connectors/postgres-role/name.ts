/**
 * Which name does a grant's role have on the target, and can PostgreSQL hold this name at all? PostgreSQL cuts
 * identifiers at 63 bytes without a word, so that two names become one: what does not fit is refused, never cut.
 */

/** Thrown inside the connector where a spec asks for what cannot be given exactly; becomes `not-done`. */
export class UnfitSpec extends Error {
  override readonly name = 'UnfitSpec'
}

export const rolePrefix = 'countersign_'
const nameBytesMax = 63

/** The role of one grant. Injective: a fixed prefix and the grant's id, unchanged. @throws {UnfitSpec} */
export function roleNameOf(grant: string): string {
  return fitName(`${rolePrefix}${grant}`, 'role name')
}

/** @returns the name unchanged. @throws {UnfitSpec} when PostgreSQL could not hold it byte for byte. */
export function fitName(name: string, what: string): string {
  if (name === '') throw new UnfitSpec(`the ${what} is empty`)
  if (name.includes('\0')) throw new UnfitSpec(`the ${what} holds a NUL character, which PostgreSQL cannot hold`)
  if (!name.isWellFormed()) throw new UnfitSpec(`the ${what} is not well-formed Unicode`)
  const bytes = Buffer.byteLength(name, 'utf8')
  if (bytes > nameBytesMax)
    throw new UnfitSpec(`the ${what} \`${name}\` has ${bytes} bytes; PostgreSQL would cut it at ${nameBytesMax}`)
  return name
}
