/** Every form in which the two large providers, and the standard's own examples, send a PATCH. */
import { describe, expect, test } from 'vitest'
import { enterpriseSchema as e, patchSchema } from './definitions.ts'
import { ScimError } from './error.ts'
import type { Json } from './normal.ts'
import { applyPatch } from './patch.ts'

const user: Json = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: 'u1',
  userName: 'maria@acme.example',
  active: true,
  name: { givenName: 'Maria', familyName: 'Oliveira' },
  emails: [{ value: 'maria@acme.example', type: 'work', primary: true }],
}
const group: Json = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  id: 'g1',
  displayName: 'Payments',
  members: [{ value: 'u1' }, { value: 'u2' }],
}

async function patch(kind: 'User' | 'Group', resource: Json, ...Operations: readonly object[]): Promise<Json> {
  return applyPatch(kind, resource, { schemas: [patchSchema], Operations })
}

async function refusal(kind: 'User' | 'Group', resource: Json, message: unknown): Promise<unknown> {
  try {
    await applyPatch(kind, resource, message)
    return undefined
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    return [error.status, error.scimType]
  }
}

describe('a user', () => {
  test.each<[string, object, object]>([
    ['Okta deactivates', { op: 'replace', value: { active: false } }, { active: false }],
    ['Entra deactivates', { op: 'Replace', path: 'active', value: 'False' }, { active: false }],
    ['Entra deactivates, mended', { op: 'Replace', path: 'active', value: false }, { active: false }],
    [
      'a part of a name',
      { op: 'Replace', path: 'name.familyName', value: 'Silva' },
      { name: { givenName: 'Maria', familyName: 'Silva' } },
    ],
    [
      'an attribute in another case',
      { op: 'replace', path: 'USERNAME', value: 'm@acme.example' },
      { userName: 'm@acme.example' },
    ],
    [
      'members of an object with dots and URNs',
      { op: 'replace', value: { 'name.givenName': 'Mary', displayName: 'Mary O.', [`${e}:department`]: 'Risk' } },
      { name: { givenName: 'Mary', familyName: 'Oliveira' }, displayName: 'Mary O.', [e]: { department: 'Risk' } },
    ],
    [
      'a value that a filter finds',
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'm@x' },
      { emails: [{ value: 'm@x', type: 'work', primary: true }] },
    ],
    [
      'a value that a filter does not find',
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'h@x' },
      { emails: [...(user.emails as object[]), { type: 'home', value: 'h@x' }] },
    ],
    [
      'a value by a flag in words',
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'auditor' },
      { roles: [{ primary: true, value: 'auditor' }] },
    ],
    [
      'an address by parts',
      { op: 'Add', path: 'addresses[type eq "work"].country', value: 'PT' },
      { addresses: [{ type: 'work', country: 'PT' }] },
    ],
    ['a manager as bare text', { op: 'Add', path: `${e}:manager`, value: 'u9' }, { [e]: { manager: { value: 'u9' } } }],
    [
      'a manager as an object',
      { op: 'Replace', path: `${e}:manager`, value: { value: 'u9' } },
      { [e]: { manager: { value: 'u9' } } },
    ],
    [
      'a manager by the part',
      { op: 'Replace', path: `${e}:manager.value`, value: 'u9' },
      { [e]: { manager: { value: 'u9' } } },
    ],
    [
      'the whole extension',
      { op: 'add', value: { [e]: { department: 'Risk', manager: { value: 'u9' } } } },
      { [e]: { department: 'Risk', manager: { value: 'u9' } } },
    ],
    ['an extension as a path', { op: 'add', path: e, value: { department: 'Risk' } }, { [e]: { department: 'Risk' } }],
    ['null for nothing', { op: 'replace', path: 'title', value: null }, { userName: 'maria@acme.example' }],
    [
      'something that is not there is taken away',
      { op: 'remove', path: 'emails[type eq "other"]' },
      { emails: user.emails },
    ],
    ['what no schema names is left out', { op: 'replace', value: { nonsense: 1, title: 'Lead' } }, { title: 'Lead' }],
  ])('%s', async (_, operation, expected) => {
    expect(await patch('User', user, operation)).toMatchObject(expected)
  })

  test('what is taken away is gone, also the manager and the last e-mail', async () => {
    const managed = await patch('User', user, { op: 'add', path: `${e}:manager`, value: 'u9' })
    for (const operation of [
      { op: 'Remove', path: `${e}:manager` },
      { op: 'Replace', path: `${e}:manager`, value: '' },
      { op: 'remove', path: `${e}:manager.value` },
    ])
      expect(await patch('User', managed, operation)).not.toHaveProperty([e, 'manager'])
    expect(await patch('User', user, { op: 'remove', path: 'emails[type eq "work"]' })).not.toHaveProperty('emails')
  })

  test('[B14] nobody sets what only we know, and secrets are not kept', async () => {
    const after = await patch('User', user, {
      op: 'replace',
      value: { id: 'u2', meta: { version: 'x' }, groups: [{ value: 'g' }], password: 'hunter2', title: 'Lead' },
    })
    expect(after).toMatchObject({ id: 'u1', title: 'Lead' })
    for (const name of ['password', 'groups']) expect(after).not.toHaveProperty(name)
  })
})

