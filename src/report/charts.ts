/**
 * Charts as plain SVG, drawn from numbers and nothing else. Every bar says its numbers when pointed at, leads to its
 * rows, and what is unknown is hatched so that it reads as a gap rather than as a result.
 */
import { html, type Markup, nothing } from './markup.ts'
import { count } from './numbers.ts'

export type Shade = 'bad' | 'look' | 'good' | 'plain' | 'unknown'

export interface Series<Row> {
  readonly label: string
  readonly shade: Shade
  readonly value: (row: Row) => number
}

const width = 900
const height = 240
const left = 46
const bottom = 26
const top = 10

/** Defined once on the page; unknown things are filled with it. */
export const hatch = html`<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/><line x1="0" y1="0" x2="0" y2="6" class="hatch-line"/></pattern></defs></svg>`

/** What a column of a chart stands for. */
export interface Placed {
  /** Said when it is pointed at. */
  readonly name: string
  /** Where its rows are. */
  readonly href?: string
  /** Written below it. */
  readonly mark?: string
}

/** Rows side by side as columns, the series on top of each other. */
export function columnBars<Row>(
  title: string,
  rows: readonly Row[],
  series: readonly Series<Row>[],
  placed: (row: Row, place: number) => Placed,
): Markup {
  const totals = rows.map((row) => series.reduce((sum, { value }) => sum + value(row), 0))
  const scale = niceScale(Math.max(1, ...totals))
  const step = (width - left) / Math.max(1, rows.length)
  const bar = Math.max(1, Math.min(step * 0.82, 40))
  const y = (value: number) => height - bottom - (value / scale.max) * (height - bottom - top)
  const columns = rows.map((row, place) => {
    let base = 0
    const rects = series.map(({ shade, value }) => {
      const [from, to] = [base, base + value(row)]
      base = to
      return to === from
        ? nothing
        : html`<rect class="${shade}" x="${px(left + place * step + (step - bar) / 2)}" y="${px(y(to))}" width="${px(bar)}" height="${px(y(from) - y(to))}"/>`
    })
    if (base === 0) return nothing
    const { name, href } = placed(row, place)
    const told = html`<title>${name}: ${series.map(({ label, value }) => `${label}: ${count(value(row))}`).join(', ')}</title>${rects}`
    return href === undefined ? html`<g>${told}</g>` : html`<a href="${href}">${told}</a>`
  })
  const marks = rows.map((row, place) => markOf(placed(row, place).mark, left + place * step))
  return html`<div class="chart"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${gridOf(scale, y)}${marks}${columns}</svg></div>${legend(series)}`
}

function markOf(mark: string | undefined, x: number): Markup {
  if (mark === undefined) return nothing
  const edge = x > width - 34
  return html`<text x="${px(edge ? width : x)}" y="${height - 8}" text-anchor="${edge ? 'end' : 'start'}">${mark}</text>`
}

/** How much room a column has when so many stand side by side, in the units of the picture. */
export function columnStep(columnsCount: number): number {
  return (width - left) / Math.max(1, columnsCount)
}

export function legend(series: readonly { readonly label: string; readonly shade: Shade }[]): Markup {
  return html`<ul class="legend">${series.map(({ label, shade }) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${shade}" width="10" height="10" rx="2"/></svg>${label}</li>`)}</ul>`
}

export interface Slice {
  readonly label: string
  readonly shade: Shade
  readonly value: number
  /** Where its rows are. */
  readonly href?: string
}

/** One bar in parts: a whole, and what it is made of. */
export function splitBar(title: string, slices: readonly Slice[]): Markup {
  const total = Math.max(
    1,
    slices.reduce((sum, { value }) => sum + value, 0),
  )
  let x = 0
  const rects = slices.map(({ label, shade, value, href }) => {
    const length = (value / total) * width
    const rect = html`<rect class="${shade}" x="${px(x)}" y="0" width="${px(length)}" height="30"/>`
    x += length
    if (value === 0) return nothing
    const named = html`<title>${label}: ${count(value)}</title>${rect}`
    return href === undefined ? html`<g>${named}</g>` : html`<a href="${href}">${named}</a>`
  })
  const told = slices
    .filter(({ value }) => value > 0)
    .map(({ label, shade, value }) => ({ label: `${label}: ${count(value)}`, shade }))
  return html`<div class="chart"><svg viewBox="0 0 ${width} 30" preserveAspectRatio="none" role="img" aria-label="${title}">${rects}</svg></div>${legend(told)}`
}

/** Labelled bars below each other. */
export function rowBars(title: string, bars: readonly Slice[]): Markup {
  const max = Math.max(1, ...bars.map(({ value }) => value))
  const [gap, label] = [26, 170]
  const rows = bars.map(({ label: name, shade, value }, place) => {
    const length = (value / max) * (520 - label - 60)
    return html`<text class="ink" x="${label - 8}" y="${place * gap + 17}" text-anchor="end">${name}</text><rect class="${shade}" x="${label}" y="${place * gap + 4}" width="${px(Math.max(value > 0 ? 1.5 : 0, length))}" height="18" rx="2"/><text x="${px(label + length + 6)}" y="${place * gap + 17}">${count(value)}</text>`
  })
  return html`<div class="chart"><svg class="small" viewBox="0 0 520 ${bars.length * gap + 4}" role="img" aria-label="${title}">${rows}</svg></div>`
}

interface Scale {
  readonly max: number
  readonly step: number
}

/** Steps of 1, 2 or 5 times a power of ten, at most five of them. */
export function niceScale(max: number): Scale {
  const power = 10 ** Math.floor(Math.log10(max))
  const steps = [0.1, 0.2, 0.5, 1, 2].map((factor) => Math.max(1, factor * power))
  const step = steps.find((one) => max / one <= 5) ?? power * 2
  return { step, max: Math.ceil(max / step) * step }
}

function gridOf({ max, step }: Scale, y: (value: number) => number): Markup[] {
  return Array.from({ length: Math.round(max / step) + 1 }, (_, index) => {
    const value = index * step
    return html`<line class="axis" x1="${left}" x2="${width}" y1="${px(y(value))}" y2="${px(y(value))}"/><text x="${left - 6}" y="${px(y(value) + 4)}" text-anchor="end">${count(value)}</text>`
  })
}

/** Tenths are finer than any screen. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}
