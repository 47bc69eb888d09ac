/**
 * What does this connector know about its own limits? Said to whoever decides, so it states what was measured on
 * PostgreSQL 15 to 18 and what cannot be seen at all.
 */
import type { Nature } from '../access.ts'
import { callMillisMax } from './connection.ts'
import type { Settings } from './settings.ts'

export function natureOf(settings: Settings): Nature {
  return {
    // Measured: cursors, prepared plans with row security, and (before 16, or where allowed) SET ROLE go on for ever.
    sessionOutlivesRevokeSeconds: null,
    endSessionsSecondsMax: settings.statementTimeoutSeconds,
    residueSeen: [
      'objects owned by the role of the grant, and what still names it, in every database of the cluster',
      'objects, functions and views made or changed while the grant ran by roles whose rights it lent',
      'objects the account made in schemas where it may make nothing without the grant',
      'memberships, privileges and default privileges given with rights the grant lent',
      'triggers, rules, policies, foreign keys and event triggers planted while the grant ran',
      'prepared transactions of the account',
      'databases that could not be looked into, by name',
    ],
    residueNotSeen: [
      'copies of data the account made where it may write without the grant',
      'jobs of schedulers (pg_cron and others), large objects, and changes to columns or indexes of existing tables',
      'roles made with CREATEROLE on PostgreSQL 15, and passwords changed with it',
      'sessions on hot standbys, and work of connection poolers that log in as somebody else',
      'what a superuser did',
    ],
    probe:
      'reads the catalogs in one statement; as a session does not show whether it uses a grant, every session of the ' +
      'account (and of whoever can become the account or is in the role of the grant) that was open before the removal ' +
      'counts as using it and is ended, also where another grant of the same account goes on: that costs a reconnect',
    timeoutMillis: methodMillisMax(settings),
  }
}

/** The longest method: one call that ends sessions, a time of looking again, and one more call. */
function methodMillisMax(settings: Settings): number {
  return 2 * callMillisMax(settings) + settings.statementTimeoutSeconds * 1_000
}
