/**
 * Which cookies does a browser get, and what may other sites do with them? One for the session, which travels with our own
 * pages' calls only, and one for each sign-in under way, which also travels when the identity provider leads back here.
 * No script reads either of them.
 */

export interface Cookie {
  readonly name: string
  /** Empty: the browser forgets it. */
  readonly value: string
  readonly maxAgeSeconds: number
  readonly sameSite: 'strict' | 'lax'
  readonly secure: boolean
}

export interface CookieNames {
  readonly session: string
  /** @param state of the sign-in, so that two tabs do not take each other's */
  signIn(state: string): string
  readonly secure: boolean
}

/** Long enough to find one's security key. */
export const signInSecondsMax = 600

export function cookieNames(publicUrl: string): CookieNames {
  const { protocol, port } = new URL(publicUrl)
  const secure = protocol === 'https:'
  // `__Host-`: no other host of the same site can plant one. On plain http (this machine only) that cannot be had, and
  // cookies know no ports, so the port is part of the name.
  const base = secure ? '__Host-countersign' : `countersign-${port === '' ? '80' : port}`
  return { session: base, signIn: (state) => `${base}-${state.slice(0, 8)}`, secure }
}

/** @returns the one value, or nothing where there are several: somebody else planted one of them. */
export function onlyCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 ? values[0] : undefined
}

export function sessionCookie(names: CookieNames, value: string, maxAgeSeconds: number): Cookie {
  return { name: names.session, value, maxAgeSeconds, sameSite: 'strict', secure: names.secure }
}

export function signInCookie(names: CookieNames, state: string, value: string): Cookie {
  const maxAgeSeconds = value === '' ? 0 : signInSecondsMax
  return { name: names.signIn(state), value, maxAgeSeconds, sameSite: 'lax', secure: names.secure }
}
