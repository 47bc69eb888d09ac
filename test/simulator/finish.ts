/**
 * The end of a world: troubles are over, the founders confirm the time, weeks go by. Whatever happened before, everything
 * has ended by then, nothing is left on any target, every removal is verified, and every decision still follows.
 */
import { plusSeconds } from '../../src/core/time.ts'
import { isOpen } from '../../src/core/waiver.ts'
import { why } from '../../src/engine/why.ts'
import { diceFor } from './dice.ts'
import { Broken } from './invariants.ts'
import { look } from './run.ts'
import { confirmClock, loopsOnce, type Node, readDirectory, setTime, type World } from './world.ts'

const roundsMax = 60

export async function finish(world: World, log: string[]): Promise<void> {
  const [node] = world.nodes
  if (node === undefined) throw new Error('bug: no process')
  log.push('end  troubles are over and weeks go by')
  for (const truth of world.targets.systems.values()) {
    truth.troubles = []
    truth.dead = false
    truth.lies.clear()
    truth.contents = 'as it was'
  }
  for (const stage of stages) {
    world.attempts = []
    world.targets.given.length = 0
    await world.schedule.run(diceFor(0, 0), [() => stage(world, node)])
    // What was written in these weeks is judged as a whole; whether the clock was steady meanwhile is not known here.
    world.clock = 'steady'
    await look(world, [])
  }
  await allIsOver(world)
  await everythingFollows(world)
}

type Stage = (world: World, node: Node) => Promise<void>

/** The founders' word, then long enough for every window, every review and every delay. */
const stages: readonly Stage[] = [clockIsConfirmed, quiet, weeksGoBy, quiet, weeksGoBy, quiet]

async function clockIsConfirmed(world: World, node: Node): Promise<void> {
  await node.store.watchClock()
  for (const founder of ['per_rae', 'per_pia']) await confirmClock(world, node, founder)
  await readDirectory(world, node)
}

async function weeksGoBy(world: World, node: Node): Promise<void> {
  await setTime(world, plusSeconds(world.now, 21 * 86_400))
  await readDirectory(world, node)
}

/** Loops until nothing is left to do; what is tried again later is tried again, since time moves on meanwhile. */
async function quiet(world: World, node: Node): Promise<void> {
  for (let rounds = 0; rounds < roundsMax; rounds++) {
    const more = await loopsOnce(node)
    const unsettled = (await node.store.grants.list({ settled: false, limit: 1 })).length > 0
    if (!more && !unsettled) return
    await setTime(world, plusSeconds(world.now, more ? 1 : 130))
  }
  throw new Broken('the world comes to rest', `after ${roundsMax} rounds there is still something to do`)
}

async function allIsOver(world: World): Promise<void> {
  for (const { waiver, name } of world.record.lives.values()) {
    if (waiver === undefined) continue
    if (isOpen(waiver)) throw new Broken('time alone ends everything', `${name} is ${waiver.status}`)
    if (waiver.activation !== undefined && waiver.removal.state !== 'verified')
      throw new Broken('every removal is verified in the end', `${name} is ${waiver.removal.state}`)
    if (waiver.activation !== undefined && waiver.review === undefined)
      throw new Broken('every access ends in a review', name)
  }
  for (const truth of world.targets.systems.values())
    if (truth.grants.size + truth.sessions.size > 0)
      throw new Broken(
        'nothing is left on a target',
        `${truth.name}: ${[...truth.grants.keys(), ...truth.sessions.keys()].join(', ')}`,
      )
  await feedIsComplete(world)
}

/** Everything that was committed has its place, and every stream its order. */
export async function feedIsComplete(world: World): Promise<void> {
  const { rows } = await world.installation.admin.query<{ missing: string; wrong: string }>(
    `select (select count(*) from events e where not exists (select from feed f where f.seq = e.seq)) as missing,
            (select count(*) from feed a join events x on x.seq = a.seq
               join feed b on b.position > a.position join events y on y.seq = b.seq and y.stream = x.stream and y.version < x.version) as wrong`,
  )
  if (rows[0]?.missing !== '0') throw new Broken('the feed is complete', `${rows[0]?.missing} events are not in it`)
  if (rows[0]?.wrong !== '0')
    throw new Broken('the feed keeps the order of every stream', `${rows[0]?.wrong} times not`)
}

export async function everythingFollows({ installation, record }: World): Promise<void> {
  const { store, knowledge } = installation
  const waivers = [...record.lives.values()].filter(({ id }) => id.startsWith('wvr_'))
  await Promise.all(
    waivers.map(async ({ id, name }) => {
      const wrong = (await why({ store, knowledge }, id))?.acts.filter(({ follows }) => follows !== 'yes')
      if (wrong === undefined || wrong.length > 0)
        throw new Broken(
          'every decision follows from its recorded facts',
          `${name}: ${wrong?.map(({ type, detail }) => `${type}: ${detail}`).join('; ')}`,
        )
    }),
  )
}
