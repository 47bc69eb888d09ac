/**
 * `countersign gateway` in front of a server that is not ours: the agent sees its tools unchanged, and each call is checked
 * against live waivers at that moment.
 */
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plusSeconds } from '../../src/core/time.ts'
import { toolDigest } from '../../src/gateway/index.ts'
import { liveWaiverOf } from '../api/support/access.ts'
import { openSurface, type Surface } from '../api/support/surface.ts'
import { type Agent, agentOf } from '../mcp/agent.ts'
import { gatedPolicy, withGateway } from '../support/gated.ts'
import { termsFor } from '../support/life.ts'
import { scratchFolder } from '../support/scratch-folder.ts'

const everything = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'
const config = `
system: sys_ledger
subject: wl_agent
tools:
  echo: { resource: ledger.entries, action: update }
  get-sum: open
  get-tiny-image: { resource: { argument: path }, action: select }
`

let surface: Surface
let scratch: ReturnType<typeof scratchFolder>
let agent: Agent
let direct: Agent
beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: gatedPolicy() })
  await surface.api.listen({ port: 0, host: '127.0.0.1' })
  scratch = scratchFolder('gateway')
  await writeFile(join(scratch.folder, 'gateway.yaml'), config)
  agent = await gatewayAs('wl_gate')
  direct = await connected(process.execPath, [everything], {})
})
afterAll(async () => {
  await Promise.all([agent.close(), direct.close()])
  await scratch.dispose()
})

async function connected(command: string, args: string[], env: Record<string, string>): Promise<Agent> {
  const client = new Client({ name: 'test-agent', version: '0' })
  const path = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' }
  await client.connect(new StdioClientTransport({ command, args, env: { ...path, ...env }, stderr: 'ignore' }))
  return agentOf(client)
}

function gatewayAs(token: string): Promise<Agent> {
  const { port } = surface.api.server.address() as AddressInfo
  const words = ['src/main.ts', 'gateway', '--config', join(scratch.folder, 'gateway.yaml')]
  return connected(process.execPath, [...words, '--', process.execPath, everything], {
    COUNTERSIGN_URL: `http://127.0.0.1:${port}`,
    COUNTERSIGN_TOKEN: token,
  })
}

const echo = { message: 'post batch 7' }
const refresh = () => surface.world.app.runtime.refresh()

test('the tools are listed unchanged', async () => {
  const [through, own] = await Promise.all([agent.client.listTools(), direct.client.listTools()])
  expect(through.tools.map(({ name }) => name).sort()).toEqual(own.tools.map(({ name }) => name).sort())
  const tool = (tools: typeof own.tools) => tools.find(({ name }) => name === 'echo')
  expect(tool(through.tools)).toEqual(tool(own.tools))
})

test('a tool that is open goes through', async () => {
  expect(await agent.call('get-sum', { a: 2, b: 3 })).toMatchObject({ isError: false })
})

test('[B06] [fail/closed] a tool that no rule names is not called', async () => {
  expect(await agent.call('get-env')).toMatchObject({ isError: true, said: { called: false, reason: 'not-covered' } })
})

test('[agent/runtime-check] uncovered it says how to ask; countersigned it goes through; ended it does not', async () => {
  await refresh()
  const before = await agent.call('echo', echo)
  expect(before).toMatchObject({
    isError: true,
    said: {
      called: false,
      reason: 'no-waiver',
      ask: { system: 'sys_ledger', resources: ['ledger.entries'], actions: ['update'] },
    },
  })
  const { digest } = (before.said.ask as { tool: { digest: string } }).tool

  // Or the agent takes up what the no offers, by the standard, with its own token.
  const { access_request: offer, evaluation_id, ...question } = before.said.offer as ReturnType<typeof JSON.parse>
  const submission = {
    ...question,
    context: { ...question.context, business_justification: 'post batch 7' },
    requested_access: { requested_until: plusSeconds(surface.world.now, 600) },
    denial: { evaluation_id, expires_at: offer.expires_at, binding_token: offer.binding_token },
  }
  const { status, body } = await surface.post('wl_agent', '/access/v1/requests', submission)
  expect([status, body.task?.status]).toEqual([202, 'pending'])
  const [asked] = await surface.world.store.waivers.list({ requester: 'wl_agent', limit: 1 })
  expect(asked?.terms.conditions).toMatchObject({
    tools: [{ name: 'echo', digest }],
    usesMax: 1,
    argumentsClosed: true,
  })
  await surface.world.must('wl_agent', { type: 'withdraw', reason: 'asked otherwise' }, asked?.id)

  // What was approved is this very tool, with these arguments.
  const id = await liveWaiverOf(surface, {
    tools: [{ name: 'echo', digest }],
    arguments: [{ argument: 'message', startsWith: ['post'] }],
    usesMax: 2,
  })
  expect(await agent.call('echo', echo)).toMatchObject({ isError: false, said: { text: 'Echo: post batch 7' } })
  expect(await agent.call('echo', { message: 'drop everything' })).toMatchObject({
    isError: true,
    said: { reason: 'argument-not-covered', waiver: id },
  })
  expect(await agent.call('echo', echo)).toMatchObject({ isError: false })
  expect(await agent.call('echo', echo)).toMatchObject({ isError: true })
  await surface.world.app.runtime.uses.record()
  expect(await surface.world.waiver(id)).toMatchObject({ usesCount: 2, end: { cause: 'spent' } })
  const events = await surface.world.store.waivers.events(id)
  const used = JSON.stringify(events.filter(({ type }) => type === 'AccessUsed').map(({ body }) => body))
  expect(used).toContain('echo')
  expect(used).not.toContain('post batch 7')
})

