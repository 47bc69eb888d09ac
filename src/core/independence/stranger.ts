/**
 * Somebody known who has to do with nobody: what is found when a stranger asks is found whoever asks. Added to a compiled
 * directory without compiling it again; it is for questions, and never becomes a fact.
 */
import type { CompiledDirectory } from '../compile.ts'
import type { PersonId } from '../directory.ts'
import { headSize } from './graph.ts'
import { type Nodes, withPerson } from './nodes.ts'

export interface WithStranger {
  readonly directory: CompiledDirectory
  readonly stranger: PersonId
}

export function withStranger(directory: CompiledDirectory): WithStranger {
  const { nodes, graph } = directory
  const stranger = unusedIn(nodes)
  const number = nodes.ids.length
  return {
    stranger,
    directory: {
      ...directory,
      nodes: {
        ...nodes,
        ids: [...nodes.ids, stranger],
        numbers: { get: (id) => (id === stranger ? number : nodes.numbers.get(id)) },
        marks: withPerson(nodes.marks),
      },
      graph: { ...graph, pageOf: appended(graph.pageOf, graph.pages.length - headSize) },
    },
  }
}

function unusedIn({ numbers }: Nodes): PersonId {
  let id = 'per_.stranger'
  while (numbers.get(id) !== undefined) id += '.'
  return id
}

function appended(pages: Uint32Array, last: number): Uint32Array {
  const longer = new Uint32Array(pages.length + 1)
  longer.set(pages)
  longer[pages.length] = last
  return longer
}
