/** Everybody tries to approve, over HTTP: who asks, who stands near, who grants, machines, stale sign-ins. */
import { beforeAll, describe, expect, test } from 'vitest'
import { asked, no, openSurface, type Surface, yes } from './support/surface.ts'

let surface: Surface
let id: string
let digest: string

beforeAll(async () => {
  surface = await openSurface()
  const { waiver } = yes(await surface.client('per_asker').ask({ terms: asked(surface.world.now) }))
  id = waiver.id
  digest = waiver.proposal?.digest ?? ''
})

const approve = (token: string) => surface.post(token, `/v1/waivers/${id}/countersignature`, { digest })

describe('who may not countersign hears why, whatever they call it', () => {
  test.each([
    ['[B01] the requester', 'per_asker', 403, 'approver-is-requester'],
    ['[B04] a team mate', 'per_mate', 403, 'approver-not-independent'],
    ['[B04] somebody on the same rota', 'per_oncall', 403, 'approver-not-independent'],
    ['[B05] somebody who administers the target', 'per_dba', 403, 'approver-not-independent'],
    ['[B06] somebody outside who is in no pool', 'per_lee', 403, 'approver-not-in-pool'],
    ['[B08] somebody who has left', 'per_gone', 403, 'not-active-in-directory'],
    ['[B13] somebody nobody knows', 'per_ghost', 403, 'unknown-person'],
    ['[B22] the requester’s agent', 'wl_agent', 403, 'only-people-decide'],
    ['[B22] a bot', 'wl_bot', 403, 'only-people-decide'],
    ['[B22] an approver through an agent', 'per_sam via wl_agent', 403, 'only-people-decide'],
    ['an approver with a sign-in of an hour ago', 'per_sam stale', 401, 'sign-in-not-fresh'],
    ['an approver with a token of a device', 'per_sam device', 401, 'sign-in-not-fresh'],
  ])('%s', async (_who, token, status, code) => {
    const answer = await approve(token)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    // A no never looks like a yes, and changes nothing but the record of the attempt.
    expect(answer.body.waiver).toBeUndefined()
    const waiver = await surface.world.waiver(id)
    expect([waiver.status, waiver.proposal?.countersignatures]).toEqual(['requested', []])
  })

  test('a stale sign-in is told how to do better (RFC 9470)', async () => {
    const { headers } = await approve('per_sam stale')
    expect(headers['www-authenticate']).toMatch(/^Bearer .*error="insufficient_user_authentication".*max_age="300"$/)
  })

  test('[B14] another digest is another thing', async () => {
    const answer = await surface.post('per_sam', `/v1/waivers/${id}/countersignature`, {
      digest: `sha256:${'0'.repeat(64)}`,
    })
    expect([answer.status, answer.body.code]).toEqual([409, 'terms-changed'])
  })

  test('[B20] every attempt is on the record, with what was said', async () => {
    const { body } = await surface.get('per_rae', `/v1/waivers/${id}/events`)
    const attempts = body.events.filter(({ type }: { type: string }) => type === 'AttemptRefused')
    expect(attempts.length).toBeGreaterThanOrEqual(14)
    expect(new Set(attempts.map(({ body: attempt }: { body: { code: string } }) => attempt.code))).toContain(
      'approver-is-requester',
    )
  })

  test('what one may try is said before, and the same', async () => {
    const acts = async (who: string) => {
      const { body } = await surface.get(who, `/v1/waivers/${id}`)
      return Object.fromEntries(
        body.standing.acts.map(({ act, may, because }: { act: string; may: boolean; because?: string }) => [
          act,
          may ? 'yes' : because,
        ]),
      )
    }
    expect(await acts('per_sam')).toMatchObject({
      countersign: 'yes',
      deny: 'yes',
      'ask-back': 'yes',
      activate: 'not-permitted',
      withdraw: 'not-permitted',
    })
    expect(await acts('per_mate')).toMatchObject({
      countersign: 'approver-not-independent',
      deny: 'approver-not-independent',
    })
    expect(await acts('per_asker')).toMatchObject({
      countersign: 'approver-not-independent',
      withdraw: 'yes',
      revoke: 'yes',
      activate: 'not-in-this-state',
      answer: 'not-in-this-state',
      'request-extension': 'not-in-this-state',
    })
    expect(await acts('per_watch')).toMatchObject({
      revoke: 'yes',
      countersign: 'approver-not-in-pool',
      suspend: 'not-in-this-state',
    })
    const waits = async (who: string) => yes(await surface.client(who).waivers({ waitsForMe: true })).waivers.length
    expect([
      await waits('per_sam'),
      await waits('per_mate'),
      await waits('per_asker'),
      await waits('per_watch'),
    ]).toEqual([1, 0, 0, 0])
  })

  test('[B12] of many approvals at once, one counts', async () => {
    const people = ['per_sam', 'per_sue', 'per_sid']
    for (const person of people) await surface.world.signers.enrol(person)
    const approved = (person: string) => surface.client(person).countersign(id, { digest })
    const answers = (await Promise.all([...people, ...people].map(approved))).map(no)
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1)
    // Whoever had it on the screen already sees that something has changed; the others that nothing waits any more.
    for (const answer of answers) expect(['accepted', 'nothing-to-decide', 'context-changed']).toContain(answer)
    expect((await surface.world.waiver(id)).approvals).toHaveLength(1)
  })

  test('whoever countersigned never activates; whoever asked may', async () => {
    const { approvals } = await surface.world.waiver(id)
    const by = approvals[0]?.by ?? ''
    expect((await surface.post(by, `/v1/waivers/${id}/activation`, {})).body.code).toBe('approver-never-activates')
    expect((await surface.post('per_asker', `/v1/waivers/${id}/activation`, {})).status).toBe(200)
  })

  test('[B15] no token makes anybody the system, whatever the directory says', async () => {
    for (const token of ['sys_countersign', 'team_security', 'acc_asker', 'rota_payments', '']) {
      const answer = await surface.post(token, `/v1/waivers/${id}/revocation`, { reason: 'x' })
      expect(answer.status, token).toBeGreaterThanOrEqual(401)
      expect((await surface.get(token, '/v1/feed')).status, token).toBeGreaterThanOrEqual(401)
    }
    expect((await surface.world.waiver(id)).end).toBeUndefined()
  })

  test('[B15] acts that only the system does have no address', async () => {
    for (const noun of [
      'tick',
      'confirmation',
      'confirm-activation',
      'removal',
      'report-removal',
      'expiry',
      'events',
      'approval',
      'grant',
    ]) {
      const { status } = await surface.post('per_watch', `/v1/waivers/${id}/${noun}`, {})
      expect([404, 405], noun).toContain(status)
    }
    for (const url of ['/v1/grants', '/v1/directory/nodes', '/v1/policy', '/v1/feed', '/v1/me', '/v1/founding']) {
      expect((await surface.post('per_ops', url, {})).status, url).toBe(405)
    }
  })
})
