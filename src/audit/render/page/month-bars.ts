/** Months side by side, with each January marked, and the first month. */
import { columnBars, columnStep, type Series } from '../../../report/charts.ts'
import { anchor, type Markup } from '../../../report/markup.ts'
import type { MonthFigures } from '../../figures/months.ts'

export function monthBars(
  title: string,
  months: readonly MonthFigures[],
  series: readonly Series<MonthFigures>[],
): Markup {
  const step = columnStep(months.length)
  return columnBars(title, months, series, ({ month }, place) => {
    const mark = markOf(months, month, place, step)
    return { name: month, href: `#${anchor('month', month)}`, ...(mark === undefined ? {} : { mark }) }
  })
}

function markOf(months: readonly MonthFigures[], month: string, place: number, step: number): string | undefined {
  const isFirst = place === 0 && !months.slice(1, 5).some((other) => other.month.endsWith('-01'))
  if (!month.endsWith('-01') && !isFirst) return undefined
  if (step * 12 < 34 && !isFirst) return `’${month.slice(2, 4)}`
  return month.endsWith('-01') ? month.slice(0, 4) : month
}
