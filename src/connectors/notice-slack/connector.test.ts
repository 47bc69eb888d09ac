import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerWith, type Receiver, startReceiver } from '../../../test/notices/receiver.ts'
import type { Notice } from '../notice.ts'
import { slack } from './connector.ts'

const notice: Notice = {
  id: 'ntc_7_0123456789ab_chat',
  type: 'RemovalFailed',
  at: '2026-11-22T12:00:00.000Z',
  urgency: 'immediate',
  data: {
    event: 'evt_01.5',
    waiver: 'wvr_01',
    system: 'sys_<!channel>_`x`',
    by: 'per_ann_b',
    to: ['pool_security'],
    url: 'https://countersign.example.org/waivers/wvr_01',
  },
}

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const connector = (settings: Readonly<Record<string, unknown>> = {}) =>
  slack.create({ url: 'env:SLACK', allowPrivate: true, ...settings }, () => receiver.url)

test('a message arrives, with a link and nothing that acts', async () => {
  expect(await connector().send(notice)).toMatchObject({ outcome: 'done' })
  const message = JSON.parse(receiver.deliveries[0]?.body ?? '') as { text: string; blocks: unknown[] }
  expect(message.text).toMatch(/^At once: Removal failed/)
  const block = JSON.stringify(message.blocks)
  expect(block).toContain('<https://countersign.example.org/waivers/wvr_01|Look at it, signed in>')
  expect(block).not.toMatch(/"(button|actions|input|action_id)"/)
})

test('[B16] [B17] no name becomes a mention, a link or markup', async () => {
  await connector().send(notice)
  const body = receiver.deliveries[0]?.body ?? ''
  expect(body).not.toContain('<!channel>')
  expect(body).toContain("`sys_&lt;!channel&gt;_'x'`")
  expect(body).toContain('`per_ann_b`')
})

test('what the other side answers decides whether it is tried again', async () => {
  receiver.answer = answerWith(429, { 'retry-after': '30' })
  expect(await connector().send(notice)).toMatchObject({ outcome: 'not-done', retryable: true, retryAfterSeconds: 30 })
  receiver.answer = answerWith(404)
  expect(await connector().send(notice)).toMatchObject({ outcome: 'not-done', retryable: false })
})

test('its address is a secret: a reference only, and in no message', () => {
  expect(() => slack.create({ url: 'https://hooks.slack.com/services/T0/B0/x' }, () => '')).toThrow(
    'must be a reference',
  )
  const bad = () => slack.create({ url: 'env:SLACK' }, () => 'http://hooks.example.org/services/T0/B0/secret')
  expect(bad).toThrow('must be https')
  expect(bad).not.toThrow('secret')
})
