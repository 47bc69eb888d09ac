/**
 * Lives of waivers told act by act, each act something that somebody or some loop does and does again when the process
 * died over it. People send the same command under the same key; loops simply come round again.
 */
import { plusSeconds } from '../../src/core/time.ts'
import type { Command, Waiver } from '../../src/core/waiver.ts'
import { diceFor } from '../simulator/dice.ts'
import { everythingFollows, feedIsComplete } from '../simulator/finish.ts'
import { type Installation, type Saved, signedIn } from '../simulator/installation.ts'
import { newRecord } from '../simulator/record.ts'
import { look } from '../simulator/run.ts'
import { type Doom, isFate, LostConnection } from '../simulator/schedule.ts'
import { readSnapshot } from '../simulator/snapshot.ts'
import type { Truth } from '../simulator/target.ts'
import { loopsOnce, type Node, newNode, newWorld, readDirectory, setTime, type World } from '../simulator/world.ts'

export interface Act {
  readonly says: string
  run(story: Story, node: Node): Promise<void>
}

export interface Story {
  readonly world: World
  /** Waivers by the name the story gives them. */
  readonly ids: Map<string, string>
  /** How often each grant came to be on its target. */
  readonly given: Map<string, number>
  /** How often the target had nothing to say to an act; the next try is another command, and has another key. */
  readonly unanswered: Map<string, number>
}

/** The story as it goes when nothing happens to anybody, and every moment between two of its acts to come back to. */
export interface Rehearsal {
  readonly installation: Installation
  readonly acts: readonly Act[]
  readonly scenes: readonly Scene[]
  readonly ending: readonly string[]
}

/** Where an act begins. */
interface Scene {
  readonly saved: Saved
  readonly story: Story
  readonly targets: readonly Truth[]
}

export interface Told {
  /** What is true at the end, without ids and times: the same however a process died on the way. */
  readonly ending: readonly string[]
  /** Whether the process met its fate in the act it was doomed in. */
  readonly metFate: boolean
}

const triesMax = 4
/** Longer than any lease and any backoff: what a dead process had taken comes back. */
const patienceSeconds = 130
/** Whatever should have started and did not is tried again after this long. */
const momentSeconds = 61

export async function rehearse(installation: Installation, acts: readonly Act[]): Promise<Rehearsal> {
  const story: Story = { world: await newWorld(installation), ids: new Map(), given: new Map(), unanswered: new Map() }
  const scenes: Scene[] = []
  for (const act of acts) {
    scenes.push({ saved: await installation.save(), story: copied(story), targets: truthsOf(story.world) })
    await played(story, act)
  }
  return { installation, acts, scenes, ending: await endingOf(story, true) }
}

/**
 * Tells the story again from where that act begins, with a process that meets its fate in it; what comes before is as it
 * was rehearsed.
 * @param again whether every decision is decided once more at the end, which takes as long as the story itself
 */
export async function interrupted(
  { installation, acts, scenes }: Rehearsal,
  index: number,
  doom: Doom,
  again: boolean,
): Promise<Told> {
  const story = await backTo(installation, scenes[index] ?? missing())
  only(story.world).doom = doom
  for (const [offset, act] of acts.slice(index).entries()) {
    await played(story, act)
    // What survives this act goes on as it was rehearsed.
    if (offset === 0 && doom.effectsLeft >= 0) return { ending: [], metFate: false }
  }
  return { ending: await endingOf(story, again), metFate: true }
}

async function played(story: Story, act: Act): Promise<void> {
  const { world } = story
  for (let tries = 1; !(await performed(story, act, only(world))); tries++) {
    if (tries === triesMax) throw new Error(`\`${act.says}\` still fails after ${tries} tries`)
    if (only(world).dead) world.nodes = [newNode(world, only(world).name)]
  }
  await look(world, [])
  for (const { spec, fresh } of world.targets.given)
    if (fresh) story.given.set(spec.grant, (story.given.get(spec.grant) ?? 0) + 1)
  world.attempts = []
  world.targets.given.length = 0
}

function copied({ world, ids, given, unanswered }: Story): Story {
  return { world: { ...world }, ids: new Map(ids), given: new Map(given), unanswered: new Map(unanswered) }
}

function truthsOf({ targets }: World): readonly Truth[] {
  return [...targets.systems.values()].map(copyOfTruth)
}

function copyOfTruth(truth: Truth): Truth {
  return {
    ...truth,
    grants: new Map(truth.grants),
    sessions: new Map(truth.sessions),
    troubles: [...truth.troubles],
  }
}

/** Another world in the same state: database, targets, time, and what everybody knows by now. */
async function backTo(installation: Installation, { saved, story, targets }: Scene): Promise<Story> {
  const world = await newWorld(installation)
  await installation.restore(saved)
  const { now, holding, rules, clock, sessionsCount, contentsAsked } = story.world
  Object.assign(world, { now, holding, rules, clock, sessionsCount, contentsAsked, record: newRecord() })
  world.record.add((await readSnapshot(installation.admin, 0)).events)
  for (const truth of targets) Object.assign(world.targets.systems.get(truth.name) ?? {}, copyOfTruth(truth))
  return { ...copied(story), world }
}

