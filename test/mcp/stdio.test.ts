/** `countersign mcp` as an agent's host starts it: by the protocol's own client, and by its inspector. */
import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { beforeAll, expect, test } from 'vitest'
import { openSurface, type Surface } from '../api/support/surface.ts'
import { agentOf, type Era } from './agent.ts'

let surface: Surface
let environment: Record<string, string>
beforeAll(async () => {
  surface = await openSurface()
  await surface.api.listen({ port: 0, host: '127.0.0.1' })
  const { port } = surface.api.server.address() as AddressInfo
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    COUNTERSIGN_URL: `http://127.0.0.1:${port}`,
    COUNTERSIGN_TOKEN: 'wl_agent',
  }
})

const started = { command: process.execPath, args: ['src/main.ts', 'mcp'] }

test.each(['2025-11-25', '2026-07-28'] as const)('an agent lists and calls tools in revision %s', async (era: Era) => {
  const mode = era === '2026-07-28' ? { pin: era } : ('legacy' as const)
  const client = new Client({ name: 'test-agent', version: '0' }, { versionNegotiation: { mode } })
  await client.connect(new StdioClientTransport({ ...started, env: environment }))
  const agent = agentOf(client)
  expect((await client.listTools()).tools).toHaveLength(6)
  expect((await agent.call('list_my_waivers')).said).toEqual({ waivers: [] })
  const refused = await agent.call('get_request', { waiver: 'wvr_01k9m2v7c0q3xw8r5t6y4z1a2b' })
  expect(refused).toMatchObject({ isError: true, said: { refused: 'unknown-waiver' } })
  await agent.close()
})

test('the protocol’s inspector lists the tools and calls one', async () => {
  const inspected = async (...words: readonly string[]) => {
    const child = spawn(
      process.execPath,
      [
        'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
        '--cli',
        ...['COUNTERSIGN_URL', 'COUNTERSIGN_TOKEN'].flatMap((name) => ['-e', `${name}=${environment[name]}`]),
        ...words,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { out, err }
  }
  const listed = await inspected(started.command, ...started.args, '--method', 'tools/list')
  expect(listed.out, listed.err).toContain('request_override')
  const call = ['--method', 'tools/call', '--tool-name', 'list_my_waivers']
  const called = await inspected(started.command, ...started.args, ...call)
  expect(called.out, called.err).toContain('waivers')
})

test('nobody is served without a sign-in, and hears how to get one', async () => {
  const { COUNTERSIGN_TOKEN: _, ...without } = environment
  const child = spawn(started.command, started.args, { env: without, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(out).toBe('')
  expect(err).toContain('countersign login')
})
