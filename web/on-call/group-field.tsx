/** Whose hours? One's own teams, rotas and workloads; for those who oversee also everybody at once, and anybody of the map. */
import type { CoverageView, Me } from '../../src/client/index.ts'
import type { Names } from '../people/name.tsx'
import style from './on-call.module.css'

const kinds: Readonly<Record<string, string>> = { team: 'Teams', rota: 'Rotas', wl: 'Workloads' }

export function GroupField({
  me,
  group,
  coverage,
  choose,
}: {
  readonly me: Me
  readonly group: string | undefined
  readonly coverage: CoverageView | undefined
  readonly choose: (group: string | undefined) => void
}) {
  const names: Names = { ...me.names, ...coverage?.names }
  const own = [...me.groups, ...me.asksFor.filter((id) => id.startsWith('wl_'))]
  const ids = [...new Set([...own, ...(coverage?.rows ?? []).map((row) => row.group), ...(group ? [group] : [])])]
  const sorted = ids.toSorted((a, b) => (names[a] ?? a).localeCompare(names[b] ?? b))
  return (
    <label className={style.whose}>
      <span>Whose hours</span>
      <select value={group ?? ''} onChange={({ currentTarget }) => choose(currentTarget.value || undefined)}>
        {me.oversees && <option value="">Every team and rota</option>}
        {Object.entries(kinds).map(([prefix, label]) => {
          const there = sorted.filter((id) => id.startsWith(`${prefix}_`))
          return there.length === 0 ? null : (
            <optgroup key={prefix} label={label}>
              {there.map((id) => (
                <option key={id} value={id}>
                  {names[id] ?? id}
                </option>
              ))}
            </optgroup>
          )
        })}
      </select>
    </label>
  )
}
