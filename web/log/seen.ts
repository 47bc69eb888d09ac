/**
 * What this browser saw of the log last: the one thing whoever runs the server cannot change afterwards. A head replaces it
 * only after it was shown to continue it; nothing else ever does, but somebody who says so.
 */
export interface Seen {
  /** The signed note. */
  readonly note: string
  /** The verifier key that was the log's then. */
  readonly key: string
  readonly at: string
}

const place = 'countersign log seen'

export function seenBefore(): Seen | undefined {
  const text = localStorage.getItem(place)
  if (text === null) return undefined
  try {
    const { note, key, at } = JSON.parse(text) as Seen
    return typeof note === 'string' && typeof key === 'string' && typeof at === 'string' ? { note, key, at } : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export function remember(seen: Seen): void {
  localStorage.setItem(place, JSON.stringify(seen))
}

/** From here on nothing is compared with what was seen before. */
export function forgetSeen(): void {
  localStorage.removeItem(place)
}
