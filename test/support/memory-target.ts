/** A target that lives in memory and always does as it is told. For trouble there is `connectors/faulty`. */
import {
  type AccessConnector,
  type AccessConnectorKind,
  done,
  type GrantSpec,
  type Nature,
} from '../../src/connectors/access.ts'

export const memoryNature: Nature = {
  sessionOutlivesRevokeSeconds: null,
  endSessionsSecondsMax: 1,
  timeoutMillis: 1_000,
  residueSeen: [],
  residueNotSeen: [],
  probe: 'looks into a map',
}

export interface MemoryTarget {
  readonly kind: AccessConnectorKind
  readonly given: Map<string, GrantSpec>
  readonly sessions: Map<string, string>
  /** What entitlements contain; changing it is somebody widening a role. */
  contents: string
}

export function memoryTarget(): MemoryTarget {
  const given = new Map<string, GrantSpec>()
  const sessions = new Map<string, string>()
  const sessionsOf = (account: string) => [...sessions].filter(([, owner]) => owner === account)
  const target: MemoryTarget = {
    kind: { kind: 'memory', create: () => connector },
    given,
    sessions,
    contents: 'as it was',
  }
  const connector: AccessConnector = {
    nature: memoryNature,
    describe: async () => done({ contains: target.contents, summary: [target.contents] }),
    async apply(spec) {
      given.set(spec.grant, spec)
      return done(undefined)
    },
    async revoke({ grant }) {
      given.delete(grant)
      return done(undefined)
    },
    async observe({ grant, account, generation }) {
      const held = given.get(grant)
      return done({
        present: held !== undefined,
        differs: held === undefined || held.generation === generation ? [] : ['generation'],
        sessions:
          held === undefined
            ? sessionsOf(account).map(([session]) => ({ session, account, since: '', detail: '' }))
            : [],
        residue: [],
      })
    },
    async endSessions({ account }) {
      const ending = sessionsOf(account)
      for (const [session] of ending) sessions.delete(session)
      return done({ ended: ending.length })
    },
    holdings: async () => done([...given.values()].map(({ account, grant }) => ({ account, holds: grant, grant }))),
    activity: async () => done([]),
    close: async () => {},
  }
  return target
}
