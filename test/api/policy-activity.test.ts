/** What the rules did lately, and the rules as files: counted right, the same when read again, and not for everybody. */
import { beforeAll, expect, test } from 'vitest'
import { asked, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
beforeAll(async () => {
  surface = await openSurface()
})

test('waivers are counted under their tier, entitlement and kind, with what came of them and what was refused', async () => {
  const { client, world } = surface
  const first = yes(await client('per_asker').ask({ terms: asked(world.now) })).waiver
  const digest = first.proposal?.digest ?? ''
  await surface.post('per_mate', `/v1/waivers/${first.id}/countersignature`, { digest })
  yes(await client('per_sam').deny(first.id, { digest, reason: 'not tonight' }))
  const second = yes(await client('per_asker').ask({ terms: asked(world.now) })).waiver
  const before = yes(await client('per_watch').policyActivity())
  const rule = (of: string) => before.rules.find((one) => one.of === of && one.asked > 0)
  expect(rule('tier')).toMatchObject({ id: second.obligations.tier, asked: 2, given: 0, denied: 1, latest: second.id })
  expect(rule('entitlement')).toMatchObject({
    id: `${second.terms.access.system} ${second.terms.access.entitlement}`,
    asked: 2,
    denied: 1,
    live: 0,
  })
  expect(rule('entitlement')?.refused).toBeGreaterThan(0)
  expect(rule('kind')).toMatchObject({ id: 'access-override', asked: 2 })
  expect(rule('duty-rule')).toBeUndefined()
  expect(before.complete).toBe(true)
  yes(
    await client('per_sue').countersign(second.id, {
      digest: second.proposal?.digest ?? '',
      acknowledges: [first.id],
    }),
  )
  const after = yes(await client('per_watch').policyActivity())
  expect(after.rules.find(({ of }) => of === 'tier')).toMatchObject({ given: 1 })
  expect(after.pools.reduce((sum, { countersigned }) => sum + countersigned, 0)).toBeGreaterThan(0)
})

test('neither is for whoever only asks', async () => {
  for (const path of ['/v1/policy/activity', '/v1/policy/files'])
    expect((await surface.get('per_asker', path)).body.code, path).toBe('not-permitted')
  for (const days of ['0', '367', 'a'])
    expect((await surface.get('per_watch', `/v1/policy/activity?days=${days}`)).status, days).toBe(400)
})
