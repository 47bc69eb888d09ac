/**
 * Every team and rota as one line of hours, those left alone most often first. Colour, pattern and the sentence below say
 * the same; behind it stands a table for whoever does not see it.
 */
import { type PointerEvent, useState } from 'react'
import type { CoverageView } from '../../src/client/index.ts'
import { Inert } from '../text/inert.tsx'
import { dayWords } from '../time/words.ts'
import { type CoverageRow, daysIn, hourAt, hourWords, runsOf } from './hours.ts'
import style from './map.module.css'
import { CoverageTable } from './table.tsx'

export function HeatMap({
  coverage,
  choose,
}: {
  readonly coverage: CoverageView
  readonly choose: (group: string) => void
}) {
  const [told, setTold] = useState('')
  const { rows, from, hours, names } = coverage
  const days = daysIn(from, hours)
  const nameOf = ({ group }: CoverageRow) => names[group] ?? group
  const tell = (row: CoverageRow) => (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const hour = Math.min(hours - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * hours)))
    setTold(`${nameOf(row)}, ${hourWords(row, from, hour)}`)
  }
  return (
    <div className={style.map}>
      <div className={style.days} aria-hidden="true">
        <span />
        <div className={style.line}>
          {days.map(({ start, end }) => (
            <span key={start} style={{ flexGrow: end - start }} data-long={end - start > 11}>
              <DayName at={hourAt(from, start)} all={hours <= 168} />
            </span>
          ))}
        </div>
        <span />
      </div>
      <ul className={style.rows}>
        {rows.map((row) => (
          <li key={`${row.group} ${row.system}`} className={style.row}>
            <button type="button" className={style.name} onClick={() => choose(row.group)}>
              <Inert text={nameOf(row)} />
              {row.kind === 'rota' && <span className="soft fine"> rota</span>}
            </button>
            <Line row={row} from={0} to={hours} marks={days.map(({ start }) => start)} move={tell(row)} />
            <span className={style.count} data-short={row.uncovered.length > 0}>
              {row.uncovered.length > 0
                ? `${row.uncovered.length} h`
                : row.unplanned.length > 0
                  ? 'unplanned'
                  : 'covered'}
            </span>
          </li>
        ))}
      </ul>
      <p className={style.told} aria-hidden="true">
        {told === '' ? 'Point at an hour to read it; choose a name to look closer.' : <Inert text={told} />}
      </p>
      <CoverageTable coverage={coverage} />
    </div>
  )
}

/** Every day of one week; of more weeks the Mondays, which have the room of a week. */
function DayName({ at, all }: { readonly at: string; readonly all: boolean }) {
  const [weekday = '', day, month] = dayWords(at).split(' ')
  if (!all) return weekday === 'Mon' ? <span className={style.week}>{`${day} ${month}`}</span> : null
  return (
    <>
      {weekday}
      <span className={style.date}>{` ${day} ${month}`}</span>
    </>
  )
}

/** Some hours of a row, as wide as there is room. */
export function Line({
  row,
  from,
  to,
  marks = [],
  move,
}: {
  readonly row: CoverageRow
  readonly from: number
  readonly to: number
  /** Hours at which a day begins. */
  readonly marks?: readonly number[]
  readonly move: (event: PointerEvent<SVGSVGElement>) => void
}) {
  return (
    <svg
      className={style.cells}
      viewBox={`0 0 ${to - from} 10`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerMove={move}
      onPointerDown={move}
    >
      {runsOf(row, from, to).map(({ tone, start, length }) => (
        <rect key={start} x={start - from} y="0" width={length} height="10" data-tone={tone} />
      ))}
      {marks
        .filter((mark) => mark > from && mark < to)
        .map((mark) => (
          <path key={mark} d={`M${mark - from} 0v10`} />
        ))}
    </svg>
  )
}

const tones = [
  ['uncovered', 'nobody, or too few'],
  ['unplanned', 'not planned yet'],
  ['one', '1'],
  ['two', '2'],
  ['many', '3 or more'],
  ['none', 'nobody would ask'],
] as const

export function Legend() {
  return (
    <ul className={style.legend} aria-label="What the colours mean: independent people on duty">
      {tones.map(([tone, words]) => (
        <li key={tone}>
          <svg viewBox="0 0 10 10" preserveAspectRatio="none" className={style.swatch} aria-hidden="true">
            <rect width="10" height="10" data-tone={tone} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  )
}
