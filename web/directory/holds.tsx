/** Sources that suddenly say much less. Until somebody outside looks at it, their last good facts stay in force and grow old. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { HoldView } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { Name, type Names } from '../people/name.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Quote } from '../text/quote.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import { useMayCheck } from './may-check.ts'
import { NodeLink } from './node-link.tsx'
import { holdQuery, holdsQuery } from './queries.ts'
import { type Word, Words } from './word-form.tsx'

export function Holds() {
  const { data } = useQuery(holdsQuery)
  const mayCheck = useMayCheck()
  if (data === undefined || data.holds.length === 0) return null
  return (
    <Card
      title="Held"
      tone="wait"
      says="A source that suddenly says much less is more often broken than right. Its last good facts stay in force, and grow old."
    >
      <ul className={style.links} aria-label="Held sources">
        {data.holds.map((hold) => (
          <Row key={hold.source} hold={hold} names={data.names} mayCheck={mayCheck} />
        ))}
      </ul>
    </Card>
  )
}

function Row({
  hold,
  names,
  mayCheck,
}: {
  readonly hold: HoldView
  readonly names: Names
  readonly mayCheck: boolean
}) {
  const { source, gone, since, status, end } = hold
  return (
    <li className={style.link}>
      <p className={style.claim}>
        <strong>
          <Inert text={source} />
        </strong>{' '}
        <Sign is={status === 'rejected' ? 'bad' : 'wait'}>
          {status === 'rejected' ? 'said to be wrong' : 'waits for somebody to look'}
        </Sign>{' '}
        <span className="soft">
          since <Moment at={since} />
        </span>
      </p>
      <ul className={style.gone}>
        {(['people', 'teams', 'memberships'] as const)
          .filter((what) => gone[what].gone > 0)
          .map((what) => (
            <li key={what}>
              <strong className="numbers">{gone[what].gone.toLocaleString('en-GB')}</strong> of{' '}
              <span className="numbers">{gone[what].of.toLocaleString('en-GB')}</span> {what} gone
            </li>
          ))}
      </ul>
      {end !== undefined && (
        <Quote
          text={end.reason}
          by={
            <>
              <Name id={end.by} names={names} />, <Moment at={end.at} />
            </>
          }
        />
      )}
      <Gone source={source} />
      {mayCheck && <Words of="holds" id={`${source} ${hold.snapshot}`} words={answers(hold)} />}
    </li>
  )
}

function Gone({ source }: { readonly source: string }) {
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ ...holdQuery(source), enabled: open })
  const lists = [...(data?.people ?? []), ...(data?.teams ?? [])]
  return (
    <details className={style.more} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Who would be gone</summary>
      {data !== undefined && lists.length === 0 && (
        <p className="soft">That is not yours to see, or only memberships.</p>
      )}
      <ul className={style.names}>
        {lists.map((id) => (
          <li key={id}>
            <NodeLink id={id} names={data?.names ?? {}} />
          </li>
        ))}
      </ul>
    </details>
  )
}

function answers({ source, snapshot }: HoldView): readonly Word[] {
  return [
    {
      name: 'They have really gone',
      label: 'Why it is right',
      says: 'What the source says is in force at once: whoever has gone decides nothing more, and their open waivers end.',
      danger: true,
      send: (reason, idempotencyKey) => api.confirmHold(source, { snapshot, reason }, { idempotencyKey }),
    },
    {
      name: 'The source is wrong',
      label: 'Why it is wrong',
      says: 'It stays out as long as the source says the same. Its last good facts go on growing old.',
      send: (reason, idempotencyKey) => api.rejectHold(source, { snapshot, reason }, { idempotencyKey }),
    },
  ]
}
