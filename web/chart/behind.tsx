/** The table behind a picture: the same numbers for whoever does not see the picture, or wants to read them. */
import type { ReactNode } from 'react'
import style from './chart.module.css'

export interface TableRow {
  readonly key: string
  /** As many as columns; the first one names the row. */
  readonly cells: readonly ReactNode[]
}

export function Behind({
  name,
  columns,
  rows,
}: {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}) {
  return (
    <details className={style.behind}>
      <summary>{name}, as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={style.scrolls} aria-label={name} tabIndex={0}>
        <Table columns={columns} rows={rows} />
      </section>
    </details>
  )
}

export function Table({ columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly TableRow[] }) {
  return (
    <table className={style.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column === '' ? <span className="unseen">Note</span> : column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...rest] }) => (
          <tr key={key}>
            <th scope="row">{first}</th>
            {rest.map((cell, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table never change places
              <td key={place}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