describe('a group', () => {
  test.each<[string, readonly object[], readonly string[]]>([
    ['Entra adds', [{ op: 'Add', path: 'members', value: [{ value: 'u3' }] }], ['u1', 'u2', 'u3']],
    ['who is there is added again', [{ op: 'Add', path: 'members', value: [{ value: 'u1' }] }], ['u1', 'u2']],
    ['Entra removes by value', [{ op: 'Remove', path: 'members', value: [{ value: 'u1' }] }], ['u2']],
    ['Okta removes by filter', [{ op: 'remove', path: 'members[value eq "u1"]' }], ['u2']],
    ['who is not there is removed', [{ op: 'remove', path: 'members[value eq "u7"]' }], ['u1', 'u2']],
    ['Okta replaces all', [{ op: 'replace', path: 'members', value: [{ value: 'u9', display: 'x' }] }], ['u9']],
    ['nobody is left', [{ op: 'replace', path: 'members', value: [] }], []],
    ['all are removed', [{ op: 'remove', path: 'members' }], []],
    ['an object without a path', [{ op: 'add', value: { members: [{ value: 'u7' }] } }], ['u1', 'u2', 'u7']],
    [
      'several in one message, in order',
      [
        { op: 'remove', path: 'members[value eq "u1"]' },
        { op: 'add', path: 'members', value: [{ value: 'u5' }] },
        { op: 'remove', path: 'members[value eq "u2"]' },
      ],
      ['u5'],
    ],
  ])('%s', async (_, operations, members) => {
    const after = await patch('Group', group, ...operations)
    expect(((after.members ?? []) as readonly Json[]).map(({ value }) => value)).toEqual(members)
  })

  test('Okta renames with the id beside', async () => {
    const after = await patch('Group', group, { op: 'replace', value: { id: 'g1', displayName: 'Payments core' } })
    expect(after).toMatchObject({ id: 'g1', displayName: 'Payments core' })
  })
})

test('[fail/closed] what cannot be applied is refused, and nothing of the message is', async () => {
  const message = (...Operations: readonly unknown[]) => ({ schemas: [patchSchema], Operations })
  const bad: readonly [unknown, string][] = [
    [message(), 'invalidValue'],
    [message({ op: 'move', path: 'title', value: 'x' }), 'invalidSyntax'],
    [message({ op: 'remove' }), 'noTarget'],
    [message({ op: 'replace', path: 'emails[', value: 'x' }), 'invalidPath'],
    [message({ op: 'replace', path: 'emails[type sw "w"].value', value: 'x' }), 'invalidFilter'],
    [message({ op: 'replace', path: 'userName', value: { x: 1 } }), 'invalidValue'],
    [message({ op: 'replace', path: 'active', value: 'perhaps' }), 'invalidValue'],
    [{ Operations: [{ op: 'replace', value: { active: false } }] }, 'invalidSyntax'],
    [message('x'), 'invalidSyntax'],
    [message({ op: 'replace', path: ['active'], value: false }), 'invalidPath'],
  ]
  for (const [sent, type] of bad) expect(await refusal('User', user, sent), JSON.stringify(sent)).toEqual([400, type])
  const half = message({ op: 'replace', path: 'title', value: 'Lead' }, { op: 'remove' })
  expect(await refusal('User', user, half)).toEqual([400, 'noTarget'])
  expect(user).not.toHaveProperty('title')
})
