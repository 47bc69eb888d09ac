/**
 * How does somebody stand to a waiver, drawn? The verdict says what is so; this adds what stands around each side, so that
 * an empty space between them can be seen as well as a path. It adds no judgement: every marked step is one of a conflict.
 */
import type { PathStep, Verdict } from '../core/conflict.ts'
import { matterOf } from '../core/decide/checks.ts'
import { kindOf, type NodeId, type Relation, type RelationKind } from '../core/directory.ts'
import { independence, type Matter, noHistory, poolsOf } from '../core/independence.ts'
import { entryOf } from '../core/policy.ts'
import { plusSeconds } from '../core/time.ts'
import type { Waiver } from '../core/waiver.ts'
import type { Picture } from './schema/picture.ts'
import { relationsTo, type Sight, seesPathsIn, shownConflict } from './sight.ts'

type Node = Picture['nodes'][number]
type Edge = Picture['edges'][number]

/** More than that around one side is a crowd and no picture. */
const aroundMax = 5

const around: Readonly<
  Record<'asks' | 'gives' | 'decides', { out: readonly RelationKind[]; in: readonly RelationKind[] }>
> = {
  asks: { out: ['member-of', 'on-rota'], in: ['owns', 'operates', 'created', 'can-change', 'sponsors'] },
  gives: { out: [], in: ['administers', 'owns', 'operates', 'holds-credential-of'] },
  decides: { out: ['member-of'], in: [] },
}

/** How somebody stands to a waiver. */
export function pictureOf(sight: Sight, waiver: Waiver, person: NodeId): Promise<Drawn> {
  const matter = matterOf(waiver, waiver.obligations, waiver.proposal)
  // Who works with whom is for those who decide; everybody else sees the paths that concern them.
  return pictureOfMatter(sight, matter, person, seesPathsIn(relationsTo(sight, waiver)))
}

/** @param seesAround also what stands around each side, not only the paths */
export async function pictureOfMatter(
  sight: Sight,
  matter: Matter,
  person: NodeId,
  seesAround: boolean,
): Promise<Drawn> {
  const { directory, known, policy, now } = sight
  const verdict = independence(matter, person, directory, { ...noHistory, ...known.rules }, policy, now)
  return drawnOf(sight, { matter, verdict, paths: true, around: seesAround })
}

type Drawn = Omit<Picture, 'names'>

/** What is drawn: who decides about what, what came of it, and how much of it the caller may see. */
export interface Scene {
  readonly matter: Matter
  readonly verdict: Verdict
  readonly paths: boolean
  readonly around: boolean
}

export async function drawnOf(sight: Sight, scene: Scene): Promise<Drawn> {
  const { directory, policy, now } = sight
  const { matter, verdict } = scene
  const { person } = verdict
  const drawing = drawingOf(sight)
  const { requester, chain, beneficiary } = matter
  drawing.node(requester, 'requesting', 'requester')
  drawing.node(beneficiary, 'requesting', 'beneficiary')
  for (const id of chain) drawing.node(id, 'requesting', 'chain')
  if (matter.system !== undefined) drawing.node(matter.system, 'granting', 'system')
  drawing.node(person, 'deciding', 'decider')
  const conflicts = scene.paths ? verdict.conflicts : []
  for (const { code, path } of conflicts) for (const step of path) drawing.step(step, code)
  if (scene.around) {
    for (const id of new Set([requester, beneficiary, ...chain])) await drawing.around(id, 'requesting', around.asks)
    if (matter.system !== undefined) await drawing.around(matter.system, 'granting', around.gives)
    await drawing.around(person, 'deciding', around.decides)
    for (const pool of poolsOf(person, matter.pools, directory, policy, now)) drawing.inPool(person, pool)
  }
  return {
    person,
    independent: verdict.independent,
    conflicts: verdict.conflicts.map((conflict) => shownConflict(sight, conflict, scene.paths)),
    ...drawing.done(),
  }
}

function drawingOf(sight: Sight) {
  const nodes = new Map<NodeId, Node>()
  const edges = new Map<string, { step: PathStep; conflicts: Set<string> }>()
  let left = 0
  const since = plusSeconds(sight.now, -sight.policy.independence.lingerDays * 86_400)

  const node = (id: NodeId, side: Node['side'], part?: Node['part']) => {
    const name = sight.index.nameOf(id) ?? entryOf(sight.policy.pools, id)?.name ?? id
    const kind = kindOf(id) ?? (entryOf(sight.policy.pools, id) === undefined ? 'other' : 'pool')
    if (!nodes.has(id)) nodes.set(id, { id, kind, name, side, ...(part === undefined ? {} : { part }) })
  }
  const edge = (step: PathStep) => {
    const [from, to] = step.against ? [step.to, step.from] : [step.from, step.to]
    const key = JSON.stringify([from, step.relation, to])
    const drawn = edges.get(key) ?? { step: { ...step, from, to }, conflicts: new Set<string>() }
    edges.set(key, drawn)
    return drawn.conflicts
  }
  return {
    node,
    /** The side of what is new on a path: of where it comes from, unless it is the decider. */
    step(step: PathStep, code: string) {
      const sideOf = (id: NodeId) => nodes.get(id)?.side
      for (const [id, other] of [
        [step.to, step.from],
        [step.from, step.to],
      ] as const) {
        const beside = sideOf(other)
        node(id, beside === undefined || beside === 'deciding' ? sideOnPath(code) : beside)
      }
      edge(step).add(code)
    },
    async around(id: NodeId, side: Node['side'], { out, in: into }: (typeof around)['asks']) {
      const counts = ({ until }: Relation) => until === undefined || until > since
      const found = (await sight.index.relationsOf(id)).filter(
        (relation) =>
          counts(relation) &&
          (relation.from === id ? out.includes(relation.relation) : into.includes(relation.relation)),
      )
      let drawn = 0
      for (const { from, relation, to, source, until } of found) {
        const other = from === id ? to : from
        if (!nodes.has(other) && ++drawn > aroundMax) {
          left++
          continue
        }
        node(other, side)
        edge({ from, relation, to, source, revision: '', ...(until === undefined ? {} : { until }) })
      }
    },
    inPool(person: NodeId, pool: string) {
      node(pool, 'deciding')
      edge({ from: person, relation: 'in-pool', to: pool, source: 'policy', revision: '' })
    },
    done(): Pick<Picture, 'nodes' | 'edges' | 'left'> {
      const shown = ({
        step: { against: _, ...step },
        conflicts,
      }: {
        step: PathStep
        conflicts: Set<string>
      }): Edge => ({
        ...step,
        conflicts: [...conflicts],
      })
      return { nodes: [...nodes.values()], edges: [...edges.values()].map(shown), left }
    },
  }
}

function sideOnPath(code: string): Node['side'] {
  return code === 'on-granting-team' || code === 'operates-countersign' ? 'granting' : 'requesting'
}
