/**
 * Lives of waivers told act by act, each act something that somebody or some loop does and does again when the process
 * died over it. People send the same command under the same key; loops simply come round again.
 */
import { plusSeconds } from '../../src/core/time.ts'
import type { Command, Waiver } from '../../src/core/waiver.ts'
import { handle } from '../../src/engine/handle.ts'
import { diceFor } from '../simulator/dice.ts'
import { everythingFollows } from '../simulator/finish.ts'
import { type Installation, signedIn } from '../simulator/installation.ts'
import { look } from '../simulator/run.ts'
import { type Doom, isFate, LostConnection } from '../simulator/schedule.ts'
import { loopsOnce, type Node, newNode, newWorld, readDirectory, setTime, type World } from '../simulator/world.ts'

export interface Act {
  readonly says: string
  run(story: Story, node: Node): Promise<void>
}

export interface Story {
  readonly world: World
  /** Waivers by the name the story gives them. */
  readonly ids: Map<string, string>
  /** How often the target had nothing to say; the next try is another command, and has another key. */
  unanswered: number
}

export interface Told {
  /** What is true at the end, without ids and times: the same however often a process died on the way. */
  readonly ending: readonly string[]
  /** Whether the process met its fate before the story was over. */
  readonly metFate: boolean
}

const triesMax = 4
/** Longer than any lease and any backoff: what a dead process had taken comes back. */
const patienceSeconds = 130
/** Whatever should have started and did not is tried again after this long. */
const momentSeconds = 61

/** @param again whether every decision is decided once more at the end, which takes as long as the story itself */
export async function tell(installation: Installation, acts: readonly Act[], doom?: Doom, again = true): Promise<Told> {
  const world = await newWorld(installation)
  const story: Story = { world, ids: new Map(), unanswered: 0 }
  let node = only(world)
  node.doom = doom
  for (const act of acts) {
    for (let tries = 1; !(await performed(story, act, node)); tries++) {
      if (tries === triesMax) throw new Error(`\`${act.says}\` still fails after ${tries} tries`)
      if (!node.dead) continue
      node = newNode(world, node.name)
      world.nodes = [node]
    }
    await look(world, [])
    world.attempts = []
    world.targets.given.length = 0
  }
  if (again) await everythingFollows(world)
  return { ending: endingOf(story), metFate: doom !== undefined && doom.effectsLeft < 0 }
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
export function does(actor: string, name: string, commandOf: (waiver: Waiver, world: World) => Command): Act {
  return {
    says: `${actor} and ${name}`,
    async run(story, node) {
      const { world, ids } = story
      const id = ids.get(name)
      const command = commandOf(world.record.lives.get(id ?? '')?.waiver as Waiver, world)
      const handled = await handle(node.app.machinery, {
        command,
        actor: signedIn(actor, world.now),
        idempotencyKey: `${name} ${command.type} ${world.now} ${story.unanswered}`,
        ...(id === undefined ? {} : { waiver: id }),
      })
      if (handled.outcome === 'refused' && handled.refusal.code === 'contents-unknown') {
        story.unanswered++
        throw new LostConnection()
      }
      if (handled.outcome === 'refused') throw new Error(`${actor} ${command.type}: ${handled.refusal.message}`)
      ids.set(name, handled.waiver.id)
    },
  }
}

/** Loops until nothing is left to do, now and in a moment; what was taken by a dead process comes back after its lease. */
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

/** Without ids and times, and without what is loud while something is tried again. */
function endingOf({ world, ids }: Story): readonly string[] {
  const waivers = [...ids].map(([name, id]) => {
    const types = world.record.happenings.flatMap(({ stream, type }) =>
      stream === id && !loud.has(type) ? [type] : [],
    )
    const waiver = world.record.lives.get(id)?.waiver
    return `${name} is ${waiver?.status}, removal ${waiver?.removal.state}: ${types.join(', ')}`
  })
  const left = [...world.targets.systems.values()].map(
    ({ name, grants, sessions }) => `${name} has ${grants.size} grants and ${sessions.size} sessions`,
  )
  return [...waivers, ...left]
}

const loud: ReadonlySet<string> = new Set(['AttemptRefused', 'RemovalFailed'])

function only({ nodes }: World): Node {
  const [node] = nodes
  if (node === undefined) throw new Error('bug: no process')
  return node
}
