/** The events of a report as OCSF, one JSON document a line: what log pipelines read. */
import { ocsfEvent } from './ocsf.ts'
import type { EvidenceReport } from './report.ts'

export function ocsfLines({ records, subjects, installation, version }: EvidenceReport): string {
  return records
    .map((recorded) => {
      const subject = subjects.get(recorded.stream)
      const context = { installation, version, ...(subject === undefined ? {} : { subject }) }
      return `${JSON.stringify(ocsfEvent(recorded, context))}\n`
    })
    .join('')
}
