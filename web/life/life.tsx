/**
 * The life of a waiver: separate records, each by somebody, at a moment, from facts, with its own look back. Refused
 * attempts stand among them, because they happened.
 */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RecordedEvent, TermsView, WaiverDetail, Why } from '../../src/client/index.ts'
import { api, yes } from '../app/api.ts'
import { Problem } from '../shell/problem.tsx'
import { Card } from '../waiver/card.tsx'
import { eventsQuery } from '../waiver/queries.ts'
import { Entry } from './entry.tsx'
import style from './life.module.css'

export function Life({ detail }: { readonly detail: WaiverDetail }) {
  const { id } = detail.waiver
  const { data, error, refetch } = useQuery(eventsQuery(id))
  const again = useQuery({
    queryKey: ['why', id],
    queryFn: ({ signal }) => yes(api.why(id, { signal })),
    enabled: false,
  })
  const [refusals, setRefusals] = useState(true)
  if (data === undefined)
    return (
      <Card title="Its life">
        {error === null ? <div className={style.waiting} /> : <Problem error={error} again={() => void refetch()} />}
      </Card>
    )
  const shown = refusals ? data.events : data.events.filter(({ type }) => type !== 'AttemptRefused')
  const refusedCount = data.events.length - data.events.filter(({ type }) => type !== 'AttemptRefused').length
  return (
    <Card title="Its life" says={recordWords(data.events.length, refusedCount)}>
      <div className={style.tools}>
        <Button variant="default" size="compact-md" loading={again.isFetching} onClick={() => void again.refetch()}>
          Decide every record again from its facts
        </Button>
        {refusedCount > 0 && (
          <label className={style.toggle}>
            <input type="checkbox" checked={refusals} onChange={({ target }) => setRefusals(target.checked)} />
            refused attempts
          </label>
        )}
      </div>
      <Again why={again.data} error={again.error} />
      <ol className={style.life}>
        {shown.map((event) => (
          <Entry
            key={event.id}
            event={event}
            detail={detail}
            names={{ ...detail.names, ...data.names }}
            before={termsBefore(data.events, event)}
            follows={again.data?.acts.find((act) => act.event === event.id)}
          />
        ))}
      </ol>
    </Card>
  )
}

/** What the newest record before this one says was asked. */
function termsBefore(events: readonly RecordedEvent[], { version }: RecordedEvent): TermsView | undefined {
  const earlier = events.filter((event) => event.version < version && event.body?.terms !== undefined)
  return earlier.at(-1)?.body?.terms as TermsView | undefined
}

function recordWords(records: number, refused: number): string {
  if (records === 1) return 'One record. It cannot be changed.'
  const among = refused === 0 ? '' : `, ${refused} refused ${refused === 1 ? 'attempt' : 'attempts'} among them`
  return `${records} records${among}. None of them can be changed.`
}

function Again({ why, error }: { readonly why: Why | undefined; readonly error: Error | null }) {
  if (error !== null) return <Problem error={error} />
  if (why === undefined) return null
  return (
    <p className={style.again} data-follows={why.follows} role="status">
      {why.follows
        ? 'Computed again from the recorded facts: every record follows.'
        : 'Computed again from the recorded facts: not every record follows. Tell the security pool.'}
    </p>
  )
}
