/**
 * An access connector that fails on command: for tests and the simulator. It keeps the contract as long as its script
 * says `works`, and breaks it in exactly the way it is told otherwise. No timers, no randomness, nothing outside memory.
 */
import {
  type AccessConnector,
  type Description,
  done,
  type Governed,
  type GrantSpec,
  type Inventory,
  type Nature,
  notDone,
  type Observation,
  type Outcome,
  unknown,
} from '../access.ts'
import { type Behaviour, honest, type Method, type Script } from './script.ts'
import type { Held, World } from './world.ts'

export interface FaultyConnector extends AccessConnector {
  /** Every call so far and how it was answered. */
  readonly calls: readonly { readonly method: Method; readonly grant?: string; readonly behaviour: Behaviour }[]
}

const nature: Nature = {
  sessionOutlivesRevokeSeconds: null,
  endSessionsSecondsMax: 0,
  residueSeen: ['whatever the world was told to keep'],
  residueNotSeen: [],
  probe: 'looks into its own memory',
  timeoutMillis: 1_000,
}

/** Several connectors can be made for one world, one after a crash of the other. */
export function faultyConnector(world: World, script: Script = honest): FaultyConnector {
  const calls: { method: Method; grant?: string; behaviour: Behaviour }[] = []
  const before = new Map<string, unknown>()
  const behave = (method: Method, grant?: string): Behaviour => {
    const call = { method, ...(grant === undefined ? {} : { grant }) }
    const behaviour = script({ number: calls.length + 1, ...call })
    calls.push({ ...call, behaviour })
    return behaviour
  }

  /** A change: `effect` says why it was refused, or gives what `done` reports. */
  const change = <Value>(behaviour: Behaviour, effect: () => Outcome<Value>, pretended: Value): Outcome<Value> => {
    switch (behaviour) {
      case 'works':
        return effect()
      case 'refuses':
        return notDone('the target refused', true)
      case 'loses-call':
        return unknown('the connection was lost')
      case 'loses-answer':
        return lost(effect())
      case 'delays':
        world.postpone(() => void effect())
        return unknown('the target did not answer in time')
      case 'hangs':
        return unknown('the target did not answer in time')
      case 'lies':
        return done(pretended)
      default:
        return behaviour satisfies never
    }
  }

  /** A question: a lie is the answer from before the last time something else was true. */
  const question = <Value>(behaviour: Behaviour, key: string, ask: () => Value): Outcome<Value> => {
    switch (behaviour) {
      case 'works':
        return done(remember(key, ask()))
      case 'lies':
        return done((before.get(key) ?? ask()) as Value)
      case 'refuses':
        return notDone('the target refused', true)
      case 'loses-call':
      case 'loses-answer':
      case 'delays':
      case 'hangs':
        return unknown('the target did not answer in time')
      default:
        return behaviour satisfies never
    }
  }
  const remember = <Value>(key: string, value: Value): Value => {
    if (!before.has(key)) before.set(key, value)
    return value
  }
  /** What was true so far becomes what a lie tells. */
  const keepForLies = (spec: GrantSpec) => {
    before.set(`observe ${spec.grant}`, observationOf(world, spec))
    before.set('inventory', world.holdings())
  }

  return {
    nature,
    calls,
    describe: async (entitlement) =>
      question(behave('describe'), `describe ${JSON.stringify(entitlement)}`, () => descriptionOf(world, entitlement)),
    apply: async (spec) => {
      const behaviour = behave('apply', spec.grant)
      keepForLies(spec)
      return change(behaviour, () => refusedOr(world.give(spec)), undefined)
    },
    revoke: async (spec) => {
      const behaviour = behave('revoke', spec.grant)
      keepForLies(spec)
      return change(behaviour, () => refusedOr(world.take(spec)), undefined)
    },
    observe: async (spec) =>
      question(behave('observe', spec.grant), `observe ${spec.grant}`, () => observationOf(world, spec)),
    endSessions: async (spec) => {
      const behaviour = behave('endSessions', spec.grant)
      keepForLies(spec)
      const using = world.using(spec.grant)
      return change(behaviour, () => done({ ended: endAll(world, spec.grant) }), { ended: using.length })
    },
    inventory: async (governed) =>
      inventoryOf(
        question(behave('inventory'), 'inventory', () => world.holdings()),
        governed,
        world,
      ),
    activity: async (spec, since) =>
      question(behave('activity', spec.grant), `activity ${spec.grant}`, () => world.activityOf(spec.account, since)),
    close: async () => {},
  }
}

/** What the world holds, in the names it was asked under. A lie is about what is there, not about what was asked. */
function inventoryOf(seen: Outcome<readonly Held[]>, governed: readonly Governed[], world: World): Outcome<Inventory> {
  if (seen.outcome !== 'done') return seen
  const known = governed.filter(({ resources }) => world.offers(resources))
  const holdings = known.flatMap(({ entitlement, resources }) =>
    seen.value.flatMap(({ resources: held, ...one }) =>
      held === undefined || held.some((resource) => resources.includes(resource)) ? [{ ...one, entitlement }] : [],
    ),
  )
  const unread = governed.filter((one) => !known.includes(one))
  return done({
    holdings,
    unread: unread.map(({ entitlement }) => ({ entitlement, reason: 'there is no such resource' })),
  })
}

function lost<Value>(outcome: Outcome<Value>): Outcome<Value> {
  return outcome.outcome === 'done' ? unknown('the answer was lost') : outcome
}

function refusedOr(refusal: string | undefined): Outcome {
  return refusal === undefined ? done(undefined) : notDone(refusal, false)
}

function endAll(world: World, grant: string): number {
  const using = world.using(grant)
  for (const { session } of using) world.endSession(session)
  return using.length
}

function descriptionOf(world: World, entitlement: Pick<GrantSpec, 'target' | 'resources' | 'actions'>): Description {
  const { target, resources, actions } = entitlement
  return {
    contains: { target, resources: [...resources].sort(), actions: [...actions].sort(), contents: world.contents() },
    summary: [`${actions.join(', ')} on ${resources.join(', ')}`, ...world.contents().map((one) => `with ${one}`)],
  }
}

function observationOf(world: World, spec: GrantSpec): Observation {
  const access = world.accessOf(spec.grant)
  return {
    present: access !== undefined,
    differs: access === undefined ? [] : differences(world, access, spec),
    sessions: world
      .using(spec.grant)
      .map(({ session, account, since, detail }) => ({ session, account, since, detail })),
    residue: world.residueOf(spec.grant),
  }
}

const compared = ['account', 'resources', 'actions', 'until', 'generation'] as const

function differences(world: World, there: GrantSpec, wanted: GrantSpec): readonly string[] {
  const changed = compared.filter((key) => JSON.stringify(there[key]) !== JSON.stringify(wanted[key]))
  const standing = world.standingOf(wanted.account)
  return [
    ...changed.map((key) => `${key} is ${JSON.stringify(there[key])}`),
    ...standing.map((holds) => `without the grant too: ${holds}`),
  ]
}
