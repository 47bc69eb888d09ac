import { describe, expect, test } from 'vitest'
import { boundedMemory } from './memory.ts'

const noClients = () => undefined

describe('the memory of the sample provider', () => {
  test('finds what it was given, until it ends', async () => {
    let clock = 0
    const memory = boundedMemory(noClients, () => clock)
    await memory('Session').upsert('1', { uid: 'u' }, 10)
    clock = 9_999
    expect(await memory('Session').find('1')).toEqual({ uid: 'u' })
    expect(await memory('Session').findByUid('u')).toEqual({ uid: 'u' })
    expect(await memory('Grant').find('1')).toBeUndefined()
    clock = 10_000
    expect(await memory('Session').findByUid('u')).toBeUndefined()
    expect(await memory('Session').find('1')).toBeUndefined()
  })

  test('holds so many things, and lets go of the longest unused', async () => {
    const memory = boundedMemory(noClients, () => 0, 3)
    const codes = memory('AuthorizationCode')
    for (const id of ['a', 'b', 'c']) await codes.upsert(id, {}, 60)
    await codes.find('a')
    await codes.upsert('d', {}, 60)
    const kept = await Promise.all(['a', 'b', 'c', 'd'].map(async (id) => (await codes.find(id)) !== undefined))
    expect(kept).toEqual([true, false, true, true])
  })

  test('[B10] remembers that a code was used, and forgets everything of a revoked grant', async () => {
    const memory = boundedMemory(noClients, () => 5_000)
    await memory('DeviceCode').upsert('d', { userCode: 'ABCD', grantId: 'g' }, 60)
    await memory('AccessToken').upsert('t', { grantId: 'g' }, 60)
    await memory('DeviceCode').consume('d')
    expect(await memory('DeviceCode').findByUserCode('ABCD')).toMatchObject({ consumed: 5 })
    await memory('AccessToken').revokeByGrantId('g')
    expect([await memory('DeviceCode').find('d'), await memory('AccessToken').find('t')]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('asks for clients each time', async () => {
    let known = true
    const memory = boundedMemory((id) => (known ? { client_id: id } : undefined))
    expect(await memory('Client').find('builder')).toEqual({ client_id: 'builder' })
    known = false
    expect(await memory('Client').find('builder')).toBeUndefined()
  })
})
