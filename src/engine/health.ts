/**
 * Is this installation able to do its work, and does what it remembers hold together? `readiness` is asked every few
 * seconds and looks at little; `examine` is asked by a person and replays everything.
 */

import { evolveAll } from '../core/evolve.ts'
import { directoryAgeSeconds } from '../core/standing.ts'
import { secondsBetween } from '../core/time.ts'
import type { WaiverEvent } from '../core/waiver.ts'
import { canonicalJson } from '../lib/digest.ts'
import { auditLog } from '../proof/index.ts'
import { heldSources } from './directories/holds.ts'
import { sayHold } from './directories.ts'
import type { Machinery } from './handle.ts'
import { auditSource } from './seal/audit-source.ts'

export interface Check {
  readonly name: string
  readonly state: 'ok' | 'degraded' | 'down'
  readonly detail: string
  /** Age or lag in seconds. */
  readonly seconds?: number
}

/** Later than this, what should have happened by itself did not. */
const sweepLagSecondsMax = 30

export async function readiness({ store, knowledge }: Machinery): Promise<{ checks: readonly Check[] }> {
  const heads = await store
    .heads()
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (heads instanceof Error) return { checks: [{ name: 'database', state: 'down', detail: heads.message }] }
  const lag = await store.lag()
  const checks: Check[] = [
    { name: 'database', state: 'ok', detail: 'reachable' },
    heads.policy === undefined
      ? {
          name: 'founding',
          state: 'degraded',
          detail: 'the founders have not accepted the first rules; until then everything is refused',
        }
      : { name: 'founding', state: 'ok', detail: 'founded' },
    heads.clock === 'steady'
      ? { name: 'clock', state: 'ok', detail: 'steady' }
      : {
          name: 'clock',
          state: 'degraded',
          detail: 'the clock went backwards; nothing is given until the founders confirm the time',
        },
    lagCheck('sweep', lag.sweepSeconds, 'waivers are due and nobody has looked at them'),
    lagCheck('sequence', lag.sequenceSeconds, 'events wait for their place in the feed'),
  ]
  if (heads.directory === undefined) {
    return {
      checks: [
        ...checks,
        { name: 'directory', state: 'degraded', detail: 'no source has been read; nobody is independent' },
      ],
    }
  }
  const held = await heldSources(store.records)
  const directory = await knowledge.directory(heads.directory, heads.freshness)
  const stale = directory.sources.filter((source) => !(source.freshUntil >= Date.parse(heads.now)))
  const seconds = Math.round(directoryAgeSeconds(directory, heads.now))
  const detail =
    stale.length === 0 ? 'every source is fresh' : `too old: ${stale.map(({ id }) => `\`${id}\``).join(', ')}`
  return {
    checks: [
      ...checks,
      { name: 'directory', state: stale.length === 0 ? 'ok' : 'degraded', detail, seconds },
      held.length === 0
        ? { name: 'holds', state: 'ok', detail: 'every source is believed' }
        : { name: 'holds', state: 'degraded', detail: held.map(sayHold).join('; ') },
    ],
  }
}

function lagCheck(name: string, seconds: number, late: string): Check {
  const ok = seconds <= sweepLagSecondsMax
  return { name, state: ok ? 'ok' : 'degraded', detail: ok ? 'keeping up' : late, seconds: Math.round(seconds) }
}

export interface Examination {
  readonly name: string
  readonly state: 'ok' | 'worth-a-look' | 'broken'
  readonly detail: string
  readonly advice?: string
}

const pageSize = 500

/** Replays every waiver from its events and compares; says what has been waiting too long. */
export async function examine(machinery: Machinery): Promise<readonly Examination[]> {
  const { checks } = await readiness(machinery)
  const ready = checks.map(
    ({ name, state, detail }): Examination => ({
      name,
      state: state === 'ok' ? 'ok' : state === 'degraded' ? 'worth-a-look' : 'broken',
      detail,
    }),
  )
  if (checks.some(({ state }) => state === 'down')) return ready
  return [
    ...ready,
    await replayed(machinery),
    await logDerived(machinery),
    await removals(machinery),
    await grants(machinery),
  ]
}

async function replayed({ store }: Machinery): Promise<Examination> {
  const broken: string[] = []
  let count = 0
  for (let after: string | undefined; ; ) {
    const page = await store.waivers.list({ limit: pageSize, ...(after === undefined ? {} : { after }) })
    for (const waiver of page) {
      const events = await store.waivers.events(waiver.id)
      count++
      if (events.some(({ body }) => body === undefined)) continue
      const again = evolveAll(
        waiver.id,
        events.map(({ body }) => body as WaiverEvent),
      )
      if (again === undefined || canonicalJson(again) !== canonicalJson(waiver)) broken.push(waiver.id)
    }
    after = page.at(-1)?.id
    if (page.length < pageSize) break
  }
  const name = 'read models'
  if (broken.length === 0) return { name, state: 'ok', detail: `${count} waivers follow from their events` }
  return {
    name,
    state: 'broken',
    detail: `${broken.length} of ${count} waivers do not follow from their events, first \`${broken[0]}\``,
    advice: 'somebody changed the database by hand; restore a copy from before',
  }
}

/** The whole log, derived from its events again. */
async function logDerived({ store }: Machinery): Promise<Examination> {
  const name = 'transparency log'
  const source = await auditSource(store)
  if (source === undefined) return { name, state: 'ok', detail: 'nothing has been sealed so far' }
  const { outcome, finding, detail } = await auditLog(source, { keys: [], witnesses: [], required: 0, kept: [] })
  if (outcome === 'proven') return { name, state: 'ok', detail }
  return {
    name,
    state: 'broken',
    detail: `${finding ?? outcome}: ${detail}`,
    advice: 'somebody changed the database by hand, or it is an older copy; docs/log.md says what to do',
  }
}

async function removals({ store }: Machinery): Promise<Examination> {
  const ended = await store.waivers.list({ status: ['ended', 'suspended'], limit: pageSize })
  const { now } = await store.heads()
  const open = ended.filter(({ removal }) => removal.state === 'open' && secondsBetween(removal.since, now) > 60)
  if (open.length === 0) return { name: 'removals', state: 'ok', detail: 'every removal was read back' }
  return {
    name: 'removals',
    state: 'broken',
    detail: `${open.length} removals are not verified, first \`${open[0]?.id}\``,
    advice: 'look at the target; it is tried again for ever',
  }
}

async function grants({ store }: Machinery): Promise<Examination> {
  const failing = (await store.grants.list({ settled: false, limit: pageSize })).filter(({ attempts }) => attempts > 3)
  if (failing.length === 0) return { name: 'targets', state: 'ok', detail: 'every grant is as it shall be' }
  const [first] = failing
  return {
    name: 'targets',
    state: 'worth-a-look',
    detail: `${failing.length} grants are not as they shall be, first \`${first?.wanted.grant}\`: ${first?.lastError ?? 'no answer'}`,
    advice: 'is the target reachable with the credential of its connector?',
  }
}
