/** The page about the guard does what it says: its examples run as they stand, in front of tokens of a whole installation. */
import { readFileSync } from 'node:fs'
import Fastify, { type FastifyInstance } from 'fastify'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import * as door from '../../src/guard/index.ts'
import { fetchThrough } from '../../src/mcp/fetch-through.ts'
import { openSurface, publicUrl, type Surface } from '../api/support/surface.ts'
import { liveOfAgent, liveOfBot, tokenOf, tokenPolicy } from '../api/support/tokens.ts'
import { withGateway } from '../support/gated.ts'

const page = readFileSync('docs/guard.md', 'utf8')
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)].map(([, language, text]) => ({ language, text }))

interface Example {
  readonly fetch: (request: Request) => Promise<Response>
}

let surface: Surface
let bot: string
let agent: string
let example: Example
let app: FastifyInstance
const written: unknown[] = []

beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: tokenPolicy() })
  bot = await liveOfBot(surface)
  agent = await liveOfAgent(surface, { usesMax: 2 })
  app = Fastify()
  example = await examplesOf(app)
})
beforeEach(() => surface.world.app.runtime.refresh().then(() => undefined))

/** Everything on the page in its order, as one module; what a reader has of their own is handed in. */
async function examplesOf(app: FastifyInstance): Promise<Example> {
  const through = fetchThrough(surface.api)
  const own: Readonly<Record<string, unknown>> = {
    app,
    ownToken: () => 'wl_gate',
    write: async (row: unknown, grant: unknown) => written.push({ row, grant }),
  }
  const imported = {
    ...door,
    // The installation of the example is the one of this test, reached without a network and by its clock.
    createGuard: (options: door.GuardOptions) => {
      expect(options).toMatchObject({ issuer: 'https://countersign.acme.example', audience: 'sys_ledger-db' })
      const here = { issuer: publicUrl, audience: 'sys_ledger', fetch: through }
      return door.createGuard({ ...options, ...here, now: () => Date.parse(surface.world.now) })
    },
  }
  const given = { ...imported, ...own }
  const module = blocks.map(({ text = '' }) => text).join('\n')
  const body = module
    .replace(/^import \{ ([\w, ]+) \} from 'countersign\/guard'$/gm, (_, names: string) => {
      expect(Object.keys(door)).toEqual(expect.arrayContaining(names.split(', ')))
      return ''
    })
    .replace('export default', 'const example =')
  expect(body).not.toMatch(/^(?:import|export)/m)
  const run = new Function(...Object.keys(given), `'use strict'\n${body}\nreturn example`)
  return run(...Object.values(given)) as Example
}

const tokenFor = async (subject: string): Promise<string> => (await tokenOf(surface, subject)).body.access_token

async function fetched(token: string, table: string) {
  const body = JSON.stringify({ table })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await example.fetch(new Request('https://ledger.acme.example/rows', { method: 'POST', body, headers }))
  return [answer.status, await answer.text()] as const
}

test('its blocks are those that are run here', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['ts', 'ts'])
})

test('[agent/runtime-check] its example for the web lets through what is covered and says under what', async () => {
  const token = await tokenFor('wl_bot')
  expect(await fetched(token, 'ledger.accounts')).toEqual([200, `written by wl_bot under ${bot}`])
  const [status, problem] = await fetched(token, 'ledger.entries')
  expect([status, JSON.parse(problem).code]).toEqual([403, 'outside-scope'])
  expect((await fetched('no token', 'ledger.accounts'))[0]).toBe(401)
})

test('[agent/runtime-check] its guard asks about each use where that is needed, and each counts', async () => {
  const token = await tokenFor('wl_agent')
  const answers = [
    await fetched(token, 'ledger.entries'),
    await fetched(token, 'ledger.entries'),
    await fetched(token, 'ledger.entries'),
  ]
  expect(answers.map(([status]) => status)).toEqual([200, 200, 403])
  await surface.world.app.runtime.uses.record()
  expect(await surface.world.waiver(agent)).toMatchObject({ usesCount: 2, end: { cause: 'spent' } })
})

test('[agent/runtime-check] its example for Fastify hands the row and the grant on, and nothing that is not covered', async () => {
  const token = await tokenFor('wl_bot')
  const post = (table: string, headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/rows', payload: { table }, headers })
  const authorization = `Bearer ${token}`
  expect((await post('ledger.accounts', { authorization })).statusCode).toBe(200)
  expect((await post('ledger.entries', { authorization })).statusCode).toBe(403)
  expect((await post('ledger.accounts', {})).statusCode).toBe(401)
  expect(written).toEqual([
    { row: { table: 'ledger.accounts' }, grant: expect.objectContaining({ actor: 'wl_bot', waiver: bot }) },
  ])
})
