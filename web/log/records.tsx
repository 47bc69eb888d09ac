/** Records, newest first, and looking for them: by kind, by what they happened to, by place, by who did it. */
import { Button, TextInput } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { RecordedEvent } from '../../src/client/index.ts'
import { saidOf } from '../life/said.tsx'
import { Name, type Names } from '../people/name.tsx'
import { PersonField } from '../people/person-field.tsx'
import { Problem } from '../shell/problem.tsx'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import style from './log.module.css'
import { questionOf } from './looking.ts'
import { recordsQuery } from './queries.ts'

const route = getRouteApi('/log')

export function Records({ size }: { readonly size: bigint | undefined }) {
  const looking = route.useSearch()
  const found = useInfiniteQuery({ ...recordsQuery(looking), placeholderData: keepPreviousData })
  const rows = (found.data?.pages ?? []).flatMap(({ records, names }) => records.map((record) => ({ record, names })))
  return (
    <Card
      title="Records"
      says="Those you may read, newest first. Refused attempts stand among them, because they happened."
    >
      <Search />
      {found.error !== null && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data === undefined ? (
        <div className={style.waiting} aria-busy="true" />
      ) : (
        <ol className={style.records} aria-label="Records">
          {rows.map(({ record, names }) => (
            <Row key={record.id} record={record} names={names} sealed={isSealed(record, size)} />
          ))}
        </ol>
      )}
      {found.data !== undefined && rows.length === 0 && <Nothing more={found.hasNextPage} />}
      {found.hasNextPage && (
        <Button
          variant="default"
          className={style.more ?? ''}
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </Card>
  )
}

function Nothing({ more }: { readonly more: boolean }) {
  const { find = '' } = route.useSearch()
  if (questionOf({ find }) === undefined)
    return (
      <p className={style.empty}>
        Nothing can be found by that. Try a part of a kind, such as <code>countersigned</code> or <code>refused</code>,
        the id of a waiver or a change, or a place in the log.
      </p>
    )
  return (
    <p className={style.empty}>{more ? 'None among the newest ten thousand.' : 'No record that you may read fits.'}</p>
  )
}

function Search() {
  const { find = '', by } = route.useSearch()
  const navigate = useNavigate()
  const [text, setText] = useState(find)
  const [name, setName] = useState('')
  useEffect(() => setText(find), [find])
  const go = (next: { find: string; by: string | undefined }) =>
    void navigate({
      to: '/log',
      replace: true,
      search: { ...(next.find.trim() === '' ? {} : { find: next.find.trim() }), ...(next.by ? { by: next.by } : {}) },
    })
  return (
    <search className={style.search}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          go({ find: text, by })
        }}
      >
        <TextInput
          label="Kind, id, or place"
          placeholder="countersigned, wvr_…, 4711"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onBlur={() => text.trim() === find || go({ find: text, by })}
          autoComplete="off"
          spellCheck={false}
        />
      </form>
      <PersonField
        label="By whom"
        optional
        value={by ?? ''}
        name={name === '' ? (by ?? '') : name}
        change={(id, chosen) => {
          setName(chosen)
          go({ find: text, by: id })
        }}
      />
      {(find !== '' || by !== undefined) && (
        <Button variant="subtle" onClick={() => go({ find: '', by: undefined })}>
          Show all
        </Button>
      )}
    </search>
  )
}

function isSealed({ position }: RecordedEvent, size: bigint | undefined): boolean {
  return size !== undefined && position !== undefined && BigInt(position) < size
}

function Row({
  record,
  names,
  sealed,
}: {
  readonly record: RecordedEvent
  readonly names: Names
  readonly sealed: boolean
}) {
  const { is, words } = saidOf(record, names, undefined)
  const isWaiver = record.stream.startsWith('wvr_') && record.type !== 'AttemptRefused'
  return (
    <li className={style.record} data-is={is}>
      <span className={style.place}>
        {record.position === undefined ? (
          '…'
        ) : (
          <Link
            to="/records/$position"
            params={{ position: String(record.position) }}
            aria-label={`Proof of record ${record.position}`}
          >
            {record.position}
          </Link>
        )}
      </span>
      <span className={style.sign} aria-hidden="true">
        <Shape is={is} />
      </span>
      <div className={style.what}>
        <p>
          <Name id={record.by} names={names} /> {words}
        </p>
        <p className={style.below}>
          {isWaiver ? (
            <Link to="/waivers/$waiver" params={{ waiver: record.stream }}>
              <code>{record.stream}</code>
            </Link>
          ) : (
            <code>
              <Inert text={record.stream} />
            </code>
          )}
          <Moment at={record.at} />
          {!sealed && <span>not sealed yet</span>}
        </p>
      </div>
    </li>
  )
}
