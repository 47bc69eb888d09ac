/** One team, rota or workload on one system: a line a day. */
import { type PointerEvent, useState } from 'react'
import type { CoverageView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Inert } from '../text/inert.tsx'
import { dayWords } from '../time/words.ts'
import { Line } from './heat-map.tsx'
import { type CoverageRow, daysIn, hourAt, hourWords } from './hours.ts'
import style from './map.module.css'
import { RowTable } from './table.tsx'

/** The hours of a day that are written above it. */
const written = [0, 6, 12, 18]

export function Calendar({ coverage, row }: { readonly coverage: CoverageView; readonly row: CoverageRow }) {
  const { system } = useCatalogue()
  const [told, setTold] = useState('')
  const { from, hours, names } = coverage
  const name = row.system === undefined ? (names[row.group] ?? row.group) : system(row.system)
  return (
    <div className={style.map}>
      <h3>
        <Inert text={name} /> <span className="soft">{row.uncovered.length} h uncovered</span>
      </h3>
      <div className={style.days} aria-hidden="true">
        <span />
        <div className={style.line}>
          {written.map((hour) => (
            <span key={hour} style={{ flexGrow: 6 }} data-long="true">
              {String(hour).padStart(2, '0')}
            </span>
          ))}
        </div>
        <span />
      </div>
      <ul className={style.rows} aria-hidden="true">
        {daysIn(from, hours).map(({ start, end }) => (
          <Day key={start} row={row} from={from} start={start} end={end} tell={setTold} />
        ))}
      </ul>
      <p className={style.told} aria-hidden="true">
        {told === '' ? 'Point at an hour to read it.' : <Inert text={told} />}
      </p>
      <RowTable coverage={coverage} row={row} />
    </div>
  )
}

function Day({
  row,
  from,
  start,
  end,
  tell,
}: {
  readonly row: CoverageRow
  readonly from: string
  readonly start: number
  readonly end: number
  readonly tell: (words: string) => void
}) {
  // The first day and the last stand under their hours, also where they are not whole.
  const first = new Date(hourAt(from, start)).getHours()
  const short = row.uncovered.filter((hour) => start <= hour && hour < end).length
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const hour = start + Math.floor(((event.clientX - box.left) / box.width) * (end - start))
    tell(hourWords(row, from, Math.min(end - 1, Math.max(start, hour))))
  }
  return (
    <li className={style.row}>
      <span className={style.day}>{dayWords(hourAt(from, start))}</span>
      <div className={style.part}>
        <span style={{ flexGrow: first }} />
        <div style={{ flexGrow: end - start }}>
          <Line row={row} from={start} to={end} move={move} />
        </div>
        <span style={{ flexGrow: Math.max(0, 24 - first - (end - start)) }} />
      </div>
      <span className={style.count} data-short={short > 0}>
        {short > 0 ? `${short} h` : ''}
      </span>
    </li>
  )
}
