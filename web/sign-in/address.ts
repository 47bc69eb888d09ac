/** Where a browser goes to sign in, and comes back from to the page it was on. */

export interface SignInWanted {
  readonly issuer?: string
  /** By an act of the person, now; a decision needs one of the last five minutes. */
  readonly fresh?: boolean
  /** Default: the page that is open. */
  readonly to?: string
}

export function signInAddress({ issuer, fresh = false, to = pathOfPage() }: SignInWanted = {}): string {
  const query = new URLSearchParams({
    to,
    ...(issuer === undefined ? {} : { issuer }),
    ...(fresh ? { fresh: 'true' } : {}),
  })
  return `/sign-in?${query}`
}

/** Without what the last sign-in had to say. */
function pathOfPage(): string {
  const { pathname, search } = location
  const query = new URLSearchParams(search)
  query.delete('sign-in')
  return query.size === 0 ? pathname : `${pathname}?${query}`
}
