// biome-ignore-all lint/suspicious/noExplicitAny: demonstrations reach past the types on purpose
/** What a writer with the application's own database role can forge, and whether anything notices. */
import { afterEach, expect, test } from 'vitest'
import { asEarlier } from '../../../src/engine/circumstances.ts'
import { why } from '../../../src/engine/why.ts'
import { canonicalJson, digestOfText } from '../../../src/lib/digest.ts'
import { pack } from '../../../src/store/revisions.ts'
import { lifeAt, newLife, noon, organisation, policyFor, termsFor } from '../../support/life.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: (World & { close(): Promise<void> }) | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

async function asApp(w: World, sql: string, params: unknown[] = []) {
  await w.query('set role countersign_app')
  try {
    await w.query(sql, params)
  } finally {
    await w.query('reset role')
  }
}

test('[B20] [B23] a body that no longer fits its hash is noticed', async () => {
  world = await openWorld()
  const w = world
  const asked = await w.must('per_asker', { type: 'request', terms: termsFor() })
  await w.must('per_sam', { type: 'ask-back', text: 'are you sure' }, asked.id)
  const [row] = await w.query<{ event: string; body: string }>(
    `select event, body from event_bodies where body like '%are you sure%'`,
  )
  const body = JSON.parse(row!.body)
  const before = (await w.store.revisions.circumstances(body.facts.circumstances)) as any
  const forged = canonicalJson({ ...before, command: { ...before.command, text: 'looks fine to me' } })
  await asApp(w, `insert into revisions values ($1, 'circumstances', $2)`, [digestOfText(forged), pack(forged)])
  await asApp(w, 'update event_bodies set body = $1 where event = $2', [
    canonicalJson({ ...body, text: 'looks fine to me', facts: { ...body.facts, circumstances: digestOfText(forged) } }),
    row!.event,
  ])
  expect((await why(w.app.machinery, asked.id))?.follows).toBe(false)
})

test('[B23] a forged state of a waiver gives no access', async () => {
  world = await openWorld()
  const w = world
  const asked = await w.must('per_asker', { type: 'request', terms: termsFor() })
  const { proposal: _, ...rest } = asked
  const state = {
    ...rest,
    status: 'countersigned',
    approvals: [{ by: 'per_sam', at: noon, event: 'evt_x.9', saw: asked.digest, signed: asked.digest }],
  }
  await asApp(w, 'update waivers set state = $1, status = $2 where id = $3', [
    JSON.stringify(state),
    'countersigned',
    asked.id,
  ])
  const started = await w.handle('per_asker', { type: 'activate' }, asked.id)
  await w.settle()
  expect({ started: started.outcome, given: w.target.given.size }).not.toEqual({ started: 'accepted', given: 1 })
})

test('[SoD] a rule that an exception breaks already still asks every further access for an exception', () => {
  const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT1H' }]
  const exception = { rule: 'post-and-approve', other: { system: 'sys_ledger', entitlement: 'ledger-approve' } }
  const one = lifeAt('active', {
    terms: {
      kind: 'sod-exception',
      exception,
      controls,
      access: { ...termsFor().access, resources: ['ledger.entries'] },
    },
  })
  const two = lifeAt('active', {
    terms: { access: { ...termsFor().access, entitlement: 'ledger-approve', actions: ['approve'] } },
  })
  const earlier = [
    { ...asEarlier(one.waiver!), id: 'wvr_1' },
    { ...asEarlier(two.waiver!), id: 'wvr_2' },
  ]
  const life = newLife()
  const d = life.do(
    'per_asker',
    { type: 'request', terms: termsFor({ access: { ...termsFor().access, resources: ['ledger.accounts'] } }) },
    { earlier },
  )
  expect(d.outcome === 'refused' ? d.refusal.code : 'accepted').toBe('creates-duty-conflict')
})

test('[B02] [B18] the cap of one person is not doubled by a second name of theirs', async () => {
  const policy = policyFor({
    extension: { countMax: 0, cumulativeSecondsMax: 7200, overSeconds: 7 * 86_400, distinctCountersigner: true },
  })
  const directory = `${organisation}
    per_asker2 same-as per_asker
    per_asker2 member-of team_payments
    acc_asker2 on sys_ledger login asker_two
    acc_asker2 belongs-to per_asker2 confirmed`
  world = await openWorld({ policy, directory })
  const w = world
  const asked = await w.must('per_asker', { type: 'request', terms: termsFor() })
  await w.countersign('per_sam', asked.id)
  await w.must('per_asker', { type: 'activate' }, asked.id)
  const access = { ...termsFor().access, account: 'asker_two' }
  const again = await w.handle('per_asker2', {
    type: 'request',
    terms: termsFor({ beneficiary: 'per_asker2', access }),
  })
  expect(again.outcome === 'refused' ? again.refusal.code : 'accepted').not.toBe('accepted')
})
