/**
 * Numbers for operators, in the Prometheus format: what was refused, what was decided, what is late. No label names a
 * person, a waiver or anything a caller can make up.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CoverageReport } from '../core/coverage.ts'
import { driftKinds } from '../core/drift.ts'
import { type Instant, secondsBetween } from '../core/time.ts'
import type { CoverageDesk } from '../engine/coverage.ts'
import { knowledgeFor } from '../engine/handle.ts'
import type { GrantView } from '../store/contract.ts'
import type { DriftCount, Reading } from '../store/drift-contract.ts'
import { StoreFault } from '../store/fault.ts'
import { knowledgeOf } from './drift-view.ts'
import type { ApiOptions, ReadyCheck } from './options.ts'

export interface Metrics {
  readonly contentType: string
  refused(code: string): void
  accepted(act: string): void
  answered(method: string, route: string, status: number, seconds: number): void
  /** Asks the store and the checks; what cannot be had just now is left out rather than guessed. */
  text(): Promise<string>
}

/** Looked at in one scrape; more unsettled grants than that are shown as so many. */
const unsettledMax = 1_000
const removalsMax = 200

export function metricsOf(
  { machinery, ready, register = new Registry() }: Pick<ApiOptions, 'machinery' | 'ready' | 'register'>,
  coverage: CoverageDesk,
): Metrics {
  const registers = [register]
  const refusals = new Counter({
    name: 'countersign_refusals_total',
    help: 'Refusals, by code.',
    labelNames: ['code'],
    registers,
  })
  const acts = new Counter({
    name: 'countersign_acts_total',
    help: 'Accepted acts, by kind.',
    labelNames: ['act'],
    registers,
  })
  const durations = new Histogram({
    name: 'countersign_http_request_duration_seconds',
    help: 'Time from request to answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  // Routes, methods and statuses are few; finding the line by its labels again takes longer than counting.
  const byAnswer = new Map<string, Histogram.Internal<'method' | 'route' | 'status'>>()
  const gauges = gaugesOn(registers)
  return {
    contentType: register.contentType,
    refused: (code) => refusals.inc({ code }),
    accepted: (act) => acts.inc({ act }),
    answered(method, route, status, seconds) {
      const key = `${method} ${status} ${route}`
      const own = byAnswer.get(key) ?? durations.labels({ method, route, status: String(status) })
      byAnswer.set(key, own)
      own.observe(seconds)
    },
    async text() {
      gauges.reset()
      gauges.checks((await ready()).checks)
      await Promise.all([
        measureGrants(machinery, gauges),
        measureCoverage(machinery, coverage, gauges),
        measureDrift(machinery, gauges),
      ]).catch((error: unknown) => {
        // Without a database there is nothing to measure; the checks above say so.
        if (!(error instanceof StoreFault)) throw error
      })
      return register.metrics()
    },
  }
}

type Gauges = ReturnType<typeof gaugesOn>

function gaugesOn(registers: Registry[]) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `countersign_${name}`, help, labelNames, registers })
  const state = gauge('check_ok', '1 when the check is ok, 0.5 when degraded, 0 when down.', ['check'])
  const lags: Readonly<Record<string, Gauge>> = {
    directory: gauge('directory_age_seconds', 'Age of the oldest source of the directory.'),
    sweep: gauge('sweep_lag_seconds', 'How long the waiver that is due longest has been due.'),
    sequence: gauge('sequence_lag_seconds', 'How long the oldest event has waited for its position.'),
  }
  const unsettled = gauge('grants_unsettled', 'Grants whose target was not yet seen to be as wanted.', ['wanted'])
  const removal = gauge(
    'removal_open_age_seconds',
    'How long the oldest access has been there that shall be gone; 0 when there is none.',
  )
  const uncovered = gauge(
    'uncovered_hours_ahead',
    'Hours of the next seven days in which some team or rota would find nobody independent on duty.',
  )
  const uncoveredGroups = gauge('uncovered_groups_ahead', 'Teams and rotas with such an hour.')
  const unplanned = gauge(
    'unplanned_hours_ahead',
    'Hours of the next seven days for which no rota of the pools says anything yet, summed over teams and rotas.',
  )
  const drift = gauge('drift_open', 'Open findings of drift and habit, by kind.', ['kind'])
  const drifted = gauge('drift_unreviewed', 'Open findings that nobody looked back on yet.')
  const readingAge = gauge(
    'drift_reading_age_seconds',
    'Age of the last good reading of a target; absent before the first.',
    ['target'],
  )
  const targetKnown = gauge(
    'drift_target_known',
    '1 when the target was read lately, 0.5 when only part of it was, 0 when it is unknown what is there.',
    ['target'],
  )
  const unlabelled = [drifted, removal, uncovered, uncoveredGroups, unplanned, ...Object.values(lags)]
  return {
    reset() {
      for (const one of [state, unsettled, drift, readingAge, targetKnown, ...unlabelled]) one.reset()
      // A gauge without labels comes back as 0 after a reset, which would look like an answer.
      for (const one of unlabelled) one.set(Number.NaN)
    },
    coverage(totals: CoverageReport['totals']) {
      uncovered.set(totals.uncoveredHours)
      uncoveredGroups.set(totals.rowsUncovered)
      unplanned.set(totals.unplanned)
    },
    drift(counts: readonly DriftCount[], readings: readonly Reading[], now: Instant) {
      for (const kind of driftKinds)
        drift.set(
          { kind },
          counts.reduce((sum, one) => sum + (one.kind === kind ? one.open : 0), 0),
        )
      drifted.set(counts.reduce((sum, { unreviewed }) => sum + unreviewed, 0))
      for (const reading of readings) {
        const { subject: target, readAt } = reading
        if (readAt !== undefined) readingAge.set({ target }, Math.max(0, secondsBetween(readAt, now)))
        const known = knowledgeOf(reading, now)
        targetKnown.set({ target }, known === 'current' ? 1 : known === 'partial' ? 0.5 : 0)
      }
    },
    checks(checks: readonly ReadyCheck[]) {
      for (const { name, state: is, seconds } of checks) {
        state.set({ check: name }, is === 'ok' ? 1 : is === 'degraded' ? 0.5 : 0)
        if (seconds !== undefined && Object.hasOwn(lags, name)) lags[name]?.set(seconds)
      }
    },
    grants(grants: readonly GrantView[], removalSeconds: number) {
      const present = grants.filter(({ wanted }) => wanted.present).length
      unsettled.set({ wanted: 'present' }, present)
      unsettled.set({ wanted: 'absent' }, grants.length - present)
      removal.set(removalSeconds)
    },
  }
}

