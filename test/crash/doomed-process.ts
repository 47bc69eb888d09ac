/**
 * A whole installation as one process, for tests that kill it: its own PostgreSQL, its loops, and people who never stop
 * asking, deciding and starting, with windows of two seconds.
 *   node doomed-process.ts <folder>
 * It prints a line of JSON for everything it hears. The line `finish` on its input makes it ask no more, wait until all
 * that was asked is over, look at everything once more, and stop its server.
 */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { assemble, type Countersign } from '../../src/app.ts'
import type { Policy } from '../../src/core/policy.ts'
import { instantOf, plusSeconds } from '../../src/core/time.ts'
import { isOpen } from '../../src/core/waiver.ts'
import { handle } from '../../src/engine/handle.ts'
import { silent } from '../../src/engine/logger.ts'
import { why } from '../../src/engine/why.ts'
import type { Store } from '../../src/store/contract.ts'
import { startEmbeddedServer } from '../../src/store/embedded/index.ts'
import { openStore } from '../../src/store/store.ts'
import { found, signedIn } from '../simulator/installation.ts'
import { firstRules, rulesOf } from '../simulator/organisation.ts'
import { fileTarget } from './file-target.ts'

export interface DoomedLine {
  readonly ready?: { readonly adopted: boolean }
  readonly heard?: string
  readonly over?: Report
}

export interface Report {
  readonly waivers: readonly string[]
  readonly verifiedCount: number
  /** Whatever is not as it must be, in words. */
  readonly wrong: readonly string[]
}

const windowSeconds = 2
/** Real time: loops come round twice a second, and a dead process's lease lasts two minutes. */
const overSecondsMax = 200

function print(line: DoomedLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const now = () => instantOf(Date.now())

/** Filing the same again and again is what these people do all day. */
function patientRules(): Policy {
  const rules = rulesOf(firstRules)
  const extension = {
    countMax: 1_000_000,
    cumulativeSecondsMax: 1e9,
    overSeconds: 86_400,
    distinctCountersigner: false,
  }
  // Whoever starts again has no keys left to sign with; what dies here is not about signing.
  const tiers = Object.entries(rules.tiers).map(([id, tier]) => [id, { ...tier, extension, passkey: false }])
  return { ...rules, tiers: Object.fromEntries(tiers) }
}

async function live(app: Countersign, actor: string, account: string, goOn: () => boolean): Promise<void> {
  for (let round = 0; goOn(); round++) {
    const start = now()
    const asked = await act(app, actor, {
      type: 'request',
      terms: {
        kind: 'access-override',
        beneficiary: actor,
        access: { system: 'sys_ledger', entitlement: 'write', account, resources: ['entries'], actions: ['select'] },
        window: { start, end: plusSeconds(start, windowSeconds) },
        reason: 'again',
        controls: [],
        conditions: {},
        contains: '',
      },
    })
    if (asked === undefined) {
      // What is still open from before has to end first.
      await wait(200)
      continue
    }
    const { id, digest } = asked
    const signer = round % 2 === 0 ? 'per_sam' : 'per_sid'
    await act(app, signer, { type: 'countersign', digest, acknowledges: [] }, id)
    await act(app, actor, { type: 'activate' }, id)
  }
}

async function act(
  { machinery }: Countersign,
  actor: string,
  command: Parameters<typeof handle>[1]['command'],
  waiver?: string,
): Promise<{ id: string; digest: string } | undefined> {
  const order = { actor: signedIn(actor, now()), command, ...(waiver === undefined ? {} : { waiver }) }
  const handled = await handle(machinery, order)
  if (handled.outcome === 'refused') return undefined
  print({ heard: `${command.type} ${handled.waiver.id} ${handled.waiver.version}` })
  return handled.waiver
}

async function report({ machinery }: Countersign): Promise<Report> {
  const { store } = machinery
  const waivers = await store.waivers.list({ limit: 10_000 })
  const wrong: string[] = []
  for (const waiver of waivers) {
    const events = await store.waivers.events(waiver.id)
    if (events.some(({ version }, index) => version !== index + 1)) wrong.push(`${waiver.id} has gaps`)
    if (waiver.activation !== undefined && waiver.removal.state !== 'verified')
      wrong.push(`${waiver.id} is ${waiver.removal.state}`)
    if ((await why(machinery, waiver.id))?.follows !== true) wrong.push(`${waiver.id} does not follow`)
  }
  const feed = await store.feed.after(-1n, 100_000)
  if (feed.some(({ position }, index) => position !== BigInt(index))) wrong.push('the feed has gaps')
  const verified = waivers.filter(({ removal }) => removal.state === 'verified')
  return { waivers: waivers.map(({ id }) => id), verifiedCount: verified.length, wrong }
}

async function isOver(store: Store): Promise<boolean> {
  const waivers = await store.waivers.list({ limit: 10_000 })
  const unsettled = await store.grants.list({ settled: false, limit: 1 })
  const pending = waivers.some((waiver) => isOpen(waiver) || waiver.removal.state === 'open')
  return !pending && unsettled.length === 0 && (await store.feed.sequence(1_000)) === 0
}

async function main(folder: string): Promise<void> {
  const server = await startEmbeddedServer({ folder: join(folder, 'postgres'), durable: false })
  const store = await openStore({ url: server.url })
  if ((await store.heads()).policy === undefined) await found(store, patientRules(), now())
  const app = assemble({ store, log: silent, sources: [], kinds: [fileTarget(join(folder, 'target'))] })
  let asking = true
  createInterface({ input: process.stdin }).on('line', () => {
    asking = false
  })
  app.start()
  print({ ready: { adopted: server.adopted } })
  await Promise.all([live(app, 'per_ann', 'ann_db', () => asking), live(app, 'per_olga', 'olga_db', () => asking)])
  for (let tries = 0; !(await isOver(store)) && tries < overSecondsMax * 2; tries++) await wait(500)
  print({ over: await report(app) })
  await app.stop()
  await store.close()
  await server.stop()
  process.exit(0)
}

if (import.meta.main) await main(process.argv[2] ?? '')
