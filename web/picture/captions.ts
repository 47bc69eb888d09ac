/** What stands under a name in the picture: its part in the waiver, and how it belongs to the others on its side. */
import type { Picture } from '../../src/client/index.ts'

type Node = Picture['nodes'][number]

const parts: Readonly<Record<NonNullable<Node['part']>, string>> = {
  requester: 'asks',
  beneficiary: 'gets the access',
  chain: 'asked through',
  system: 'the target',
  decider: '',
}

/** Read from the node that the relation leads to. */
export const passive: Readonly<Record<string, string>> = {
  'member-of': 'team of',
  'part-of': 'contains',
  maintains: 'kept by',
  'reports-to': 'chief of',
  owns: 'owned by',
  operates: 'operated by',
  created: 'created by',
  'holds-credential-of': 'its key is held by',
  'can-change': 'can be changed by',
  'delegates-to': 'acts for',
  'delegate-of': 'represented by',
  administers: 'administered by',
  'on-rota': 'rota of',
  sponsors: 'sponsored by',
  'belongs-to': 'has the account',
  'in-pool': 'pool of',
}

/** At most two: more is in the words below the picture. */
export function captionsOf(node: Node, { nodes, edges }: Picture, self: boolean): string[] {
  const both = nodes.some((other) => other.part === 'beneficiary') ? '' : ' and benefits'
  const part = node.part === undefined ? '' : node.part === 'requester' ? `asks${both}` : parts[node.part]
  const inLane = edges.flatMap(({ from, relation, to, until }) => {
    if (from !== node.id && to !== node.id) return []
    const other = nodes.find(({ id }) => id === (from === node.id ? to : from))
    if (other === undefined || other.side !== node.side || isAfter(nodes, other, node)) return []
    const name = other.part === 'decider' && self ? 'you' : other.name
    const words =
      from === node.id ? relation.replaceAll('-', ' ') : (passive[relation] ?? relation.replaceAll('-', ' '))
    return [`${words} ${name}${until === undefined ? '' : `, until ${until.slice(0, 10)}`}`]
  })
  return [part, ...inLane].filter((caption) => caption !== '').slice(0, 2)
}

function isAfter(nodes: readonly Node[], one: Node, other: Node): boolean {
  return nodes.indexOf(one) > nodes.indexOf(other)
}
