/** The secrets of the sources that are pushed, as whoever listens for them needs them: hashed, and all different. */
import { createHash } from 'node:crypto'
import type { ScimSource } from './api/scim/options.ts'
import type { SourceSettings } from './sources.ts'

const tokenLengthMin = 32

/** @throws {Error} on a secret that is too short, or that two sources share: then nobody could say which of them called. */
export function scimSourcesFrom(
  settings: readonly SourceSettings[],
  readSecret: (reference: string) => string,
): readonly ScimSource[] {
  const sources = settings.flatMap((one) => (one.kind === 'scim' ? [one] : []))
  const owners = new Map<string, string>()
  return sources.map(({ id: source, token, ids, idPrefix }) => {
    const secret = readSecret(token)
    if (!/^[\x21-\x7e]+$/.test(secret) || secret.length < tokenLengthMin)
      throw new Error(
        `\`${token}\`: the token of \`${source}\` needs at least ${tokenLengthMin} visible ASCII characters`,
      )
    const other = owners.get(secret)
    if (other !== undefined) throw new Error(`\`${source}\` and \`${other}\` have the same token`)
    owners.set(secret, source)
    return { source, ids, idPrefix, tokenDigest: createHash('sha256').update(secret).digest() }
  })
}
