/** Which addresses may be configured: https, or this machine itself, and never one that names a password. */
import { addressProblem, isLoopbackHost } from './address.ts'

/** @throws {Error} naming the setting of `kind` that does not fit, never the path of the address: for many receivers that is a secret. */
export function readUrl(text: string, allowPrivate: boolean, kind: string): URL {
  const url = URL.parse(text)
  if (url === null) throw new Error(`\`url\` of \`${kind}\` is no address; write https://host/path`)
  if (url.username !== '' || url.password !== '') {
    throw new Error(`\`url\` of \`${kind}\` names a user or a password; the signature is what identifies us`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw new Error(`\`url\` of \`${kind}\` must be https; plain http leads only to this machine, not \`${url.host}\``)
  }
  const problem = addressProblem(url.hostname, allowPrivate)
  if (problem !== undefined) throw new Error(`\`url\` of \`${kind}\`: ${problem}`)
  return url
}
