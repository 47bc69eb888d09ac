/**
 * What did the browser say it was asked to sign, and by which page? Reads the client data (WebAuthn level 3, section
 * 5.8.1): bytes of JSON that are signed over as they are.
 */

export interface ClientData {
  readonly type: string
  /** base64url, as the browser wrote it. */
  readonly challenge: string
  readonly origin: string
  /** The page stood in a frame of a page from elsewhere. */
  readonly framed: boolean
}

/** @returns `undefined` for anything that is not such an object. Members nobody knows are the browser's own affair. */
export function readClientData(bytes: Uint8Array): ClientData | undefined {
  const value = parsed(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { type, challenge, origin, crossOrigin, topOrigin } = value as Readonly<Record<string, unknown>>
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') return undefined
  const framed = (crossOrigin !== undefined && crossOrigin !== false) || topOrigin !== undefined
  return { type, challenge, origin, framed }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}