async function measureGrants({ store }: ApiOptions['machinery'], gauges: Gauges): Promise<void> {
  const [heads, grants] = await Promise.all([store.heads(), store.grants.list({ settled: false, limit: unsettledMax })])
  // Newest first, so the oldest removals stand at the end.
  const leaving = grants.filter(({ wanted }) => !wanted.present).slice(-removalsMax)
  let oldest = Number.POSITIVE_INFINITY
  for (const { waiver: id } of leaving) {
    const removal = (await store.waivers.find(id))?.removal
    if (removal?.state === 'open') oldest = Math.min(oldest, Date.parse(removal.since))
  }
  gauges.grants(grants, oldest === Number.POSITIVE_INFINITY ? 0 : Math.max(0, (Date.parse(heads.now) - oldest) / 1000))
}

/** Known a little after somebody first asked; until then the gauges say nothing. */
async function measureCoverage(
  { store, knowledge }: ApiOptions['machinery'],
  coverage: CoverageDesk,
  gauges: Gauges,
): Promise<void> {
  const heads = await store.heads()
  const known = await knowledgeFor(knowledge, { heads })
  const totals = known === undefined ? undefined : coverage.ahead(known, heads.now)
  if (totals !== undefined) gauges.coverage(totals)
}

/** Targets are named by the policy, so a target is no name that a caller makes up. */
async function measureDrift({ store }: ApiOptions['machinery'], gauges: Gauges): Promise<void> {
  const [{ now }, counts, readings] = await Promise.all([store.heads(), store.drift.counts(), store.drift.readings()])
  gauges.drift(counts, readings, now)
}
