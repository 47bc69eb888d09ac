/** Guardrails of an organisation in a whole installation: nobody takes one away alone, and nothing gets around one that fails. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Guardrails, Policy } from '../../src/core/policy.ts'
import { silent } from '../../src/engine/logger.ts'
import { handleChange, proposeRules, sweepChanges } from '../../src/engine/rules.ts'
import { check } from '../../src/engine/runtime/check.ts'
import { runtimeOn } from '../../src/engine/runtime/runtime.ts'
import { why } from '../../src/engine/why.ts'
import { readGuardrails } from '../../src/guardrails/index.ts'
import { openSurface, refreshDirectory, type Surface } from '../api/support/surface.ts'
import { form, liveOfAgent, liveOfBot, tokenOf, tokenPolicy } from '../api/support/tokens.ts'
import { withGateway } from '../support/gated.ts'

let surface: Surface
let agent: string
let bot: string

beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: tokenPolicy() })
  bot = await liveOfBot(surface)
  agent = await liveOfAgent(surface)
})

const all = '@id("all") permit(principal, action, resource);'
const small =
  '@id("small") forbid(principal, action == Action::"update", resource) when { context.arguments.amount > 100 };'

function guardrailsOf(text: string): Guardrails {
  const written = { types: { update: '{ amount: Long }' }, at: () => 'policy.yaml:1:1' }
  const read = readGuardrails([{ name: 'guardrails.cedar', text }], written, tokenPolicy())
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.guardrails
}

async function proposed(author: string, policy: Policy) {
  const { machinery } = surface.world.app
  const handled = await proposeRules(machinery, surface.world.person(author), policy, undefined, 'it is better so')
  if (handled.outcome === 'refused') throw new Error(handled.refusal.message)
  return handled.change
}

async function signedBy(signer: string, { id, proposed: digest }: { id: string; proposed: string }) {
  const { machinery } = surface.world.app
  return handleChange(machinery, id, { type: 'countersign', proposed: digest }, surface.world.person(signer))
}

async function inForce(guardrails: Guardrails | undefined): Promise<void> {
  const { guardrails: _, ...rest } = tokenPolicy()
  const change = await proposed('per_lee', { ...rest, ...(guardrails === undefined ? {} : { guardrails }) })
  expect(await signedBy('per_kim', change)).toMatchObject({ outcome: 'accepted' })
  await sweepChanges(surface.world.app.machinery)
  await surface.world.app.runtime.refresh()
}

const asked = async (parts: object = {}, more: object = {}) => {
  const question = {
    subject: { type: 'agent', id: 'wl_agent' },
    action: { name: 'update' },
    resource: { type: 'sys_ledger', id: 'ledger.entries' },
    context: { arguments: { amount: 5 }, ...parts },
    ...more,
  }
  const { body } = await surface.post('wl_gate', '/access/v1/evaluation', question)
  return body
}

describe('[agent/runtime-check] [fail/closed] guardrails of the organisation', () => {
  test('decide over every use at once when they come into force, for whoever enforces with their names', async () => {
    expect(await asked({ arguments: { amount: 500 } })).toMatchObject({ decision: true })
    await inForce(guardrailsOf(`${all}\n${small}`))
    expect(await asked()).toMatchObject({ decision: true, context: { waiver: agent } })
    const no = await asked({ arguments: { amount: 101 } })
    expect(no).toMatchObject({
      decision: false,
      context: { reason: 'guardrail-forbids', guardrails: ['small'], waiver: agent },
    })
    // Whoever is refused hears that a guardrail did it, and not which.
    const own = await surface.post('wl_agent', '/access/v1/evaluation', {
      subject: { type: 'agent', id: 'wl_agent' },
      action: { name: 'update' },
      resource: { type: 'sys_ledger', id: 'ledger.entries' },
      context: { arguments: { amount: 101 } },
    })
    expect(own.body.context).toMatchObject({ reason: 'guardrail-forbids' })
    expect(own.body.context.guardrails).toBeUndefined()
  })

  test('[B14] hear arguments as they were described, and anything else is a no', async () => {
    const odd = [
      undefined,
      {},
      { amount: '5' },
      { amount: 5, more: 1 },
      { amount: { __extn: { fn: 'ip', arg: '::1' } } },
    ]
    for (const given of odd) {
      const parts = given === undefined ? { arguments: undefined } : { arguments: given }
      expect((await asked(parts)).context.reason).toBe('guardrail-failed')
    }
    const twice =
      '{"subject":{"type":"agent","id":"wl_agent"},"action":{"name":"update"},"resource":{"type":"sys_ledger","id":"ledger.entries"},"context":{"arguments":{"amount":500,"amount":5}}}'
    expect((await surface.post('wl_gate', '/access/v1/evaluation', twice)).status).toBe(400)
  })

  test('turn every token into one that asks at each use, and end those that promised otherwise', async () => {
    await inForce(undefined)
    const { body: before } = await tokenOf(surface, 'wl_bot')
    expect(before.authorization_details).toMatchObject([{ identifier: bot, check: 'by-token' }])
    const look = async (token: string) =>
      (await form(surface, '/oauth/introspect', { token }, { authorization: 'Bearer wl_gate' })).body.active
    expect(await look(before.access_token)).toBe(true)
    await inForce(guardrailsOf(all))
    expect(await look(before.access_token)).toBe(false)
    const { body: after } = await tokenOf(surface, 'wl_bot')
    expect(after.authorization_details).toMatchObject([{ check: 'each-use' }])
    expect(await look(after.access_token)).toBe(true)
  })

  test('[rules/maker-checker] [B05] are taken away by nobody alone, and whoever did it approves nothing after', async () => {
    await inForce(guardrailsOf(`${all}\n${small}`))
    const change = await proposed('per_lee', tokenPolicy())
    expect(change.differences).toContainEqual(
      expect.objectContaining({ path: 'guardrails.forbid.small', direction: 'looser', rule: 'guardrails' }),
    )
    expect(await signedBy('per_lee', change)).toMatchObject({ refusal: { code: 'author-is-approver' } })
    await sweepChanges(surface.world.app.machinery)
    await surface.world.app.runtime.refresh()
    expect((await asked({ arguments: { amount: 500 } })).context.reason).toBe('guardrail-forbids')
    // Nor does the other path help: a guardrail under the same name that forbids less is a looser one.
    const weaker = await proposed('per_lee', {
      ...tokenPolicy(),
      guardrails: guardrailsOf(`${all}\n${small.replace('100', '9000')}`),
    })
    expect(weaker.differences).toMatchObject([{ path: 'guardrails.forbid.small', direction: 'looser' }])
    const tighter = await proposed('per_lee', {
      ...tokenPolicy(),
      guardrails: guardrailsOf(
        `${all}\n${small}\n@id("more") forbid(principal in Team::"team_payments", action, resource);`,
      ),
    })
    expect(tighter.differences.map(({ direction }) => direction)).toEqual(['tighter', 'tighter'])
  })

  test('[B20] are computed again by `why` for what they let pass, and what was let pass against them is found', async () => {
    const { machinery, runtime } = surface.world.app
    await inForce(
      guardrailsOf(
        `${all}\n${small}\n@id("no-drop") forbid(principal, action == Action::"select", resource) when { context has tool && context.tool == "drop" };`,
      ),
    )
    const select = { action: { name: 'select' } }
    expect(await asked({ arguments: { amount: 7 } })).toMatchObject({ decision: true })
    expect(await asked({ tool: 'look' }, select)).toMatchObject({ decision: true })
    expect((await asked({ tool: 'drop' }, select)).context.reason).toBe('guardrail-forbids')
    await runtime.uses.record()
    const events = await surface.world.store.waivers.events(agent)
    const lines = events.flatMap(({ body }) => (body as { recorded?: { lines: object[] } }).recorded?.lines ?? [])
    const judged = lines.filter((line) => 'judged' in line)
    expect(judged).toContainEqual(
      expect.objectContaining({ action: 'update', judged: expect.objectContaining({ unkept: true }) }),
    )
    expect(judged).toContainEqual(expect.objectContaining({ action: 'select', tool: 'look' }))
    expect((await why(machinery, agent))?.follows).toBe(true)
    const { guardrails: _, ...without } = machinery
    const open = await why(without, agent)
    expect(open?.acts.filter(({ follows }) => follows === 'unknown').map(({ detail }) => detail)).toEqual([
      'nobody is here to evaluate the guardrails again',
    ])
    const lying = await why(
      { ...machinery, guardrails: () => ({ allowed: false, reason: 'guardrail-forbids', guardrails: [] }) },
      agent,
    )
    expect(lying?.acts.find(({ follows }) => follows === 'no')?.detail).toContain('would not let a use of')
  })

  test('[B07] that nobody can evaluate, or that name somebody who is gone, refuse everything', async () => {
    await inForce(guardrailsOf(`${all}\n@id("gone") forbid(principal in Team::"team_contractors", action, resource);`))
    expect((await asked()).context.reason).toBe('guardrail-failed')
    await surface.world.changeDirectory(`${withGateway}\n  per_nobody member-of team_contractors\n`)
    await surface.world.app.runtime.refresh()
    expect(await asked()).toMatchObject({ decision: true })
    await surface.world.changeDirectory(withGateway)
    await refreshDirectory(surface)
    await inForce(guardrailsOf(all))
    // A process that was built without them is not one that has none.
    const { store, app } = surface.world
    const without = runtimeOn({ store, knowledge: app.machinery.knowledge, log: silent, monotonic: () => 0 })
    await without.refresh()
    const question = {
      subject: { type: 'agent', id: 'wl_agent', actors: [] },
      system: 'sys_ledger',
      resource: 'ledger.entries',
      action: 'update',
    }
    const answer = await check(without, { id: 'wl_gate', chain: [] }, question)
    expect(answer).toMatchObject({ allowed: false, reason: 'guardrail-failed' })
  })
})
