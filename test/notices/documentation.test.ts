/** The page for operators says what is true: its types are the ones there are, and its receiver receives. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { settingsSchema as emailSettings } from '../../src/connectors/notice-email/settings.ts'
import { settingsSchema as slackSettings } from '../../src/connectors/notice-slack/connector.ts'
import { settingsSchema } from '../../src/connectors/notice-webhook/settings.ts'
import { silent } from '../../src/engine/logger.ts'
import { checkEndpoints } from '../../src/engine/notify/endpoints.ts'
import { noticeTypes } from '../../src/engine/notify/notice-for.ts'
import { endpointTo } from './node.ts'
import { testKey } from './receiver.ts'

const page = readFileSync('docs/operators/notices.md', 'utf8')
const block = (language: string) => page.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0] ?? ''

test('it lists exactly the types there are, each with its urgency', () => {
  const rows = [...page.matchAll(/^\| `([A-Z]\w+)` \| (normal|immediate) \|/gm)].map(([, type, urgency]) => [
    type,
    urgency,
  ])
  expect(rows).toEqual([...noticeTypes])
})

test('its settings are the ones there are, and its example is accepted', () => {
  const settings = page.slice(page.indexOf('| setting |'), page.indexOf('Make a secret'))
  const named = [...settings.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(named.toSorted()).toEqual(Object.keys(settingsSchema.shape).toSorted())
  const { notices } = parse(block('yaml')) as { notices: { id: string; settings: { types?: string[] } }[] }
  for (const { settings } of notices) expect(() => settingsSchema.parse(settings)).not.toThrow()
  const endpoints = notices.map(({ id, settings }) => ({
    ...endpointTo(id, 'https://a.example.org/'),
    types: settings.types,
  }))
  expect(() => checkEndpoints(endpoints, silent)).not.toThrow()
})

test.each([
  ['e-mail', emailSettings.shape],
  ['Slack', slackSettings.shape],
])('its settings of %s are the ones there are', (name, shape) => {
  const [, table = ''] = page.split(`| ${name} setting |`)
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n')
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, one]) => one))
  expect(named.toSorted()).toEqual(Object.keys(shape).toSorted())
})

test('its receiver believes us, tells repeats apart, and believes nobody else', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', block('js')], {
    env: { ...process.env, PORT: '0', WEBHOOK_SECRET: testKey('siem') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill()
  })
  const [listening] = await once(createInterface(child.stderr), 'line')
  const url = `http://127.0.0.1:${/\d+$/.exec(String(listening))?.[0]}/`
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  const notice = (id: string) => ({
    id,
    type: 'BreakGlassOpened',
    at: '2026-11-22T12:00:00.000Z',
    urgency: 'immediate' as const,
    data: { url: `https://countersign.example.org/waivers/${id}` },
  })
  const ours = endpointTo('siem', url).connector
  for (const id of ['a', 'a', 'b']) expect(await ours.send(notice(id))).toMatchObject({ outcome: 'done' })
  const forged = await endpointTo('another', url).connector.send(notice('c'))
  expect(forged).toMatchObject({ outcome: 'not-done', reason: 'the receiver answered 401' })
  await expect
    .poll(() => lines, { timeout: 10_000 })
    .toEqual([
      'immediate BreakGlassOpened https://countersign.example.org/waivers/a',
      'immediate BreakGlassOpened https://countersign.example.org/waivers/b',
    ])
})
