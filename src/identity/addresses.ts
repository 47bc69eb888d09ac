// Over which addresses may keys and tokens travel? Over https, or over plain http that never leaves this machine.
// Nothing here resolves a name: a name that merely points at this machine today is not a loopback address.

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @returns whether the address names this machine literally: `localhost`, `127.0.0.1` or `[::1]`. */
export function isLoopback(url: URL): boolean {
  return loopbackNames.has(url.hostname)
}

/** @returns whether what is read from this address could not have been changed on the way. */
export function isTrustworthy(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}
