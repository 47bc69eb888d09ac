/**
 * Calls as any program makes them that knows only the standards: plain `fetch`, JSON, and the words of AuthZEN, OAuth and
 * problem documents. Nothing of Countersign's own client is used by the agent.
 */
export interface Told {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export async function send(
  method: 'GET' | 'POST',
  url: string,
  { token, body, headers = {} }: Sending = {},
): Promise<Told> {
  const isForm = body instanceof URLSearchParams
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  })
  const said: unknown = await response.json()
  return { status: response.status, body: isRecord(said) ? said : {} }
}

export interface Sending {
  readonly token?: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** @returns what stands there, or stops the demo: it plays by what it was really told. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const step of path) found = isRecord(found) ? found[step] : undefined
  if (found === undefined) throw new Error(`\`${path.join('.')}\` is missing in ${JSON.stringify(value)}`)
  return found
}

export const textAt = (value: unknown, ...path: readonly string[]): string => String(at(value, ...path))

/** The last word of a problem's type or code. */
export function problemOf({ body }: Told): string {
  const { type, code, error } = body
  const urn = /^urn:.*:([a-z_]+)$/.exec(String(type))?.[1]
  return urn ?? String(code ?? error ?? type)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
