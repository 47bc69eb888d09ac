/**
 * Names for ids, and a search over them: what screens and messages need and decisions do not. One index a revision of the
 * directory, kept while that revision is in force; it says what the sources said and judges nothing.
 */
import type { DirectoryFacts, DirectoryNode, NodeId, NodeKind, Relation } from '../core/directory.ts'
import type { Digest } from '../core/terms.ts'
import type { RevisionReads } from '../store/contract.ts'

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
}

export type DirectoryIndexes = (digest: Digest | undefined) => Promise<DirectoryIndex>

/** Keeps the newest revision that was asked for; concurrent askers wait for one load. */
export function directoryIndexes({
  store,
}: {
  readonly store: { readonly revisions: RevisionReads }
}): DirectoryIndexes {
  let kept: { readonly digest: Digest; readonly index: Promise<DirectoryIndex> } | undefined
  return (digest) => {
    if (digest === undefined) return Promise.resolve(noDirectory)
    if (kept?.digest === digest) return kept.index
    const index = load(store.revisions, digest)
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
}

async function load(revisions: RevisionReads, digest: Digest): Promise<DirectoryIndex> {
  const facts = await factsOf(revisions, digest)
  const nodes = nodesById(facts)
  // Relations are by far the most; they are kept only as long as nothing else needs the room.
  let recent = new WeakRef(facts)
  return {
    node: (id) => nodes.get(id),
    nameOf: (id) => nodes.get(id)?.name,
    search: (text, kind, limit) => searchNodes(nodes, text.toLowerCase(), kind, limit),
    ids: (kind) => [...nodes.values()].filter((node) => node.kind === kind).map((node) => node.id),
    async relationsOf(id) {
      const known = recent.deref() ?? (await factsOf(revisions, digest))
      recent = new WeakRef(known)
      return known.relations.filter(({ from, to }) => from === id || to === id)
    },
  }
}

async function factsOf(revisions: RevisionReads, digest: Digest): Promise<DirectoryFacts> {
  const facts = await revisions.directory(digest)
  if (facts === undefined) throw new Error(`revision \`${digest}\` is not in the store`)
  return facts
}

/** Several sources may describe one node: the first that names it names it, and what any of them says is there. */
function nodesById(facts: DirectoryFacts): ReadonlyMap<NodeId, DirectoryNode> {
  const nodes = new Map<NodeId, DirectoryNode>()
  for (const node of facts.nodes) {
    const known = nodes.get(node.id)
    nodes.set(node.id, known === undefined ? node : { ...node, ...known })
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
