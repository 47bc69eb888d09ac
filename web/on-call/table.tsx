/** What the map shows, as a table: for whoever does not see it, and for whoever wants to read it. */
import type { CoverageView } from '../../src/client/index.ts'
import { Behind } from '../chart/behind.tsx'
import { Inert } from '../text/inert.tsx'
import { type CoverageRow, hourAt, runsOf, spanWords } from './hours.ts'

export function CoverageTable({ coverage: { rows, names, from } }: { readonly coverage: CoverageView }) {
  return (
    <Behind
      name="Coverage by team and rota"
      columns={['Who could ask', 'Uncovered hours', 'Not planned', 'Fewest on duty', 'When uncovered']}
      rows={rows.map((row) => ({
        key: `${row.group} ${row.system}`,
        cells: [
          <Inert key="name" text={names[row.group] ?? row.group} />,
          row.uncovered.length,
          row.unplanned.length,
          fewest(row),
          whenWords(row, from) || 'never',
        ],
      }))}
    />
  )
}

export function RowTable({ coverage: { from }, row }: { readonly coverage: CoverageView; readonly row: CoverageRow }) {
  const shown = runsOf(row).map(({ tone, start, length }) => ({
    key: String(start),
    cells: [
      spanWords({ start: hourAt(from, start), end: hourAt(from, start + length) }),
      tone === 'none' ? 'nobody would ask' : row.counts[start],
      row.needed[start] ?? '',
      tone === 'uncovered' ? 'uncovered' : tone === 'unplanned' ? 'not planned yet' : '',
    ],
  }))
  return <Behind name="Hour by hour" columns={['When', 'Independent on duty', 'Needed', '']} rows={shown} />
}

function fewest({ counts }: CoverageRow): number | string {
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? '' : Math.min(...known)
}

const spansShown = 6

function whenWords(row: CoverageRow, from: string): string {
  const spans = runsOf(row).filter(({ tone }) => tone === 'uncovered')
  const words = spans
    .slice(0, spansShown)
    .map(({ start, length }) => spanWords({ start: hourAt(from, start), end: hourAt(from, start + length) }))
  const left = spans.length - words.length
  return [...words, ...(left > 0 ? [`${left} more times`] : [])].join('; ')
}
