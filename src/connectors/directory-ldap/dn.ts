/**
 * When do two distinguished names (RFC 4514) mean the same entry? Names are compared without letter case, spaces around
 * their signs, or the way in which a sign is escaped; what is no such name is `undefined` and matches nothing.
 */

/** @returns one text for all spellings of a name. */
export function sameDn(dn: string): string | undefined {
  const parts = splitDn(dn)
  return parts === undefined ? undefined : parts.join(',')
}

/** Relative names, innermost first, each in its one spelling. */
function splitDn(dn: string): readonly string[] | undefined {
  if (dn.trim() === '') return []
  const parts: string[] = []
  let pairs: string[] = []
  for (let at = 0; at <= dn.length; ) {
    const pair = pairAt(dn, at)
    if (pair === undefined) return undefined
    pairs.push(pair.text)
    at = pair.end + 1
    if (dn[pair.end] === '+') continue
    parts.push(pairs.sort().join('+'))
    pairs = []
    if (pair.end >= dn.length) return parts
  }
  return undefined
}

/** `uid=Maria`, from its beginning up to the sign behind it. */
function pairAt(dn: string, begin: number): { readonly text: string; readonly end: number } | undefined {
  const type = /\s*([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)\s*=\s*/y
  type.lastIndex = begin
  const match = type.exec(dn)
  if (match === null) return undefined
  const value = valueAt(dn, begin + match[0].length)
  return value === undefined ? undefined : { text: `${match[1]?.toLowerCase()}=${value.text}`, end: value.end }
}

function valueAt(dn: string, begin: number): { readonly text: string; readonly end: number } | undefined {
  const bytes: number[] = []
  /** Up to here spaces were escaped, and stay. */
  let kept = 0
  let at = begin
  for (; at < dn.length && dn[at] !== ',' && dn[at] !== '+' && dn[at] !== ';'; at++) {
    if (dn[at] !== '\\') {
      const sign = String.fromCodePoint(dn.codePointAt(at) as number)
      bytes.push(...Buffer.from(sign))
      at += sign.length - 1
      continue
    }
    const escaped = /^\\(?:([0-9A-Fa-f]{2})|([ "#+,;<=>\\]))/.exec(dn.slice(at, at + 3))
    if (escaped === null) return undefined
    bytes.push(escaped[1] === undefined ? (escaped[2] as string).charCodeAt(0) : Number.parseInt(escaped[1], 16))
    at += escaped[0].length - 1
    kept = bytes.length
  }
  while (bytes.length > kept && bytes.at(-1) === 32) bytes.pop()
  const text = Buffer.from(bytes).toString('utf8').toLowerCase().replaceAll(/ +/g, ' ')
  // Spelled so that no sign of the value can be taken for one of the name.
  return { text: encodeURIComponent(text), end: at }
}
