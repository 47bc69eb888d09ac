/** SCIM 2.0 as identity providers speak it: over HTTP, on a real installation, and the waivers follow. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApi } from '../../src/api/api.ts'
import { directoryScim } from '../../src/connectors/directory-scim/source.ts'
import { type Prompt, promptly } from '../../src/engine/directories/promptly.ts'
import { why } from '../../src/engine/why.ts'
import { readPolicy } from '../../src/files/policy.ts'
import { termsFor } from '../support/life.ts'
import { openWorld, type World } from '../support/world.ts'
import { enterprise, patchSchema, type ScimClient, scimClient, userSchema } from './client.ts'

const tokens = { idp: 'a'.repeat(40), other: 'b'.repeat(40) }
const digestOf = (token: string) => createHash('sha256').update(token).digest()

let world: World & { close(): Promise<void> }
let api: FastifyInstance
let prompt: Prompt
let base: string
let idp: ScimClient
let other: ScimClient

beforeAll(async () => {
  world = await openWorld()
  const { machinery, sources } = world.app
  const source = directoryScim({
    source: 'idp',
    ids: 'userName',
    idPrefix: '',
    accounts: [],
    accountsConfirmedBy: undefined,
    departments: true,
    externalTypes: ['Guest'],
    state: world.store.scim,
  })
  // What is pushed and takes nobody away may come in a moment; here it comes when the test says so.
  prompt = promptly(machinery, { ...source, shrink: { share: 1, atLeast: 1, withinSeconds: 1 } })
  api = buildApi({
    machinery,
    sources,
    authenticate: async () => ({ problem: 'token-missing', kind: 'unauthenticated', message: 'sign in' }),
    readPolicyFiles: readPolicy,
    checkPolicy: async () => ({ findings: [], tiers: [] }),
    natureOf: async () => undefined,
    ready: async () => ({ checks: [] }),
    publicUrl: 'http://localhost',
    scim: {
      sources: [
        { source: 'idp', ids: 'userName', idPrefix: '', tokenDigest: digestOf(tokens.idp) },
        { source: 'other', ids: 'generated', idPrefix: 'other-', tokenDigest: digestOf(tokens.other) },
      ],
      state: world.store.scim,
      readNow: async (id) => (id === 'idp' ? prompt.now() : undefined),
      readSoon: () => {},
      stop: () => prompt.stop(),
    },
  })
  await api.listen({ port: 0, host: '127.0.0.1' })
  const address = api.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  base = `http://127.0.0.1:${address.port}/scim/v2`
  idp = scimClient(base, tokens.idp)
  other = scimClient(base, tokens.other)
})
afterAll(async () => {
  await api?.close()
  await world?.close()
})

describe('a provider provisions, moves and deactivates people, and the waivers follow', () => {
  const ids = new Map<string, string>()
  const idOf = (name: string) => ids.get(name) ?? ''
  const ask = async () =>
    world.must('per_asker', {
      type: 'request',
      terms: termsFor({ window: { start: world.now, end: '2026-11-22T14:00:00.000Z' } }),
    })

  test('it provisions', async () => {
    for (const name of ['asker', 'sam', 'sue', 'boss'])
      ids.set(
        name,
        await idp.user(name, { displayName: name, emails: [{ value: `${name}@acme.example`, primary: true }] }),
      )
    ids.set('squad', await idp.group('Ledger squad', idOf('asker')))
    await prompt.now()
    const waiver = await ask()
    expect((await world.countersign('per_sam', waiver.id)).outcome).toBe('accepted')
    await world.must('per_asker', { type: 'withdraw', reason: 'tried out' }, waiver.id)
  })

  test('[B04] [B08] it moves: whoever comes into the team, or above it, no longer decides for it', async () => {
    await idp.patch(`/Groups/${idOf('squad')}`, { op: 'Add', path: 'members', value: [{ value: idOf('sam') }] })
    await idp.patch(`/Users/${idOf('asker')}`, { op: 'Add', path: `${enterprise}:manager`, value: idOf('sue') })
    await prompt.now()
    const waiver = await ask()
    for (const [actor, code] of [
      ['per_sam', 'on-requesting-team'],
      ['per_sue', 'in-reporting-line'],
    ] as const) {
      const handled = await world.countersign(actor, waiver.id)
      expect(handled).toMatchObject({
        outcome: 'refused',
        refusal: { code: 'approver-not-independent', message: expect.stringContaining(code) },
      })
      if (handled.outcome === 'refused')
        expect(handled.refusal.conflicts?.flatMap(({ path }) => path.map(({ source }) => source))).toContain('idp')
    }
    // Left again, it goes on counting.
    await idp.patch(`/Groups/${idOf('squad')}`, { op: 'remove', path: `members[value eq "${idOf('sam')}"]` })
    await prompt.now()
    expect((await world.countersign('per_sam', waiver.id)).outcome).toBe('refused')
    expect((await world.countersign('per_sid', waiver.id)).outcome).toBe('accepted')
    await world.must('per_asker', { type: 'activate' }, waiver.id)
    await world.settle()
    ids.set('waiver', waiver.id)
  })

  test('[revocation/automatic] [B08] it deactivates: when it hears yes, the access has ended, and is taken away', async () => {
    expect(world.target.given.size).toBe(1)
    await world.after(60)
    const answer = await idp.patch(`/Users/${idOf('asker')}`, { op: 'Replace', path: 'active', value: 'False' })
    expect([answer.status, answer.body.active]).toEqual([200, false])
    const waiver = await world.waiver(idOf('waiver'))
    expect(waiver).toMatchObject({ status: 'ended', end: { cause: 'deactivated' } })
    await world.settle()
    expect(world.target.given.size).toBe(0)
    expect((await why(world.app.machinery, waiver.id))?.follows).toBe(true)
    const [changed] = (await world.store.waivers.events('directory')).slice(-1)
    expect(changed?.body).toMatchObject({
      source: 'idp',
      revision: expect.stringMatching(/^scim:\d+$/),
      departed: ['per_asker'],
    })
  })

  test('[B08] deleted and made anew, somebody is who they were', async () => {
    await idp.call('DELETE', `/Users/${idOf('asker')}`)
    expect((await idp.get(`/Users/${idOf('asker')}`)).status).toBe(404)
    const again = await idp.user('asker', { displayName: 'Somebody new' })
    expect(again).not.toBe(idOf('asker'))
    expect((await world.store.scim.find({ source: 'idp', kind: 'User' }, again))?.node).toBe('per_asker')
  })
})

describe('the protocol', () => {
  test('it says what it offers, and the schemas are the standard’s with the enterprise extension', async () => {
    const config = await idp.get('/ServiceProviderConfig')
    expect(config.headers.get('content-type')).toContain('application/scim+json')
    expect(config.body).toMatchObject({
      patch: { supported: true },
      filter: { supported: true },
      etag: { supported: true },
      bulk: { supported: false },
    })
    expect((await idp.get('/ResourceTypes')).body.Resources.map((one: { id: string }) => one.id)).toEqual([
      'User',
      'Group',
    ])
    const { Resources } = (await idp.get('/Schemas')).body
    expect(Resources.map((one: { id: string }) => one.id)).toContain(enterprise)
    expect((await idp.get(`/Schemas/${userSchema}`)).body.attributes.length).toBeGreaterThan(10)
    expect((await idp.get('/ResourceTypes/User')).body.schemaExtensions).toEqual([
      { schema: enterprise, required: false },
    ])
    expect((await idp.get('/Nothing')).body).toMatchObject({
      status: '404',
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    })
  })

  test('a user comes back as it was sent, with what only we know', async () => {
    const sent = {
      schemas: [userSchema, enterprise],
      userName: 'Ana@acme.example',
      externalId: 'E-77',
      name: { givenName: 'Ana', familyName: 'Lopes' },
      emails: [{ value: 'ana@acme.example', type: 'work', primary: true }],
      password: 'hunter2',
      groups: [{ value: 'made-up' }],
      id: 'chosen',
      'urn:custom:Thing': { x: 1 },
      [enterprise]: { department: 'Risk', employeeNumber: '77' },
    }
    const created = await other.call('POST', '/Users', sent)
    expect(created.status).toBe(201)
    const { id } = created.body
    expect(id).not.toBe('chosen')
    expect(created.headers.get('location')).toBe(`http://localhost/scim/v2/Users/${id}`)
    expect(created.headers.get('etag')).toBe('W/"1"')
    expect(created.body).toMatchObject({
      userName: 'Ana@acme.example',
      externalId: 'E-77',
      active: true,
      [enterprise]: { department: 'Risk' },
      meta: { resourceType: 'User', version: 'W/"1"' },
    })
    expect(JSON.stringify(created.body)).not.toMatch(/hunter2|made-up|custom/)
    const group = await other.group('Risk', id)
    expect((await other.get(`/Users/${id}`)).body.groups).toMatchObject([{ value: group, display: 'Risk' }])
    const chosen = (await other.get(`/Users/${id}?attributes=userName`)).body
    expect(Object.keys(chosen).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
    expect((await other.get(`/Groups/${group}?excludedAttributes=members`)).body).not.toHaveProperty('members')
  })

  test('lists by page and by filter', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await other.user(name, { title: 'paged' })
    const page = (await other.get('/Users?startIndex=2&count=2')).body
    expect(page).toMatchObject({ startIndex: 2, itemsPerPage: 2, totalResults: 4 })
    const found = async (filter: string) =>
      (await other.get(`/Users?filter=${encodeURIComponent(filter)}`)).body.Resources.map(
        (one: { userName: string }) => one.userName,
      )
    expect(await found('userName eq "PAGE-A"')).toEqual(['page-a'])
    expect(await found('title eq "paged" and userName eq "page-b"')).toEqual(['page-b'])
    expect(await found('externalId eq "E-77"')).toEqual(['Ana@acme.example'])
    expect(await found('userName eq "nobody"')).toEqual([])
    expect((await other.get('/Users?count=0')).body).toMatchObject({ totalResults: 4, itemsPerPage: 0 })
    expect((await other.get('/Users?filter=userName sw "p"')).body).toMatchObject({
      status: '400',
      scimType: 'invalidFilter',
    })
  })

  test('[B12] versions: what changed meanwhile is not written over, and nothing is written that changes nothing', async () => {
    const id = await other.user('versioned')
    const at = `/Users/${id}`
    expect((await other.get(at, { 'if-none-match': 'W/"1"' })).status).toBe(304)
    const body = (title: string) => ({
      schemas: [patchSchema],
      Operations: [{ op: 'replace', path: 'title', value: title }],
    })
    expect((await other.call('PATCH', at, body('a'), { 'if-match': 'W/"1"' })).headers.get('etag')).toBe('W/"2"')
    expect((await other.call('PATCH', at, body('b'), { 'if-match': 'W/"1"' })).status).toBe(412)
    expect((await other.call('PATCH', at, body('a'))).headers.get('etag')).toBe('W/"2"')
    const many = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        other.call('PATCH', at, {
          schemas: [patchSchema],
          Operations: [{ op: 'add', path: 'roles', value: [{ value: `r${n}` }] }],
        }),
      ),
    )
    expect(many.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect((await other.get(at)).body.roles).toHaveLength(6)
    const put = await other.call('PUT', at, { schemas: [userSchema], userName: 'versioned' })
    expect(put.body).not.toHaveProperty('roles')
  })

  test('members are there, and only once', async () => {
    const id = await other.user('member')
    expect(
      (await other.call('POST', '/Groups', { displayName: 'G', members: [{ value: 'nobody' }] })).body.scimType,
    ).toBe('invalidValue')
    const group = await other.group('Once', id, id)
    expect((await other.get(`/Groups/${group}`)).body.members).toEqual([{ value: id }])
    expect(
      (await other.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: group }] })).status,
    ).toBe(400)
  })

  test('of many members one comes and one goes, and somebody who was deleted stands in nobody’s way', async () => {
    const people: string[] = []
    for (let n = 0; n < 5; n++) people.push(await other.user(`one of many ${n}`))
    const group = await other.group('Many', ...people.slice(0, 4))
    const members = async () =>
      (await other.get(`/Groups/${group}`)).body.members.map(({ value }: { value: string }) => people.indexOf(value))
    await other.call('DELETE', `/Users/${people[0]}`)
    const add = { op: 'Add', path: 'members', value: [{ value: people[4], type: 'user' }] }
    expect((await other.patch(`/Groups/${group}`, add)).status).toBe(200)
    expect(await members()).toEqual([0, 1, 2, 3, 4])
    await other.patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ value: people[0] }] })
    await other.patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${people[2]}"]` })
    expect(await members()).toEqual([1, 3, 4])
    // A name is changed without its members being touched.
    await other.patch(`/Groups/${group}`, { op: 'replace', path: 'displayName', value: 'Fewer' })
    expect(await members()).toEqual([1, 3, 4])
    for (const wrong of ['text', 7, { value: people[1], type: 'Robot' }, { value: 'nobody' }, { value: { a: 1 } }])
      expect(
        (await other.patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [wrong] })).status,
        JSON.stringify(wrong),
      ).toBe(400)
    await other.patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [{ value: people[4] }] })
    expect(await members()).toEqual([4])
  })
})

describe('[fail/closed] who may push', () => {
  test('only whoever has the token of a source, and only into that source', async () => {
    for (const token of [undefined, 'x', tokens.idp.slice(1), `${tokens.idp}a`, tokens.idp.toUpperCase()]) {
      const answer = await scimClient(base, token).get('/Users')
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="countersign-scim"'])
    }
    const id = await other.user('theirs')
    expect((await idp.get(`/Users/${id}`)).status).toBe(404)
    expect((await idp.call('DELETE', `/Users/${id}`)).status).toBe(404)
    expect((await idp.get('/Users?filter=userName eq "theirs"')).body.totalResults).toBe(0)
    expect(
      (await fetch(base.replace('/scim/v2', '/v1/directory'), { headers: { authorization: `Bearer ${tokens.idp}` } }))
        .status,
    ).toBe(401)
  })

  test('[B13] a name that is taken in another spelling is taken', async () => {
    await other.user('Zoë@x')
    for (const userName of ['ZOË@X', 'Zoe\u0308@x', '\uff3a\uff4f\u00eb@x'])
      expect((await other.call('POST', '/Users', { userName })).body).toMatchObject({
        status: '409',
        scimType: 'uniqueness',
      })
    // Where ids are what a client says, they are plain, and nobody else's.
    expect((await idp.call('POST', '/Users', { userName: 'per/../x' })).status).toBe(400)
    expect((await idp.call('POST', '/Users', { userName: 'm\u0430ria' })).status).toBe(400)
  })

  test('[B15] odd bodies are refused', async () => {
    const post = (body: unknown, headers = {}) => other.call('POST', '/Users', body, headers)
    expect((await post('{"userName":"a","userName":"b"}')).status).toBe(400)
    expect((await post('{"__proto__":{"active":false},"userName":"c"}')).status).toBe(400)
    expect((await post('userName=a', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
    expect((await post({ userName: 'a\0b' })).status).toBe(400)
    expect((await post([])).status).toBe(400)
    expect((await post({ userName: '' })).body.scimType).toBe('invalidValue')
    expect((await other.call('POST', '/Bulk', {})).status).toBe(404)
  })
})
