/**
 * Names for ids, and a search over them: what screens and messages need and decisions do not. One index a revision of the
 * directory, kept while that revision is in force; it says what the sources said and judges nothing.
 */
import {
  type DirectoryFacts,
  type DirectoryNode,
  emptyDirectory,
  type NodeId,
  type NodeKind,
  type Relation,
  type Shift,
} from '../core/directory.ts'
import { type Provenance, precedenceOf, provenanceOf } from '../core/provenance.ts'
import type { Digest } from '../core/terms.ts'
import { type Instant, millisOf } from '../core/time.ts'
import type { Knowledge } from '../engine/knowledge.ts'

export interface DirectoryIndex {
  node(id: NodeId): DirectoryNode | undefined
  nameOf(id: NodeId): string | undefined
  /** Best matches first. `more`: not all of them are there. */
  search(
    text: string,
    kind: NodeKind | undefined,
    limit: number,
  ): { readonly nodes: readonly DirectoryNode[]; readonly more: boolean }
  ids(kind: NodeKind): readonly NodeId[]
  /** Every relation that touches the node, ended ones too. Reads the facts again when nobody has lately. */
  relationsOf(id: NodeId): Promise<readonly Relation[]>
  /** Turns of duty of a rota or a person that are not over by then, the next ones first. */
  turnsOf(id: NodeId, now: Instant, limit: number): Promise<readonly Shift[]>
  /** Every fact about the node with all sources that state it, and where they disagree. */
  provenanceOf(id: NodeId, now: Instant): Promise<Provenance>
}

export type DirectoryIndexes = (digest: Digest | undefined) => Promise<DirectoryIndex>

/** Keeps the newest revision that was asked for; concurrent askers wait for one load. */
export function directoryIndexes({ knowledge }: { readonly knowledge: Pick<Knowledge, 'facts'> }): DirectoryIndexes {
  let kept: { readonly digest: Digest; readonly index: Promise<DirectoryIndex> } | undefined
  return (digest) => {
    if (digest === undefined) return Promise.resolve(noDirectory)
    if (kept?.digest === digest) return kept.index
    const index = load(knowledge, digest)
    kept = { digest, index }
    index.catch(() => {
      if (kept?.index === index) kept = undefined
    })
    return index
  }
}

const noDirectory: DirectoryIndex = {
  node: () => undefined,
  nameOf: () => undefined,
  search: () => ({ nodes: [], more: false }),
  ids: () => [],
  relationsOf: async () => [],
  turnsOf: async () => [],
  provenanceOf: async (id, now) => provenanceOf(emptyDirectory, id, now),
}

async function load(knowledge: Pick<Knowledge, 'facts'>, digest: Digest): Promise<DirectoryIndex> {
  const nodes = nodesById(await knowledge.facts(digest))
  // Relations are by far the most; they are kept no longer than somebody needs them.
  const again = () => knowledge.facts(digest)
  return {
    node: (id) => nodes.get(id),
    nameOf: (id) => nodes.get(id)?.name,
    search: (text, kind, limit) => searchNodes(nodes, text.toLowerCase(), kind, limit),
    ids: (kind) => [...nodes.values()].filter((node) => node.kind === kind).map((node) => node.id),
    async relationsOf(id) {
      return (await again()).relations.filter(({ from, to }) => from === id || to === id)
    },
    async turnsOf(id, now, limit) {
      const own = (await again()).shifts.filter(
        ({ rota, person, end }) => (rota === id || person === id) && millisOf(end) > millisOf(now),
      )
      return own.sort((a, b) => millisOf(a.start) - millisOf(b.start)).slice(0, limit)
    },
    async provenanceOf(id, now) {
      return provenanceOf(await again(), id, now)
    },
  }
}

/**
 * Several sources may describe one node: the one that stands first in the configuration names it, and what any of them says
 * besides is there.
 */
function nodesById(facts: DirectoryFacts): ReadonlyMap<NodeId, DirectoryNode> {
  const precedence = precedenceOf(facts)
  const nodes = new Map<NodeId, DirectoryNode>()
  for (const node of facts.nodes) {
    const known = nodes.get(node.id)
    if (known === undefined) nodes.set(node.id, node)
    else if (precedence(node.source) < precedence(known.source)) nodes.set(node.id, { ...known, ...node })
    else nodes.set(node.id, { ...node, ...known })
  }
  return nodes
}

function searchNodes(
  nodes: ReadonlyMap<NodeId, DirectoryNode>,
  text: string,
  kind: NodeKind | undefined,
  limit: number,
) {
  // Buckets by how well it fits, so that nothing has to be sorted.
  const found: [DirectoryNode[], DirectoryNode[], DirectoryNode[]] = [[], [], []]
  let count = 0
  for (const node of nodes.values()) {
    if (kind !== undefined && node.kind !== kind) continue
    const rank = rankOf(node, text)
    if (rank === undefined) continue
    count++
    const bucket = found[rank] as DirectoryNode[]
    if (bucket.length < limit) bucket.push(node)
  }
  return { nodes: found.flat().slice(0, limit), more: count > limit }
}

/** 0: begins with it or is it. 1: a later word of the name does. 2: contains it. */
function rankOf({ id, name, login }: DirectoryNode, text: string): 0 | 1 | 2 | undefined {
  const lower = name.toLowerCase()
  const bare = id.slice(id.indexOf('_') + 1).toLowerCase()
  if (lower.startsWith(text) || bare.startsWith(text) || id.toLowerCase() === text || login?.toLowerCase() === text)
    return 0
  if (lower.includes(` ${text}`)) return 1
  return lower.includes(text) || id.toLowerCase().includes(text) || login?.toLowerCase().includes(text) === true
    ? 2
    : undefined
}
