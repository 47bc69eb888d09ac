/** One record of a life: what was done, by whom, when, what it rests on, and who looked back at it. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecordedEvent, TermsView, WaiverDetail, Why } from '../../src/client/index.ts'
import { Name, type Names } from '../people/name.tsx'
import { ReviewActForm } from '../review/review-act-form.tsx'
import { Shape, Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import style from './life.module.css'
import { saidOf } from './said.tsx'

export function Entry({
  event,
  detail,
  names,
  follows,
  before,
}: {
  readonly event: RecordedEvent
  readonly detail: WaiverDetail
  readonly names: Names
  readonly follows: Why['acts'][number] | undefined
  readonly before: TermsView | undefined
}) {
  const { is, words, more } = saidOf(event, names, before)
  return (
    <li className={style.entry} data-is={is} id={event.id}>
      <span className={style.dot} aria-hidden="true">
        <Shape is={is} />
      </span>
      <p className={style.said}>
        <Name id={event.by} names={names} /> {words}
      </p>
      <p className={style.at}>
        <Moment at={event.at} />
      </p>
      {more}
      {follows !== undefined && <Follows act={follows} />}
      <Record event={event} detail={detail} names={names} />
      <Proof event={event} />
    </li>
  )
}

function Follows({ act: { follows, detail } }: { readonly act: Why['acts'][number] }) {
  if (follows === 'yes') return <Sign is="good">follows from its facts</Sign>
  return (
    <p>
      <Sign is={follows === 'no' ? 'bad' : 'wait'}>{follows === 'no' ? 'does not follow' : 'cannot be told'}</Sign>{' '}
      <Inert text={detail} />
    </p>
  )
}

/** One of the four acts: reviewable on its own, by somebody who had no part in it. */
function Record({
  event,
  detail,
  names,
}: {
  readonly event: RecordedEvent
  readonly detail: WaiverDetail
  readonly names: Names
}) {
  const [open, setOpen] = useState(false)
  const record = detail.waiver.records.find((one) => one.event === event.id)
  if (record === undefined) return null
  if (record.review !== undefined)
    return (
      <p className={style.record}>
        <Sign is={record.review.finding === 'justified' ? 'good' : 'bad'}>
          {record.act} looked back at: {record.review.finding.replaceAll('-', ' ')}
        </Sign>
        <span className="soft">
          <Name id={record.review.by} names={names} />, <Moment at={record.review.at} />
        </span>
      </p>
    )
  const may = detail.standing.acts.some(({ act, may: allowed }) => act === 'review-event' && allowed)
  return (
    <div className={style.record}>
      <Sign is="over">{record.act}: not looked back at yet</Sign>
      {may && !open && (
        <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
          Look back at this {record.act}
        </Button>
      )}
      {open && <ReviewActForm waiver={detail.waiver.id} event={event.id} done={() => setOpen(false)} />}
    </div>
  )
}

function Proof({ event: { id, position, bodyHash, body } }: { readonly event: RecordedEvent }) {
  const facts = (body?.facts ?? {}) as Readonly<Record<string, unknown>>
  return (
    <details className={style.proof}>
      <summary>proof</summary>
      <dl>
        <dt>record</dt>
        <dd>{id}</dd>
        <dt>place in the log</dt>
        <dd>
          {position === undefined ? (
            'a moment from now'
          ) : (
            <Link to="/records/$position" params={{ position: String(position) }}>
              {position}, check it in this browser
            </Link>
          )}
        </dd>
        <dt>hash</dt>
        <dd>{bodyHash}</dd>
        {Object.entries(facts).map(([name, digest]) => (
          <Fact key={name} name={name} digest={String(digest)} />
        ))}
      </dl>
    </details>
  )
}

function Fact({ name, digest }: { readonly name: string; readonly digest: string }) {
  return (
    <>
      <dt>{name} it rests on</dt>
      <dd>{digest}</dd>
    </>
  )
}
