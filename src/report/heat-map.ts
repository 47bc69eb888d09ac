/**
 * A map of hours as one SVG file that stands alone: rows of cells in five shades, light and dark by the reader's setting,
 * with every cell's meaning said when it is pointed at. What is missing is solid, what is not known is hatched.
 */
import { px } from './charts.ts'
import { html, type Markup } from './markup.ts'

export type HeatShade = 'none' | 'just' | 'spare' | 'unplanned' | 'empty'

export interface HeatRow {
  readonly label: string
  /** Written behind the row. */
  readonly note?: string
  /** `undefined` leaves a gap. */
  readonly cells: readonly (HeatCell | undefined)[]
}

export interface HeatCell {
  readonly shade: HeatShade
  /** Said when it is pointed at. */
  readonly title: string
}

export interface HeatPanel {
  readonly title: string
  readonly rows: readonly HeatRow[]
  /** Written over the cells, by their place. */
  readonly marks: readonly { readonly place: number; readonly text: string }[]
}

export interface HeatMap {
  readonly title: string
  readonly subtitle: string
  readonly legend: readonly { readonly shade: HeatShade; readonly text: string }[]
  readonly panels: readonly HeatPanel[]
  /** Width of a cell. */
  readonly cellWidth: number
}

const cellHeight = 16
const gap = 3
const labelLetterWidth = 6.6
const noteWidth = 64
const head = 78

const style = `
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: #1d1f23 }
.ground { fill: #fbfaf8 } .title { font-size: 19px; font-weight: 650 } .panel { font-size: 13.5px; font-weight: 600 } .quiet, .mark { fill: #5d6370 } .mark { font-size: 10.5px }
.none { fill: #b23b1e } .just { fill: #e2b65c } .spare { fill: #4ba184 } .empty { fill: #e9e7e2 } .hatch-ground { fill: #ececf0 } .hatch-line { stroke: #a3a8b5; stroke-width: 1.6 } .unplanned { fill: url(#unplanned) } .day { stroke: #d8d5ce }
@media (prefers-color-scheme: dark) { text { fill: #e8e8ea } .ground { fill: #15171b } .quiet, .mark { fill: #a2a8b4 }
.none { fill: #f0805f } .just { fill: #b98a34 } .spare { fill: #3f8f74 } .empty { fill: #262a31 } .hatch-ground { fill: #2b2f36 } .hatch-line { stroke: #868d9b } .day { stroke: #3a3f48 } }
`
const styleMarkup: Markup = { html: style }

/** @returns the whole file. */
export function heatMap({ title, subtitle, legend, panels, cellWidth }: HeatMap): string {
  const left =
    24 + Math.max(60, ...panels.flatMap(({ rows }) => rows.map(({ label }) => label.length * labelLetterWidth)))
  const cells = Math.max(1, ...panels.flatMap(({ rows }) => rows.map((row) => row.cells.length)))
  const width = Math.max(640, left + cells * cellWidth + noteWidth + 24)
  let y = head
  const drawn = panels.map((panel) => {
    const at = y
    y += panelHeight(panel)
    return panelMarkup(panel, at, left, cellWidth)
  })
  const key = legend.map(({ shade, text }, place) => legendItem(shade, text, 24 + legendOffset(legend, place), y + 14))
  const height = y + 44
  return html`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="img" aria-label="${title}"><style>${styleMarkup}</style>
<defs><pattern id="unplanned" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/><line x1="0" y1="0" x2="0" y2="6" class="hatch-line"/></pattern></defs>
<rect class="ground" width="${px(width)}" height="${px(height)}"/>
<text class="title" x="24" y="36">${title}</text><text class="quiet" x="24" y="57">${subtitle}</text>
${drawn}${key}</svg>
`.html
}

/** Without a title of its own a panel begins with its marks. */
function panelHead({ title }: HeatPanel): number {
  return title === '' ? 22 : 42
}

function panelHeight(panel: HeatPanel): number {
  const { rows } = panel
  return panelHead(panel) + rows.length * (cellHeight + gap) + 18
}

function panelMarkup(panel: HeatPanel, top: number, left: number, cellWidth: number): Markup {
  const { title, rows, marks } = panel
  const y = top + panelHead(panel)
  const heads = marks.map(
    ({ place, text }) =>
      html`<line class="day" x1="${px(left + place * cellWidth)}" x2="${px(left + place * cellWidth)}" y1="${y - 3}" y2="${y + rows.length * (cellHeight + gap)}"/><text class="mark" x="${px(left + place * cellWidth + 2)}" y="${y - 8}">${text}</text>`,
  )
  const lines = rows.map((row, place) => rowMarkup(row, y + place * (cellHeight + gap), left, cellWidth))
  return html`<text class="panel" x="24" y="${top + 14}">${title}</text>${heads}${lines}
`
}

/** Neighbours that say the same are one rectangle, so that a map of many weeks stays a small file. */
function rowMarkup({ label, note = '', cells }: HeatRow, y: number, left: number, cellWidth: number): Markup {
  const runs: { shade: HeatShade; title: string; from: number; to: number }[] = []
  for (const [place, cell] of cells.entries()) {
    const last = runs.at(-1)
    if (cell === undefined) continue
    if (last !== undefined && last.to === place && last.shade === cell.shade && last.title === cell.title) last.to++
    else runs.push({ ...cell, from: place, to: place + 1 })
  }
  const space = cellWidth >= 10 ? 1.5 : 0
  const rects = runs.map(
    ({ shade, title, from, to }) =>
      html`<rect class="${shade}" x="${px(left + from * cellWidth)}" y="${y}" width="${px((to - from) * cellWidth - space)}" height="${cellHeight}" rx="${space === 0 ? 0 : 2}"><title>${title}</title></rect>`,
  )
  return html`<text x="${px(left - 8)}" y="${y + 12}" text-anchor="end">${label}</text>${rects}<text class="quiet" x="${px(left + cells.length * cellWidth + 8)}" y="${y + 12}">${note}</text>
`
}

function legendItem(shade: HeatShade, text: string, x: number, y: number): Markup {
  return html`<rect class="${shade}" x="${px(x)}" y="${y}" width="12" height="12" rx="2"/><text class="quiet" x="${px(x + 18)}" y="${y + 10}">${text}</text>`
}

function legendOffset(legend: HeatMap['legend'], place: number): number {
  return legend.slice(0, place).reduce((sum, { text }) => sum + text.length * labelLetterWidth + 42, 0)
}
