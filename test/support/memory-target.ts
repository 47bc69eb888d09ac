/** A target that lives in memory and always does as it is told. For trouble there is `connectors/faulty`. */
import {
  type AccessConnector,
  type AccessConnectorKind,
  done,
  type GrantSpec,
  type Nature,
  notDone,
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
  /** Access that others gave. */
  readonly standing: { readonly account: string; readonly entitlement: string }[]
  /** Why it cannot be read as a whole, while that is so. */
  silence: string | undefined
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
    standing: [],
    silence: undefined,
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
    inventory: async (governed) =>
      target.silence !== undefined
        ? notDone(target.silence, true)
        : done({
            holdings: governed.flatMap(({ entitlement, resources, actions }) => [
              ...[...given.values()]
                .filter(
                  (spec) =>
                    spec.resources.some((resource) => resources.includes(resource)) &&
                    spec.actions.some((action) => actions.includes(action)),
                )
                .map(({ account, grant, until }) => ({ account, entitlement, holds: 'given', grant, until })),
              ...target.standing
                .filter((one) => one.entitlement === entitlement)
                .map(({ account }) => ({ account, entitlement, holds: 'standing' })),
            ]),
            unread: [],
          }),
    activity: async () => done([]),
    close: async () => {},
  }
  return target
}
