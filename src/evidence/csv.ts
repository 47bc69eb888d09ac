/** Evidence as CSV: one line an examined control, or one line an act, for whoever counts in a spreadsheet. */
import { sheet } from '../report/sheet.ts'
import { controlOf, type Requirement } from './controls.ts'
import type { Examined } from './examine.ts'
import type { Recorded } from './lives.ts'
import type { EvidenceReport } from './report.ts'

export function controlsCsv({ examined, period }: EvidenceReport): string {
  return sheet<Examined>(
    [
      { title: 'control', cell: ({ control }) => control },
      { title: 'must', cell: ({ control }) => controlOf(control).must },
      { title: 'answers', cell: ({ control }) => controlOf(control).answers.map(requirementInWords).join('; ') },
      { title: 'from', cell: () => period.start },
      { title: 'to', cell: () => period.end },
      { title: 'looked_at', cell: ({ looked }) => looked },
      { title: 'count', cell: ({ count }) => String(count) },
      { title: 'lapses', cell: ({ lapses }) => String(lapses.length) },
      { title: 'state', cell: ({ state }) => state },
      { title: 'lapse_events', cell: ({ lapses }) => lapses.map(({ event }) => event).join(' ') },
    ],
    examined,
  )
}

export function actsCsv({ records, names }: EvidenceReport): string {
  return sheet<Recorded>(
    [
      { title: 'position', cell: ({ position }) => (position === undefined ? '' : String(position)) },
      { title: 'event', cell: ({ id }) => id },
      { title: 'stream', cell: ({ stream }) => stream },
      { title: 'type', cell: ({ type }) => type },
      { title: 'at', cell: ({ at }) => at },
      { title: 'by', cell: ({ by }) => by },
      { title: 'by_name', cell: ({ by }) => names[by] ?? '' },
      { title: 'code', cell: ({ body }) => (typeof body?.code === 'string' ? body.code : '') },
      { title: 'body_hash', cell: ({ bodyHash }) => bodyHash },
    ],
    records,
  )
}

/** `OWASP NHI 2025 NHI3:2025 (NHI-03)`: with the number that guidance uses, where it differs. */
export function requirementInWords({ framework, id, alsoCited }: Requirement): string {
  return `${framework} ${id}${alsoCited === undefined ? '' : ` (${alsoCited})`}`
}
