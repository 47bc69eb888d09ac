/**
 * Time-bound access on a PostgreSQL: one role per grant, made and dropped by Countersign. This file joins the methods,
 * turns a spec that does not fit into `not-done`, and sees that every method answers in time; it decides nothing.
 *
 * Measured on PostgreSQL 15.18, 16.14, 17.10 and 18.4 (the tests beside this file repeat it):
 * - `DROP ROLE` of the grant's role ends every membership through it, also for sessions that are open, but
 *   - a session that did `SET ROLE` to a role *behind* it goes on as that role for ever (all versions, where SET is
 *     allowed; 15 cannot forbid it). After `SET ROLE` to the dropped role itself: privileges gone, `current_user` fails
 *     with "invalid role OID";
 *   - a cursor opened before goes on delivering rows;
 *   - a prepared statement keeps the plan it got while the account was a member, and with it the row security policies
 *     of the role: it goes on returning rows the account may no longer see (15 to 18).
 * - Anybody can hold the role locked against `DROP ROLE` with an open transaction (`GRANT … ON own_table TO role`), and on
 *   18 a table against `REVOKE` with `LOCK TABLE`. `REVOKE role FROM account` goes through all the same.
 * - `GRANT` of what the login holds without grant option is only a warning. Two concurrent grants on one table fail with
 *   "tuple concurrently updated". A table's privileges hold about 2,400 entries, so about as many grants at a time.
 * - `VALID UNTIL` of a role without login does nothing; it stands there for people, and is watched for being moved.
 */
import {
  type AccessConnector,
  type AccessConnectorKind,
  notDone,
  type Observation,
  type Outcome,
  unknown,
} from '../access.ts'
import { activity } from './activity.ts'
import { apply } from './apply.ts'
import { type Effect, openTarget, type Target } from './connection.ts'
import { describe } from './describe.ts'
import { gather } from './gather.ts'
import { inventory } from './inventory.ts'
import { UnfitSpec } from './name.ts'
import { natureOf } from './nature.ts'
import { lookAtAll, observation } from './observe.ts'
import { revokeAll } from './revoke.ts'
import { endAll, gone } from './sessions.ts'
import { readSettings } from './settings.ts'
import { removalSpec, type WireSpec } from './wire.ts'

export const postgresRole: AccessConnectorKind = {
  kind: 'postgres-role',
  create: (raw, secrets) => {
    const settings = readSettings(raw, secrets)
    const target = openTarget(settings)
    const nature = natureOf(settings)
    const removal = removalOn(target)
    const bounded = <Value>(effect: Effect, method: () => Promise<Outcome<Value>>) =>
      within(nature.timeoutMillis, effect, method)
    return {
      nature,
      describe: (entitlement) => bounded('reads', () => describe(target, entitlement)),
      apply: (spec) => bounded('writes', () => apply(target, spec)),
      revoke: (spec) => bounded('writes', async () => removal.revoke(removalSpec(spec))),
      observe: (spec) => bounded('reads', async () => removal.observe(removalSpec(spec))),
      endSessions: (spec) => bounded('writes', async () => removal.endSessions(removalSpec(spec))),
      inventory: (governed) => bounded('reads', () => inventory(target, governed)),
      activity: (spec, since) => bounded('reads', () => activity(target, spec, since)),
      close: () => target.close(),
    } satisfies AccessConnector
  },
}

/** What many grants need at the same moment, when they end together, goes together. */
function removalOn(target: Target) {
  const limits = { together: 32, atOnce: 2 }
  const revoke = gather((specs: readonly WireSpec[]) => revokeAll(target, specs), limits)
  const look = gather((specs: readonly WireSpec[]) => lookAtAll(target, specs), limits)
  const end = gather((specs: readonly WireSpec[]) => endAll(target, specs), limits)
  return {
    revoke,
    observe: async (spec: WireSpec): Promise<Outcome<Observation>> => {
      const seen = await look(spec)
      return seen.outcome === 'done' ? observation(target, spec, seen.value) : seen
    },
    endSessions: async (spec: WireSpec): Promise<Outcome<{ readonly ended: number }>> => {
      const ended = await end(spec)
      if (ended.outcome !== 'done') return ended
      const outcome = await gone(target, ended.value)
      // What a session had kept from being dropped can be dropped now; if not, observing says so.
      if (outcome.outcome === 'done' && ended.value.leftover) await revoke(spec)
      return outcome
    },
  }
}

async function within<Value>(
  millis: number,
  effect: Effect,
  method: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const { promise: late, resolve } = Promise.withResolvers<Outcome<never>>()
  const reason = `the target did not answer within ${millis} ms`
  const timer = setTimeout(() => resolve(effect === 'reads' ? notDone(reason, true) : unknown(reason)), millis)
  try {
    return await Promise.race([late, method()])
  } catch (error) {
    if (error instanceof UnfitSpec) return notDone(error.message, false)
    throw error
  } finally {
    clearTimeout(timer)
  }
}
