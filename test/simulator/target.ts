/**
 * Targets that fail in every way a target can, on command: it did not happen, it happened although it errored, nobody
 * knows, it says done and is not. What is true on them is kept apart from what they say, so that it can be checked. They
 * lie about what they did, never about what is there: `observe` may fail, and what it answers is so.
 */
import {
  type AccessConnector,
  type AccessConnectorKind,
  done,
  type Governed,
  type GrantSpec,
  type Holding,
  notDone,
  type Outcome,
  unknown,
} from '../../src/connectors/access.ts'
import { memoryNature } from '../support/memory-target.ts'

export type Trouble =
  /** Did not happen, and says so. */
  | 'refused'
  /** The call never arrived: nobody knows. */
  | 'lost-before'
  /** It happened, the answer got lost. */
  | 'lost-after'
  /** It happened and an error came back that looks final. */
  | 'failed-but-happened'
  /** Says done and did nothing. */
  | 'claims-done'
  /** Breaks its contract. */
  | 'throws'

export const troubles: readonly Trouble[] = [
  'refused',
  'lost-before',
  'lost-after',
  'failed-but-happened',
  'claims-done',
  'throws',
]

export interface Session {
  readonly grant: string
  readonly account: string
}

/** Every time access came to be on the target, or was changed there. */
export interface Given {
  readonly system: string
  readonly spec: GrantSpec
  readonly at: string
  /** Nothing of this grant was there before. */
  readonly fresh: boolean
}

/** One system as it really is. */
export interface Truth {
  readonly name: string
  readonly grants: Map<string, GrantSpec>
  readonly sessions: Map<string, Session>
  /** What entitlements contain; changing it is somebody widening a role. */
  contents: string
  /** What happens to the calls to come, first first; `dead` while nothing answers at all. */
  troubles: (Trouble | undefined)[]
  dead: boolean
  /** What it will once claim to have done, and will not have. */
  readonly lies: Set<Act>
}

export type Act = 'apply' | 'revoke' | 'end-sessions'

export interface Targets {
  readonly kind: AccessConnectorKind
  readonly systems: ReadonlyMap<string, Truth>
  /** Since the last time it was emptied. */
  readonly given: Given[]
}

/** The kind `simulated` reaches the system that its settings name. */
export function newTargets(names: readonly string[], now: () => string): Targets {
  const systems = new Map(names.map((name) => [name, newTruth(name)]))
  const given: Given[] = []
  return {
    systems,
    given,
    kind: {
      kind: 'simulated',
      create: ({ name }) => {
        const truth = systems.get(String(name))
        if (truth === undefined) throw new Error(`there is no system \`${String(name)}\``)
        return connectorTo(truth, given, now)
      },
    },
  }
}

function newTruth(name: string): Truth {
  return {
    name,
    grants: new Map(),
    sessions: new Map(),
    contents: 'as it was',
    troubles: [],
    dead: false,
    lies: new Set(),
  }
}

function connectorTo(truth: Truth, given: Given[], now: () => string): AccessConnector {
  const sessionsOf = (grant: string) => [...truth.sessions].filter(([, session]) => session.grant === grant)
  return {
    nature: memoryNature,
    describe: () => look(truth, () => ({ contains: truth.contents, summary: [truth.contents] })),
    apply: (spec) =>
      act(truth, 'apply', () => {
        given.push({ system: truth.name, spec, at: now(), fresh: !truth.grants.has(spec.grant) })
        truth.grants.set(spec.grant, spec)
      }),
    revoke: ({ grant }) =>
      act(truth, 'revoke', () => {
        truth.grants.delete(grant)
      }),
    observe: (spec) =>
      look(truth, () => {
        const held = truth.grants.get(spec.grant)
        return {
          present: held !== undefined,
          differs: held === undefined ? [] : differences(held, spec),
          sessions: sessionsOf(spec.grant).map(([session, { account }]) => ({
            session,
            account,
            since: '',
            detail: '',
          })),
          residue: [],
        }
      }),
    async endSessions({ grant }) {
      let ended = 0
      const outcome = await act(truth, 'end-sessions', () => {
        for (const [session] of sessionsOf(grant)) {
          truth.sessions.delete(session)
          ended++
        }
      })
      return outcome.outcome === 'done' ? done({ ended }) : outcome
    },
    inventory: (governed) => look(truth, () => ({ holdings: governed.flatMap((one) => held(truth, one)), unread: [] })),
    activity: () => look(truth, () => []),
    close: async () => {},
  }
}

function held(truth: Truth, { entitlement, resources }: Governed): readonly Holding[] {
  const given = [...truth.grants.values()].filter((spec) => spec.resources.some((one) => resources.includes(one)))
  return given.map(({ account, grant, until }) => ({ account, entitlement, holds: 'given', grant, until }))
}

function differences(held: GrantSpec, spec: GrantSpec): readonly string[] {
  const fields = ['account', 'resources', 'actions', 'until'] as const
  return fields.filter((field) => JSON.stringify(held[field]) !== JSON.stringify(spec[field]))
}

async function look<Value>(truth: Truth, see: () => Value): Promise<Outcome<Value>> {
  const trouble = troubleOf(truth)
  switch (trouble) {
    case undefined:
    // Nothing happens when somebody looks, so nothing can have happened after all; the answer is simply there.
    case 'claims-done':
    case 'failed-but-happened':
      return done(see())
    case 'refused':
      return notDone('the target says no', true)
    case 'lost-before':
    case 'lost-after':
      return unknown('no answer in time')
    case 'throws':
      throw new Error('the connector broke its contract')
    default:
      return trouble satisfies never
  }
}

async function act(truth: Truth, what: Act, effect: () => void): Promise<Outcome> {
  if (!truth.dead && truth.lies.delete(what)) return done(undefined)
  const trouble = troubleOf(truth)
  switch (trouble) {
    case undefined:
      effect()
      return done(undefined)
    case 'refused':
      return notDone('the target says no', true)
    case 'lost-before':
      return unknown('no answer in time')
    case 'lost-after':
      effect()
      return unknown('no answer in time')
    case 'failed-but-happened':
      effect()
      return notDone('the target failed', false)
    case 'claims-done':
      return done(undefined)
    case 'throws':
      throw new Error('the connector broke its contract')
    default:
      return trouble satisfies never
  }
}

function troubleOf(truth: Truth): Trouble | undefined {
  return truth.dead ? 'lost-before' : truth.troubles.shift()
}
