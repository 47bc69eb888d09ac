/**
 * What is different now from what was shown? In words, for whoever is about to decide and has to look again. Finding
 * nothing permits nothing: that the two are the same is judged by their digests.
 */
import type { ContextChange, ShownContext, ShownWaiver } from './signed.ts'

export function changesIn(before: ShownContext, now: ShownContext): readonly ContextChange[] {
  return [
    ...standing(before, now),
    ...valueChanged('tier', 'the tier', before.tier ?? '', now.tier ?? ''),
    ...valueChanged(
      'countersignersNeeded',
      'the number of countersignatures needed',
      before.countersignersNeeded,
      now.countersignersNeeded,
    ),
    ...(before.contains === now.contains
      ? []
      : [{ what: 'contains' as const, change: 'what the entitlement contains has changed' }]),
    ...listChanged(
      'held',
      'standing access to',
      before.held,
      now.held,
      ({ system, entitlement }) => `\`${entitlement}\` on \`${system}\``,
    ),
    ...listChanged('access', 'live access of waiver', before.access, now.access, idOf),
    ...listChanged('breaks', 'broken rule', before.breaks, now.breaks, (rule) => `\`${rule}\``),
    ...listChanged('earlier', 'waiver', before.earlier, now.earlier, idOf),
    ...listChanged('denials', 'denial of waiver', before.denials, now.denials, idOf),
  ]
}

function standing(before: ShownContext, now: ShownContext): readonly ContextChange[] {
  return listChanged('verdicts', 'independence of', before.verdicts, now.verdicts, ({ person }) => `\`${person}\``)
}

function valueChanged(
  what: ContextChange['what'],
  name: string,
  before: string | number,
  now: string | number,
): readonly ContextChange[] {
  return before === now ? [] : [{ what, change: `${name} was \`${before}\` and is \`${now}\`` }]
}

function listChanged<Item>(
  what: ContextChange['what'],
  name: string,
  before: readonly Item[],
  now: readonly Item[],
  idOfItem: (item: Item) => string,
): readonly ContextChange[] {
  const keyed = (items: readonly Item[]) => new Map(items.map((item) => [idOfItem(item), sayingOf(item)]))
  const [old, fresh] = [keyed(before), keyed(now)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((id) => {
    if (old.get(id) === fresh.get(id)) return []
    const how = !old.has(id) ? 'is new' : !fresh.has(id) ? 'is gone' : 'has changed'
    return [{ what, change: `${name} ${id} ${how}` }]
  })
}

/** What an item says, whatever order its members were written in. */
function sayingOf(item: unknown): string {
  return JSON.stringify(item, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

function idOf({ waiver }: Pick<ShownWaiver, 'waiver'>): string {
  return `\`${waiver}\``
}
