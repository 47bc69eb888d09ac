/**
 * What does the record of a period show? Reads everything that was committed, examines it here and writes it in a form an
 * auditor, a compliance tool or a log pipeline takes. Whoever may read only a part gets nothing, since a part proves nothing.
 */
import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { Client } from '../../client/index.ts'
import { instantOf } from '../../core/time.ts'
import {
  actsCsv,
  controlsCsv,
  type EvidencedControlId,
  type EvidenceReport,
  evidencedControlIds,
  evidencePage,
  isEvidencedControl,
  ocsfLines,
  oscalDocument,
  type Recorded,
  reportOf,
} from '../../evidence/index.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { packageVersion } from '../../lib/package-version.ts'
import type { Call } from '../context.ts'
import { momentOf } from '../input/moment.ts'
import { table } from '../output/table.ts'
import { quoted, visible } from '../output/visible.ts'
import { performs, type Registry, type Shown } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { Stop } from '../stop.ts'
import { UsageError } from '../usage-error.ts'
import { several } from './shared.ts'

interface Options {
  readonly from: string
  readonly to?: string
  readonly control?: readonly string[]
  readonly format: Format
  readonly out?: string
}

const writers = {
  oscal: (report: EvidenceReport) => `${JSON.stringify(oscalDocument(report), null, 2)}\n`,
  html: evidencePage,
  controls: controlsCsv,
  acts: actsCsv,
  ocsf: ocsfLines,
} as const satisfies Readonly<Record<string, (report: EvidenceReport) => string>>

type Format = keyof typeof writers

export function addExport(program: Command, registry: Registry): void {
  program
    .command('export')
    .summary('evidence of a period, for auditors and log pipelines')
    .description(
      'Reads everything that was committed up to the end of the period, examines whether each control held, and shows it or writes it: OSCAL assessment results, a page for people, CSV of controls or of acts, or OCSF events. For those who read the whole record: reviewers and the security pool.',
    )
    .requiredOption('--from <time>', 'first moment of the period, such as `2026-10-01T00:00Z`')
    .option('--to <time>', 'the moment after its last; otherwise now')
    .option('--control <id>', 'only this control, such as `revocation/verified`; may be repeated', several)
    .addOption(
      new Option('--format <form>', 'oscal, html, controls (CSV), acts (CSV) or ocsf (JSON lines)')
        .choices(Object.keys(writers))
        .default('html'),
    )
    .option('--out <file>', 'write it there; otherwise what was examined is shown')
    .action(performs<Options>(registry, exportEvidence))
}

async function exportEvidence(call: Call, options: Options): Promise<Shown> {
  const around = { nowMillis: call.context.nowMillis(), timeZone: call.page.timeZone }
  const start = momentOf(options.from, '--from', around)
  const end = options.to === undefined ? instantOf(around.nowMillis) : momentOf(options.to, '--to', around)
  if (end <= start) throw new UsageError('--to is not after --from')
  const controls = options.control?.map(controlNamed) ?? evidencedControlIds
  const { client, server } = await sessionOf(call)
  const { records, names } = await wholeFeed(call, client)
  const report = reportOf({
    installation: server,
    madeAt: instantOf(around.nowMillis),
    version: packageVersion,
    period: { start, end },
    controls,
    records,
    names,
  })
  const { examined, figures } = report
  const document = {
    period: report.period,
    examined,
    figures,
    ...(options.out === undefined ? {} : { file: options.out }),
  }
  if (options.out !== undefined) await writeFile(options.out, writers[options.format](report))
  const didNotHold = examined.some(({ state }) => state === 'did-not-hold')
  return {
    document,
    lines: [
      ...shown(call, report),
      ...(options.out === undefined ? [] : ['', `${call.page.paint.good('written')}  ${visible(options.out)}`]),
    ],
    exit: didNotHold ? 'checksFailed' : 'done',
  }
}

/** @throws {UsageError} */
function controlNamed(id: string): EvidencedControlId {
  if (isEvidencedControl(id)) return id
  throw new UsageError(`--control ${quoted(id)} is none${didYouMean(id, evidencedControlIds)}`)
}

const pageSize = 500

/** @throws {Stop} when a position is missing: a part of the record proves nothing. */
async function wholeFeed(call: Call, client: Client): Promise<{ records: Recorded[]; names: Record<string, string> }> {
  const records: Recorded[] = []
  const names: Record<string, string> = {}
  for (let after = -1, last = 0; after < last; ) {
    const page = answered(await client.feed({ after, limit: pageSize }))
    records.push(...page.records)
    Object.assign(names, page.names)
    after = page.next
    last = page.last
    call.screen.progress(`${records.length} of ${last + 1} events read`)
  }
  const gap = records.findIndex(({ position }, index) => position !== index)
  if (gap !== -1 || records.length === 0) {
    throw new Stop('refused', {
      kind: 'refusal',
      code: 'not-permitted',
      message: `you may not read the whole record (position ${gap === -1 ? 0 : gap} is missing), and a part of it proves nothing`,
      next: 'ask somebody of a pool that reviews, or of the security pool',
    })
  }
  return { records, names }
}

const marks = {
  held: '✔ held',
  'did-not-hold': '✘ did not hold',
  'nothing-to-examine': '– nothing to examine',
} as const

function shown({ page }: Call, { examined, period, figures }: EvidenceReport): readonly string[] {
  const columns = [
    { title: 'Control', cell: ({ control }: EvidenceReport['examined'][number]) => control },
    {
      title: 'Result',
      cell: ({ state }: EvidenceReport['examined'][number]) => marks[state],
      paint: (text: string, { state }: EvidenceReport['examined'][number]) => {
        if (state === 'held') return page.paint.good(text)
        return state === 'did-not-hold' ? page.paint.bad(text) : text
      },
    },
    {
      title: 'Looked at',
      cell: ({ count, looked, lapses }: EvidenceReport['examined'][number]) =>
        `${count} ${looked}${lapses.length === 0 ? '' : `, ${lapses.length} not so`}`,
    },
  ]
  const lapses = examined.flatMap(({ control, lapses }) =>
    lapses.map(({ event, says }) => `  ${page.paint.bad('✘')} ${control}  ${visible(event)}: ${visible(says)}`),
  )
  return [
    `${period.start} to ${period.end}: ${figures.approvals} approvals, ${figures.denials} denials, ${figures.refusedAttempts} attempts refused`,
    '',
    ...table(page, columns, examined),
    ...(lapses.length === 0 ? [] : ['', ...lapses]),
  ]
}
