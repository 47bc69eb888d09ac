/**
 * Who is missing where? Every stretch of time in which somebody who would ask finds too few, with those who could be put
 * on duty for it; stretches with the same way out are one.
 */
import { describe } from '../compile.ts'
import type { SystemId } from '../directory.ts'
import type { Span } from '../independence/duty.ts'
import { prepareMatter } from '../independence.ts'
import { entryOf } from '../policy.ts'
import { kindsFor, type RequestKind } from '../request-kinds.ts'
import { type Freedom, freedomFrom, matterOf } from './freedom.ts'
import type { Group, GroupAsker } from './groups.ts'
import { keyOf, type PeopleSet } from './people-set.ts'
import { kindsOn, type PreparedCoverage } from './prepare.ts'
import { within } from './stretches.ts'
import { standing, thenLine } from './then.ts'

export interface Shortage {
  /** Somebody who would ask then, for all who would be in the same position. */
  readonly asker: GroupAsker
  readonly request: RequestKind
  /** How many more are needed. */
  readonly missing: number
  /** Independent, in the pools, not away and not on duty. */
  readonly options: PeopleSet
  /** Rotas on which whoever asks is, too: a turn on one of these makes nobody independent. */
  readonly ownRotas: ReadonlySet<string>
  readonly spans: readonly Span[]
}

export function shortagesOf(
  prepared: PreparedCoverage,
  groups: Iterable<Group>,
  system?: SystemId,
): readonly Shortage[] {
  const found = new Map<string, Shortage & { spans: Span[] }>()
  const seen = new Set<string>()
  for (const group of groups) {
    for (const asker of group.askers) {
      for (const request of kindsOf(prepared, asker, system)) {
        const freedom = freedomFrom(prepared, asker, request.rules.pools)
        const ownRotas = rotasOf(prepared, asker, request)
        const position = `${request.system} ${request.tier} ${freedom.key} ${[...ownRotas].join(' ')}`
        // Whoever could ask at any time and is in the same position is short in the same stretches.
        if (asker.when === undefined && seen.has(position)) continue
        if (asker.when === undefined) seen.add(position)
        for (const one of shortIn(prepared, asker, request, freedom)) {
          const key = `${request.rules.pools.join(' ')} ${one.missing} ${keyOf(one.options)} ${[...ownRotas].join(' ')}`
          const known = found.get(key)
          if (known === undefined) found.set(key, { asker, request, ...one, ownRotas, spans: [...one.spans] })
          else known.spans.push(...one.spans)
        }
      }
    }
  }
  return [...found.values()].map((shortage) => ({ ...shortage, spans: joined(shortage.spans) }))
}

function kindsOf(prepared: PreparedCoverage, { beneficiary }: GroupAsker, system: SystemId | undefined) {
  const { directory, from, kinds, policy } = prepared
  return kindsFor(describe(directory, beneficiary, from), kindsOn(kinds, system), policy)
}

function shortIn(
  prepared: PreparedCoverage,
  asker: GroupAsker,
  request: RequestKind,
  requesting: Freedom,
): readonly Pick<Shortage, 'missing' | 'options' | 'spans'>[] {
  return thenLine(prepared, requesting, request).flatMap((stretch) => {
    const { missing, options } = standing(stretch.value, request.rules.countersignersMin)
    const spans = within(stretch, asker.when)
    return missing <= 0 || !stretch.value.planned || spans.length === 0 ? [] : [{ missing, options, spans }]
  })
}

/** Rotas shared with the requesting side, by the walk of the engine itself. */
function rotasOf({ directory, history, policy, from }: PreparedCoverage, asker: GroupAsker, request: RequestKind) {
  const rotas = new Set(request.rules.pools.flatMap((pool) => entryOf(policy.pools, pool)?.rotas ?? []))
  const matter = prepareMatter(matterOf(asker, request, policy), directory, history, policy, from)
  const shared = matter.sideRotas().nodes.map((node) => directory.nodes.ids[node] as string)
  return new Set(shared.filter((rota) => rotas.has(rota)).sort())
}

/** In order, with overlaps and neighbours made one. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.end - b.end)
  const line: { start: number; end: number }[] = []
  for (const { start, end } of sorted) {
    const last = line.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else line.push({ start, end })
  }
  return line
}