/** @returns false when the process died or lost its connection over it. */
async function performed(story: Story, act: Act, node: Node): Promise<boolean> {
  let done = false
  await story.world.schedule.run(diceFor(0, 0), [
    async () => {
      await act.run(story, node).catch((error: unknown) => {
        if (isFate(error)) throw error
        throw new Error(`\`${act.says}\`: ${error instanceof Error ? error.stack : String(error)}`)
      })
      done = true
    },
  ])
  // A loop says that it failed and goes on; that its process is dead is found out here.
  return done && !node.dead
}

/** The same command under the same key, however often it takes. */
export function does(actor: string, name: string, commandOf: CommandOf): Act {
  return {
    says: `${actor} and ${name}`,
    async run(story, node) {
      const { command, handled } = await ordered(story, node, actor, name, commandOf)
      if (handled.outcome === 'refused') throw new Error(`${actor} ${command.type}: ${handled.refusal.message}`)
      story.ids.set(name, handled.waiver.id)
    },
  }
}

/** What must not be done, whoever died over it. */
export function refused(actor: string, name: string, command: Command): Act {
  return {
    says: `${actor} is refused ${name}`,
    async run(story, node) {
      const { handled } = await ordered(story, node, actor, name, () => command)
      if (handled.outcome === 'accepted') throw new Error(`${actor} ${command.type}: was accepted`)
    },
  }
}

/** All of them at the same moment, in one process; over when the last of them is. */
export function together(...acts: readonly Act[]): Act {
  return {
    says: `at the same moment: ${acts.map(({ says }) => says).join('; ')}`,
    async run(story, node) {
      const told = await Promise.allSettled(acts.map((act) => act.run(story, node)))
      const failed = told.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown)
      if (failed.length > 0) throw failed.find((reason) => !isFate(reason)) ?? failed[0]
    },
  }
}

type CommandOf = (waiver: Waiver, world: World) => Command

async function ordered(story: Story, node: Node, actor: string, name: string, commandOf: CommandOf) {
  const { world, ids } = story
  const id = ids.get(name)
  const command = commandOf(world.record.lives.get(id ?? '')?.waiver as Waiver, world)
  const act = `${actor} ${name} ${command.type}`
  const unanswered = story.unanswered.get(act) ?? 0
  const order = {
    command,
    actor: signedIn(actor, world.now),
    idempotencyKey: `${name} ${command.type} ${world.now} ${unanswered}`,
    ...(id === undefined || command.type === 'request' ? {} : { waiver: id }),
  }
  const handled = await world.installation.handle(order, node.app.machinery)
  if (handled.outcome === 'refused' && handled.refusal.code === 'contents-unknown') {
    story.unanswered.set(act, unanswered + 1)
    throw new LostConnection()
  }
  return { command, handled }
}

export const settle: Act = {
  says: 'loops run until nothing is left to do',
  async run({ world }, node) {
    let waited = false
    for (let rounds = 0; rounds < 40; rounds++) {
      if (await loopsOnce(node)) continue
      const unsettled = (await node.store.grants.list({ settled: false, limit: 1 })).length > 0
      if (waited && !unsettled) return
      await pass(world, node, unsettled ? patienceSeconds : momentSeconds)
      waited = true
    }
    throw new Error('loops do not come to rest')
  },
}

export function after(seconds: number): Act {
  return { says: `${seconds} seconds pass`, run: ({ world }, node) => pass(world, node, seconds) }
}

async function pass(world: World, node: Node, seconds: number): Promise<void> {
  await setTime(world, plusSeconds(world.now, seconds))
  await readDirectory(world, node)
}

/**
 * What must be the same whoever died: every act of every life, in its order and once; what is left on the targets; how
 * often each grant was given. Without ids and times, and without what is loud while something is tried again.
 */
async function endingOf({ world, ids, given }: Story, again: boolean): Promise<readonly string[]> {
  while ((await world.installation.store.feed.sequence(1_000)) > 0);
  await feedIsComplete(world)
  if (again) await everythingFollows(world)
  const waivers = [...ids].map(([name, id]) => {
    const types = world.record.happenings.flatMap(({ stream, type }) =>
      stream === id && !loud.has(type) ? [type] : [],
    )
    const waiver = world.record.lives.get(id)?.waiver
    const times = given.get(id.replace('wvr_', 'grt_')) ?? 0
    return `${name} is ${waiver?.status}, given ${times} times, removal ${waiver?.removal.state}: ${types.join(', ')}`
  })
  const changes = [...world.record.lives.values()].filter(({ id }) => id.startsWith('chg_'))
  const left = [...world.targets.systems.values()].map(
    ({ name, grants, sessions }) => `${name} has ${grants.size} grants and ${sessions.size} sessions`,
  )
  return [...waivers, `${changes.length} changes of the rules`, ...left]
}

const loud: ReadonlySet<string> = new Set(['AttemptRefused', 'RemovalFailed'])

function only({ nodes }: World): Node {
  const [node] = nodes
  if (node === undefined) throw new Error('bug: no process')
  return node
}

function missing(): never {
  throw new Error('bug: no such act')
}
