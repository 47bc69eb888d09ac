/** What may stand on either end of a relation in `relations.csv`; memberships and managers have files of their own. */
import type { RelationKind } from '../../core/directory.ts'
import type { Prefix } from '../../files/reference.ts'

interface Ends {
  readonly from: readonly Prefix[]
  readonly to: readonly Prefix[]
}

const hands = { from: ['per', 'team'], to: ['wl', 'sys'] } as const satisfies Ends

export const relationEnds = {
  owns: hands,
  operates: hands,
  'holds-credential-of': hands,
  administers: { from: ['per', 'team'], to: ['sys'] },
  'can-change': { from: ['per', 'team'], to: ['wl'] },
  created: { from: ['per'], to: ['wl'] },
  'delegates-to': { from: ['per', 'wl'], to: ['wl'] },
  'delegate-of': { from: ['per'], to: ['per'] },
  'same-as': { from: ['per'], to: ['per'] },
  'on-rota': { from: ['per'], to: ['rota'] },
} as const satisfies Readonly<Partial<Record<RelationKind, Ends>>>
