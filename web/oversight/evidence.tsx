/** What the period shows, as files for others: an auditor, a compliance tool, a log pipeline. */
import { Card } from '../waiver/card.tsx'
import type { Days } from './days.ts'
import style from './oversight.module.css'
import { startOf } from './queries.ts'

const files = [
  { form: 'html', name: 'A page for people', says: 'control by control what held, with figures; prints well' },
  { form: 'oscal', name: 'Assessment results, OSCAL', says: 'for compliance tools' },
  { form: 'controls', name: 'Controls, as CSV', says: 'one row a control' },
  { form: 'acts', name: 'Every act, as CSV', says: 'one row a record' },
  { form: 'ocsf', name: 'Events, OCSF', says: 'JSON lines, for log pipelines' },
] as const

export function Evidence({ days }: { readonly days: Days }) {
  const from = startOf(days)
  return (
    <Card
      title="Take it along"
      says="Evidence of this period, made of the whole record. It is for those who read all of it: reviewers and the security pool."
    >
      <ul className={style.files}>
        {files.map(({ form, name, says }) => (
          <li key={form}>
            <a href={`/v1/evidence?${new URLSearchParams({ from, form })}`} download>
              {name}
            </a>{' '}
            <span className="soft">{says}</span>
          </li>
        ))}
      </ul>
      <p className="soft fine">
        The same from a terminal:{' '}
        <code>countersign export --from {from.slice(0, 10)}T00:00Z --format html --out evidence.html</code>
      </p>
    </Card>
  )
}
