/** An identity provider at the other end of the line: it provisions, moves and deactivates people over HTTP, as the large ones do. */
export interface ScimAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came back
  readonly body: any
}

export const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export type ScimClient = ReturnType<typeof scimClient>

export function scimClient(base: string, token: string | undefined) {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ScimAnswer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await call('POST', path, body)
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body.id
  }
  return {
    call,
    get: (path: string, headers?: Record<string, string>) => call('GET', path, undefined, headers),
    user: (userName: string, more: object = {}) =>
      made('/Users', { schemas: [userSchema, enterprise], userName, active: true, ...more }),
    group: (displayName: string, ...members: readonly string[]) =>
      made('/Groups', { schemas: [groupSchema], displayName, members: members.map((value) => ({ value })) }),
    patch: (path: string, ...Operations: readonly object[]) =>
      call('PATCH', path, { schemas: [patchSchema], Operations }),
  }
}
