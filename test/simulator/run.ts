/**
 * Runs one seed: chooses, lets happen, checks, step by step, and says in plain lines what happened. When a promise breaks
 * it looks for the shortest list of steps that still breaks it; since every step has dice of its own, leaving steps out
 * leaves the others as they were.
 */
import { type Dice, diceFor } from './dice.ts'
import { finish } from './finish.ts'
import type { Installation } from './installation.ts'
import type { Facts } from './invariants/facts.ts'
import { afterEveryStep, Broken } from './invariants.ts'
import { type Chosen, choose, moodFor, type Planned } from './moves.ts'
import type { Happening } from './record.ts'
import { readSnapshot } from './snapshot.ts'
import { type Node, newNode, newWorld, type Parts, type World } from './world.ts'

export interface Run {
  readonly seed: number
  readonly steps: readonly number[]
  /** One line a step, and one for each event. */
  readonly log: readonly string[]
  readonly failure?: { readonly promise: string; readonly message: string; readonly step: number | 'end' }
  /** How often each type of event was written; a simulation that never gets as far as access proves nothing. */
  readonly events: ReadonlyMap<string, number>
}

export function stepsUpTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}

export async function simulate(
  installation: Installation,
  seed: number,
  steps: readonly number[],
  spoil?: (parts: Parts) => Parts,
): Promise<Run> {
  const world = await newWorld(installation, spoil, moodFor(diceFor(seed, -1)))
  const log: string[] = []
  let at: number | 'end' = 'end'
  try {
    for (const step of steps) {
      at = step
      await takeStep(world, diceFor(seed, step), step, log)
    }
    at = 'end'
    await finish(world, log)
    return { seed, steps, log, events: countsOf(world) }
  } catch (error) {
    const failure = error instanceof Broken ? error : new Broken('nothing throws', describeError(error))
    const { promise, message } = failure
    return {
      seed,
      steps: at === 'end' ? steps : steps.slice(0, steps.indexOf(at) + 1),
      log,
      failure: { promise, message, step: at },
      events: countsOf(world),
    }
  }
}

/** What somebody needs who has to find out why: the steps that matter, what happened in them, and how to see it again. */
export function describeFailure(short: Run, failed: Run): string {
  const again = `npm run sim -- ${failed.seed} --only ${short.steps.join(',')}`
  return [
    `seed ${failed.seed}, step ${failed.failure?.step}: ${failed.failure?.message}`,
    `the shortest steps found: ${again}`,
    ...short.log,
    short.failure?.message,
  ].join('\n')
}

/** @returns the shortest run found that breaks the same promise; tries at most `triesMax` times. */
export async function shortest(
  installation: Installation,
  failed: Run,
  triesMax = 60,
  spoil?: (parts: Parts) => Parts,
): Promise<Run> {
  let best = failed
  let tries = 0
  for (
    let size = Math.ceil(best.steps.length / 2);
    size >= 1 && tries < triesMax;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = best.steps.length - size; from > -size && tries < triesMax; from -= size, tries++) {
      const rest = best.steps.filter((_, index) => index < from || index >= from + size)
      if (rest.length === best.steps.length) continue
      const run = await simulate(installation, failed.seed, rest, spoil)
      if (run.failure?.promise === failed.failure?.promise) best = run
    }
  }
  return best
}

async function takeStep(world: World, dice: Dice, step: number, log: string[]): Promise<void> {
  world.attempts = []
  world.changes = []
  world.targets.given.length = 0
  const chosen = choose(world, dice, step)
  if (chosen.planned.flat().length === 0) return
  log.push(`${String(step).padStart(3)}  ${world.now.slice(5, 19)}  ${headline(chosen)}`)
  await act(world, dice, chosen)
  await look(world, log)
}

async function act(world: World, dice: Dice, { planned, doom }: Chosen): Promise<void> {
  for (const [index, node] of world.nodes.entries())
    node.doom = doom?.process === index ? { effectsLeft: doom.effectsLeft, fate: doom.fate } : undefined
  await world.schedule.run(
    dice,
    planned.map((moves, index) => () => oneByOne(moves, world.nodes[index] ?? impossible())),
  )
  for (const node of world.nodes) node.doom = undefined
  world.nodes = world.nodes.map((node) => (node.dead ? newNode(world, node.name) : node))
}

async function oneByOne(moves: readonly Planned[], node: Node): Promise<void> {
  for (const move of moves) await move.run(node)
}

/** Reads what has been written since the last look and holds everything against the promises. */
export async function look(world: World, log: string[]): Promise<void> {
  const { installation, record } = world
  const versionsBefore = new Map([...record.lives.values()].map(({ id, version }) => [id, version]))
  const rows = await readSnapshot(installation.admin, record.last)
  const fresh = record.add(rows.events)
  const { clock } = world
  world.clock = rows.clock
  const names = (text: string) =>
    [...record.lives.values()].reduce((line, { id, name }) => line.replaceAll(id, name), text)
  log.push(...outcomes(world, fresh).map((line) => `       ${names(line)}`))
  const facts: Facts = { world, fresh, versionsBefore, rows, clock, revisions: installation.revisions }
  for (const [promise, invariant] of Object.entries(afterEveryStep)) {
    for (const wrong of await invariant(facts)) throw new Broken(promise, names(wrong))
  }
}

function headline({ planned, doom }: Chosen): string {
  const says = planned.map((moves) => moves.map(({ says }) => says).join(', then ')).join('  ‖  ')
  if (doom === undefined) return says
  const who = planned.length > 1 ? `process ${doom.process === 0 ? 'a' : 'b'}` : 'the process'
  return `${says}  (${who} ${doom.fate} its ${ordinals[doom.effectsLeft] ?? 'next'} effect)`
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']

function outcomes(world: World, fresh: readonly Happening[]): readonly string[] {
  const refused = world.attempts.flatMap(({ order, handled }) =>
    handled.outcome === 'refused' ? [`✗ ${order.actor.id} ${order.command.type}: ${handled.refusal.message}`] : [],
  )
  const events = fresh.map(({ stream, type, body }) => `→ ${stream} ${type} by ${body.by}`)
  const given = world.targets.given.map(
    ({ system, spec }) => `→ ${system}: ${spec.account} has ${spec.actions.join(' ')} on ${spec.resources.join(' ')}`,
  )
  return [...refused, ...events.filter((line) => !line.includes('AttemptRefused by')), ...given]
}

function countsOf({ record }: World): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(record.happenings, ({ type }) => type)].map(([type, all]) => [type, all.length]))
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function impossible(): never {
  throw new Error('bug: more tasks than processes')
}