test('[B09] [terms/digest] a tool that is not the one that was approved is not called', async () => {
  const { tools } = await agent.client.listTools()
  const tool = tools.find(({ name }) => name === 'echo') as (typeof tools)[number]
  const other = toolDigest({ ...tool, description: 'Echoes, and mails it to somebody.' })
  expect(other).not.toBe(toolDigest(tool))
  const { now } = surface.world
  const { id } = await surface.world.must('per_asker', {
    type: 'request',
    terms: termsFor({
      beneficiary: 'wl_agent',
      access: { ...termsFor().access, account: 'agent_db', actions: ['update'] },
      window: { start: now, end: plusSeconds(now, 600) },
      conditions: { tools: [{ name: 'echo', digest: other }] },
    }),
  })
  await surface.world.countersign('per_sue', id)
  await surface.world.must('per_asker', { type: 'activate' }, id)
  await surface.world.settle()
  await refresh()
  expect(await agent.call('echo', echo)).toMatchObject({ isError: true, said: { reason: 'tool-changed', waiver: id } })
})

test('[fail/closed] an argument that should name the resource and does not', async () => {
  for (const given of [{}, { path: 7 }, { path: '' }])
    expect(await agent.call('get-tiny-image', given)).toMatchObject({ isError: true, said: { reason: 'not-covered' } })
})

test('[B22] a gateway that is no enforcer lets nothing through, whatever it is told', async () => {
  const stranger = await gatewayAs('wl_agent')
  expect(await stranger.call('echo', echo)).toMatchObject({ isError: true, said: { called: false } })
  await stranger.close()
})

test('[B07] [fail/closed] when Countersign does not answer nothing goes through', async () => {
  const alone = await connected(
    process.execPath,
    ['src/main.ts', 'gateway', '--config', join(scratch.folder, 'gateway.yaml'), '--', process.execPath, everything],
    { COUNTERSIGN_URL: 'http://127.0.0.1:9', COUNTERSIGN_TOKEN: 'wl_gate' },
  )
  expect(await alone.call('echo', echo)).toMatchObject({ isError: true, said: { reason: 'could-not-be-checked' } })
  await alone.close()
})

test('the token of the gateway does not reach the server behind it', async () => {
  const env = await direct.call('get-env')
  expect(env.isError).toBe(false)
  // The server shows its environment; through an open rule the same is asked of the one behind the gateway.
  await writeFile(join(scratch.folder, 'open.yaml'), config.replace('get-sum: open', 'get-env: open'))
  const { port } = surface.api.server.address() as AddressInfo
  const words = [
    'src/main.ts',
    'gateway',
    '--config',
    join(scratch.folder, 'open.yaml'),
    '--',
    process.execPath,
    everything,
  ]
  const open = await connected(process.execPath, words, {
    COUNTERSIGN_URL: `http://127.0.0.1:${port}`,
    COUNTERSIGN_TOKEN: 'wl_gate',
  })
  const shown = await open.call('get-env')
  expect(JSON.stringify(shown.said)).not.toContain('COUNTERSIGN')
  expect(JSON.stringify(shown.said)).toContain('PATH')
  await open.close()
})
