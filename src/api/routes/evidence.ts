/**
 * Evidence of a period as a file, made of the whole record as `countersign export` makes it. For those who read all of it: a
 * part of a record proves nothing. One at a time, and only up to a size that leaves the server to everybody else.
 */

import { z } from 'zod'
import { refusal } from '../../core/refusal.ts'
import {
  actsCsv,
  controlsCsv,
  type EvidenceReport,
  evidencePage,
  ocsfLines,
  oscalDocument,
  type Recorded,
  reportOf,
} from '../../evidence/index.ts'
import { packageVersion } from '../../lib/package-version.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import { type EvidenceForm, evidenceQuery } from '../schema/evidence.ts'
import { periodOf } from '../schema/period.ts'
import { namesIn, readsEverything, type Sight, sightFor } from '../sight.ts'
import { shownRecords } from './feed.ts'

/** Beyond that the reader's own machine does it: `countersign export`. */
const eventsMax = 100_000
const pageSize = 500

interface Form {
  readonly type: string
  readonly name: string
  readonly write: (report: EvidenceReport) => string
}

const forms: Readonly<Record<EvidenceForm, Form>> = {
  html: { type: 'text/html', name: 'html', write: evidencePage },
  oscal: {
    type: 'application/json',
    name: 'oscal.json',
    write: (report) => `${JSON.stringify(oscalDocument(report), null, 2)}\n`,
  },
  controls: { type: 'text/csv', name: 'controls.csv', write: controlsCsv },
  acts: { type: 'text/csv', name: 'acts.csv', write: actsCsv },
  ocsf: { type: 'application/x-ndjson', name: 'ocsf.jsonl', write: ocsfLines },
}

export function evidenceRoutes(scope: Scope, parts: Parts): void {
  let last: Promise<unknown> = Promise.resolve()
  const file = z.string().meta({ description: 'The file, to be kept as it is.' })
  const schema = {
    operationId: 'evidence',
    tags: ['reviews'],
    summary: 'Evidence of a period, as a file',
    description:
      'What each control showed in the period, with its figures, as a page, OSCAL assessment results, CSV or OCSF events. For reviewers and the security pool. Larger records are exported with `countersign export`.',
    querystring: evidenceQuery,
    response: { 200: { description: 'A file.', content: { 'application/octet-stream': { schema: file } } } },
  }
  scope.get('/v1/evidence', { schema }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    if (!readsEverything(sight)) {
      const no = 'evidence is made of the whole record, which reviewers and the security pool read'
      return parts.send(reply, refusalProblem(sight, refusal('not-permitted', no), undefined))
    }
    const period = periodOf(request.query, sight.now)
    if ('wrong' in period) return parts.send(reply, problem('malformed-request', period.wrong))
    const made = last.then(() => recordFor(parts, sight))
    last = made.catch(() => {})
    const read = await made
    if ('problem' in read) return parts.send(reply, read.problem)
    const report = reportOf({
      installation: parts.options.publicUrl,
      madeAt: sight.now,
      version: packageVersion,
      period,
      ...read,
    })
    const { type, name, write } = forms[request.query.form]
    const between = `${period.start.slice(0, 10)}-to-${period.end.slice(0, 10)}`
    return reply
      .type(`${type}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="countersign-${between}.${name}"`)
      .serializer(String)
      .send(write(report) as never)
  })
}

async function recordFor(
  parts: Parts,
  sight: Sight,
): Promise<
  | { readonly records: readonly Recorded[]; readonly names: Readonly<Record<string, string>> }
  | { readonly problem: Problem }
> {
  const { feed } = parts.machinery.store
  const last = await feed.last()
  if (last >= BigInt(eventsMax)) return { problem: problem('evidence-too-large') }
  const records: Recorded[] = []
  const names: Record<string, string> = {}
  for (let after = -1n; after < last; ) {
    const rows = await feed.after(after, pageSize)
    const page = await shownRecords(parts, sight, rows)
    records.push(...page)
    Object.assign(names, namesIn(sight.index, page))
    const next = rows.at(-1)?.position
    if (next === undefined) break
    after = next
  }
  return { records, names }
}
