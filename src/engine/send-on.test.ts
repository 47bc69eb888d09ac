/** The record reaches every sink whole and in order, whoever dies and whatever the sink answers. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ocsfProblems } from '../../test/evidence/ocsf-schema.ts'
import { answerWith, startReceiver } from '../../test/notices/receiver.ts'
import { termsFor } from '../../test/support/life.ts'
import { openWorld } from '../../test/support/world.ts'
import { done, notDone, type Outcome, unknown } from '../connectors/access.ts'
import type { RecordSink } from '../connectors/sink.ts'
import { fileSink } from '../connectors/sink-file/connector.ts'
import { httpSink } from '../connectors/sink-http/connector.ts'
import { ocsfEvent, subjectOf } from '../evidence/index.ts'
import type { StoredEvent } from '../store/contract.ts'
import { silent } from './logger.ts'
import { type Form, sendOn, sendOnLoops } from './send-on.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let folder: string
let total: number
beforeAll(async () => {
  world = await openWorld()
  const { id } = await world.must('per_asker', { type: 'request', terms: termsFor() })
  await world.countersign('per_mate', id)
  await world.countersign('per_sam', id)
  await world.must('per_asker', { type: 'activate' }, id)
  await world.must('per_asker', { type: 'revoke', reason: 'done' }, id)
  await world.settle()
  total = Number(await world.store.feed.last()) + 1
  folder = await mkdtemp(join(tmpdir(), 'countersign-test-sink-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const positions: Form = ({ position }: StoredEvent) => ({ position: Number(position) })
const everything = () => Array.from({ length: total }, (_, position) => ({ position }))

/** Answers as told, and remembers what it has taken. */
function remembering(...answers: Outcome[]): RecordSink & { readonly taken: unknown[] } {
  const taken: unknown[] = []
  return {
    kind: 'memory',
    taken,
    async send(documents) {
      const answer = answers.shift() ?? done(undefined)
      if (answer.outcome !== 'not-done') taken.push(...documents)
      return answer
    },
  }
}

test('[B20] everything, in order, once', async () => {
  const sink = remembering()
  expect(await sendOn(world.store, 'all', sink, positions)).toBe(total)
  expect(await sendOn(world.store, 'all', sink, positions)).toBe(0)
  expect(sink.taken).toEqual(everything())
})

test('what was not taken comes again, also when nobody knows whether it was', async () => {
  const sink = remembering(notDone('full', true), unknown('cut off'))
  expect(await sendOn(world.store, 'again', sink, positions)).toEqual({ reason: 'full' })
  expect(await sendOn(world.store, 'again', sink, positions)).toEqual({ reason: 'cut off' })
  expect(await sendOn(world.store, 'again', sink, positions)).toBe(total)
  expect(sink.taken).toEqual([...everything(), ...everything()])
})

test('one process at a time works for a sink; a lease that ran out is taken over', async () => {
  const first = await world.store.sinkPlaces.take('shared', 120)
  expect(first).toBe(-1n)
  const sink = remembering()
  expect(await sendOn(world.store, 'shared', sink, positions)).toBe(0)
  await world.after(121)
  expect(await sendOn(world.store, 'shared', sink, positions)).toBe(total)
  // The one that had died comes back late, and moves nothing.
  await world.store.sinkPlaces.leave('shared', -1n, 3n)
  expect((await world.store.sinkPlaces.all()).find(({ sink: id }) => id === 'shared')?.position).toBe(BigInt(total - 1))
})

test('a sink that throws leaves its place free, and the others go on', async () => {
  const broken: RecordSink = { kind: 'broken', send: () => Promise.reject(new Error('bug')) }
  await expect(sendOn(world.store, 'broken', broken, positions)).rejects.toThrow('bug')
  expect(await sendOn(world.store, 'broken', remembering(), positions)).toBe(total)
})

test('a sink that fails is asked ever less often, and at once again when it works', async () => {
  let [now, asked] = [0, 0]
  const sink: RecordSink = {
    kind: 'memory',
    send: async () => {
      asked++
      return asked <= 3 ? notDone('no', true) : done(undefined)
    },
  }
  const [loop] = sendOnLoops({ store: world.store, log: silent }, [{ id: 'slow', sink }], positions, () => now)
  const waits: number[] = []
  for (let tries = 0; asked < 4; tries++) {
    const before = asked
    await loop?.run()
    if (asked > before) waits.push(tries)
    now += 1_000
  }
  expect(waits).toEqual([0, 1, 3, 7])
})

const form: Form = ({ position, body, ...event }, waiver) =>
  ocsfEvent(
    { ...event, position: Number(position), body: body as Readonly<Record<string, unknown>> },
    {
      installation: 'https://countersign.test',
      version: '0',
      ...(waiver === undefined ? {} : { subject: subjectOf(waiver) }),
    },
  )

test('[evidence/frameworks] a file gets OCSF events, one a line, and may be moved away between', async () => {
  const sink = fileSink.create({ path: 'log/events.jsonl' }, folder)
  await sendOn(world.store, 'file', sink, form)
  const path = join(folder, 'log/events.jsonl')
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(total)
  for (const line of lines) expect(ocsfProblems(JSON.parse(line) as Record<string, unknown>)).toEqual([])
  await rm(path)
  expect(await sink.send([{ one: 1 }])).toMatchObject({ outcome: 'done' })
  expect(await readFile(path, 'utf8')).toBe('{"one":1}\n')
})

test('a file that cannot be written says so', async () => {
  await writeFile(join(folder, 'plain'), '')
  const sink = fileSink.create({ path: 'plain/events.jsonl' }, folder)
  expect(await sink.send([{}])).toMatchObject({ outcome: 'not-done', retryable: true })
})

test.each(['lines', 'list'] as const)('a receiver over HTTP gets %s, with its token', async (shape) => {
  const receiver = await startReceiver()
  const settings = { url: receiver.url, allowPrivate: true, form: shape, token: 'env:TOKEN' }
  const sink = httpSink.create(settings, () => 'siem-token')
  receiver.answer = answerWith(503)
  expect(await sendOn(world.store, `http-${shape}`, sink, form)).toMatchObject({ reason: 'the receiver answered 503' })
  receiver.answer = answerWith(200)
  expect(await sendOn(world.store, `http-${shape}`, sink, form)).toBe(total)
  const body = receiver.deliveries.at(-1)?.body ?? ''
  const events = shape === 'list' ? JSON.parse(body) : body.trimEnd().split('\n')
  expect(events).toHaveLength(total)
  expect(receiver.deliveries.at(-1)?.headers.authorization).toBe('Bearer siem-token')
  await receiver.close()
})
