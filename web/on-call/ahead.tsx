/** The hours ahead: how many are uncovered, the map, the hours as a list with their reasons, and the change that closes them. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { CoverageView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Figure, FigureRow } from '../chart/figure.tsx'
import { Problem } from '../shell/problem.tsx'
import { nowMillis } from '../time/clock.ts'
import { localWords } from '../time/words.ts'
import { Card } from '../waiver/card.tsx'
import { Calendar } from './calendar.tsx'
import { Gaps } from './gaps.tsx'
import { HeatMap, Legend } from './heat-map.tsx'
import style from './on-call.module.css'
import { Remedy } from './remedy.tsx'

export function Ahead({
  coverage: { data, error, refetch, isPlaceholderData },
  group,
  choose,
}: {
  readonly coverage: UseQueryResult<CoverageView>
  readonly group: string | undefined
  readonly choose: (group: string) => void
}) {
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined)
    return (
      <Card title="The hours ahead" says="Computed from the directory, the rotas and the rules of this moment.">
        <div className={style.waiting} aria-busy="true" />
      </Card>
    )
  return (
    <div className={style.ahead} data-old={isPlaceholderData} aria-busy={isPlaceholderData}>
      <Summary data={data} one={group !== undefined} />
      <Card
        title="By hour"
        says="How many independent people are on duty, at the worst moment of each hour, for whoever would be left most alone."
      >
        {data.rows.length === 0 ? (
          <p className="soft">Nobody here asks for anything that somebody would have to countersign.</p>
        ) : group === undefined ? (
          <HeatMap coverage={data} choose={choose} />
        ) : (
          data.rows.map((row) => <Calendar key={`${row.group} ${row.system}`} coverage={data} row={row} />)
        )}
        {data.rows.length > 0 && <Legend />}
        <Notes data={data} />
      </Card>
      <Gaps coverage={data} />
      {data.remedy !== undefined && <Remedy remedy={data.remedy} hours={data.hours} names={data.names} />}
    </div>
  )
}

function Summary({ data: { totals, hours }, one }: { readonly data: CoverageView; readonly one: boolean }) {
  if (totals.rows === 0) return null
  const { uncoveredHours, rowsUncovered, rows, unplanned } = totals
  return (
    <FigureRow>
      <Figure name="Uncovered hours" tone={uncoveredHours > 0 ? 'bad' : 'good'} says={`of the next ${hours}`}>
        {uncoveredHours}
      </Figure>
      <Figure
        name="Left alone at some hour"
        tone={rowsUncovered > 0 ? 'bad' : 'good'}
        says={`of ${rows} ${one ? 'systems' : 'teams and rotas'}`}
      >
        {rowsUncovered}
      </Figure>
      <Figure
        name="Not planned yet"
        tone={unplanned > 0 ? 'wait' : 'plain'}
        says="hours of which no rota speaks, added up"
      >
        {unplanned}
      </Figure>
    </FigureRow>
  )
}

/** What the map does not show by itself. */
function Notes({ data: { pools, from, hours, rowsLeft } }: { readonly data: CoverageView }) {
  const { pool: poolName } = useCatalogue()
  const end = Date.parse(from) + hours * 3_600_000
  const always = pools.filter(({ rotas }) => rotas.length === 0).map(({ pool }) => poolName(pool))
  const ending = pools.filter(
    ({ plannedUntil }) => plannedUntil !== undefined && (plannedUntil === null || Date.parse(plannedUntil) < end),
  )
  return (
    <div className="soft fine">
      {rowsLeft > 0 && <p>{rowsLeft} more, with no more uncovered hours than these, are not drawn.</p>}
      {always.length > 0 && <p>Without a rota, everybody in {always.join(', ')} counts as on duty at all hours.</p>}
      {ending.map(({ pool, plannedUntil }) => (
        <p key={pool}>
          The rotas of {poolName(pool)} say who is on duty{' '}
          {plannedUntil ? `until ${localWords(plannedUntil, nowMillis())}` : 'at no time'}.
        </p>
      ))}
    </div>
  )
}
