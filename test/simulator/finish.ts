/**
 * The end of a world: troubles are over, the founders confirm the time, weeks go by. Whatever happened before, everything
 * has ended by then, nothing is left on any target, every removal is verified, and every decision still follows.
 */
import { plusSeconds } from '../../src/core/time.ts'
import { isOpen } from '../../src/core/waiver.ts'
import { why } from '../../src/engine/why.ts'
import { diceFor } from './dice.ts'
import { readClock } from './invariants/facts.ts'
import { Broken } from './invariants.ts'
import { check } from './run.ts'
import { confirmClock, loopsOnce, type Node, readDirectory, setTime, type World } from './world.ts'

const roundsMax = 60

export async function finish(world: World, log: string[]): Promise<void> {
  const [node] = world.nodes
  if (node === undefined) throw new Error('bug: no process')
  log.push('end  troubles are over and weeks go by')
  for (const truth of world.targets.systems.values()) {
    truth.troubles = []
    truth.dead = false
    truth.contents = 'as it was'
  }
  const rest = diceFor(0, 0)
  await world.schedule.run(rest, [() => settle(world, node)])
  await allIsOver(world)
  await world.schedule.run(rest, [() => everythingFollows(world, node)])
}

async function settle(world: World, node: Node): Promise<void> {
  await node.store.watchClock()
  for (const founder of ['per_rae', 'per_pia']) await confirmClock(world, node, founder)
  await readDirectory(world, node)
  await quiet(world, node)
  // Long enough for every window, every review and every delay.
  for (let weeks = 0; weeks < 2; weeks++) {
    await setTime(world, plusSeconds(world.now, 21 * 86_400))
    await readDirectory(world, node)
    await quiet(world, node)
  }
}

/** Loops until nothing is left to do; what is tried again later is tried again, since time moves on meanwhile. */
async function quiet(world: World, node: Node): Promise<void> {
  for (let rounds = 0; rounds < roundsMax; rounds++) {
    const clock = await world.schedule.aside(() => readClock(world.installation.admin))
    world.targets.given.length = 0
    world.attempts = []
    const versionsBefore = new Map([...world.record.lives.values()].map(({ id, version }) => [id, version]))
    const more = await loopsOnce(node)
    await world.schedule.aside(async () => {
      const fresh = await world.record.read()
      await check({ world, fresh, versionsBefore, clock, names: (text) => text })
    })
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
  const { rows } = await world.installation.admin.query<{ missing: string; wrong: string }>(
    `select (select count(*) from events e where not exists (select from feed f where f.seq = e.seq)) as missing,
            (select count(*) from feed a join events x on x.seq = a.seq
               join feed b on b.position > a.position join events y on y.seq = b.seq and y.stream = x.stream and y.version < x.version) as wrong`,
  )
  if (rows[0]?.missing !== '0') throw new Broken('the feed is complete', `${rows[0]?.missing} events are not in it`)
  if (rows[0]?.wrong !== '0')
    throw new Broken('the feed keeps the order of every stream', `${rows[0]?.wrong} times not`)
}

async function everythingFollows(world: World, node: Node): Promise<void> {
  for (const { id, name } of world.record.lives.values()) {
    if (!id.startsWith('wvr_')) continue
    const answer = await why(node.app.machinery, id)
    const wrong = answer?.acts.filter(({ follows }) => follows !== 'yes') ?? []
    if (answer === undefined || wrong.length > 0)
      throw new Broken(
        'every decision follows from its recorded facts',
        `${name}: ${wrong.map(({ type, detail }) => `${type}: ${detail}`).join('; ')}`,
      )
  }
}
