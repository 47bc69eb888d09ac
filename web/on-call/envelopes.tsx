/**
 * Envelopes for the worst night: sealed ones with whoever may open them, open ones with who opened them and until when,
 * and those that were used, each leading to its waiver. Opening one is said in full before it is done.
 */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { WaiverPage, WaiverView } from '../../src/client/index.ts'
import { OpenEnvelope } from '../acts/open-envelope.tsx'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Status } from '../signs/status.tsx'
import { Inert } from '../text/inert.tsx'
import { durationSeconds } from '../time/duration.ts'
import { Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import { Card } from '../waiver/card.tsx'
import { waiverQuery } from '../waiver/queries.ts'
import { refusalWords } from '../words/refusal-words.ts'
import style from './on-call.module.css'
import { envelopesQuery } from './queries.ts'

export function Envelopes() {
  const { data, error, refetch } = useQuery(envelopesQuery)
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.waiting} aria-busy="true" />
  const { sealed, open, waiting, used, unused } = sorted(data)
  const none = data.waivers.length === 0
  return (
    <Card
      title="Envelopes"
      says="Break-glass, countersigned in advance for a rota by somebody who can never be the one to open it."
      {...(open.length > 0 && { tone: 'bad' as const })}
    >
      {none && (
        <p className="soft">
          There is none that you have a part in. For the night in which nobody from outside can be reached, prepare one:{' '}
          <Link to="/ask">ask for access</Link>, choose an entitlement that is meant for emergencies, and let somebody
          from outside countersign it by day. It then lies sealed for a rota.
        </p>
      )}
      <Part title="Open now" waivers={open} names={data.names} row={OpenRow} />
      <Part title="Sealed" waivers={sealed} names={data.names} row={SealedRow} />
      <Part title="Not countersigned yet" waivers={waiting} names={data.names} row={PlainRow} />
      <Part title="Used" waivers={used} names={data.names} row={UsedRow} />
      {unused.length > 0 && (
        <details className={style.more}>
          <summary>{unused.length} ended without being opened</summary>
          <Part waivers={unused} names={data.names} row={PlainRow} />
        </details>
      )}
    </Card>
  )
}

function sorted({ waivers }: WaiverPage) {
  const ended = (waiver: WaiverView) => waiver.end !== undefined
  return {
    sealed: waivers.filter((one) => one.status === 'countersigned' && one.activation === undefined),
    open: waivers.filter((one) => one.activation !== undefined && !ended(one)),
    waiting: waivers.filter((one) => one.status === 'requested' || one.status === 'endorsed'),
    used: waivers.filter((one) => one.activation !== undefined && ended(one)),
    unused: waivers.filter((one) => one.activation === undefined && ended(one)),
  }
}

interface Shown {
  readonly waiver: WaiverView
  readonly names: Names
}

function Part({
  title,
  waivers,
  names,
  row: Row,
}: {
  readonly title?: string
  readonly waivers: readonly WaiverView[]
  readonly names: Names
  readonly row: (shown: Shown) => ReactNode
}) {
  if (waivers.length === 0) return null
  return (
    <section className={style.part} {...(title !== undefined && { 'aria-label': `${title} envelopes` })}>
      {title !== undefined && <h3>{title}</h3>}
      <ul className={style.list}>
        {waivers.map((waiver) => (
          <li key={waiver.id}>
            <Row waiver={waiver} names={names} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What it is, as the link to its waiver. */
function What({ waiver: { id, terms }, names }: Shown) {
  const { entitlement, system } = useCatalogue()
  return (
    <Link to="/waivers/$waiver" params={{ waiver: id }}>
      <Inert text={entitlement(terms.access.system, terms.access.entitlement)} /> on{' '}
      <Inert text={system(terms.access.system)} />, for <Name id={terms.beneficiary} names={names} />
    </Link>
  )
}

function OpenRow({ waiver, names }: Shown) {
  const { activation, usesCount } = waiver
  return (
    <>
      <div className={style.lead}>
        <What waiver={waiver} names={names} />
        <Sign is="bad">{activation?.confirmedAt === undefined ? 'being given' : 'open'}</Sign>
      </div>
      {activation !== undefined && (
        <p className={style.facts}>
          <Opened activation={activation} names={names} />
          <span>
            until <Moment at={activation.end} />, <Left until={activation.end} over="over" />
          </span>
          <span>{usesCount} uses recorded</span>
        </p>
      )}
    </>
  )
}

function Opened({
  activation: { by, at },
  names,
}: {
  readonly activation: NonNullable<WaiverView['activation']>
  readonly names: Names
}) {
  return (
    <span>
      opened by <Name id={by} names={names} />, <Moment at={at} />
    </span>
  )
}

function SealedRow({ waiver, names }: Shown) {
  const { terms, approvals } = waiver
  return (
    <>
      <div className={style.lead}>
        <What waiver={waiver} names={names} />
        <Sign is="over">sealed</Sign>
      </div>
      <p className={style.facts}>
        <span>
          countersigned by{' '}
          {approvals.map(({ by, event }, place) => (
            <span key={event}>
              {place > 0 && ', '}
              <Name id={by} names={names} />
            </span>
          ))}
        </span>
        <span>
          good until <Moment at={terms.window.end} />
        </span>
        {terms.openFor !== undefined && <span>once open, for {lengthWords(durationSeconds(terms.openFor))}</span>}
      </p>
      <Opening id={waiver.id} />
    </>
  )
}

/** For whoever may open it; others hear why not. */
function Opening({ id }: { readonly id: string }) {
  const { data, error } = useQuery(waiverQuery(id))
  if (data === undefined && error !== null) return <Problem error={error} />
  if (data === undefined) return <p className={style.opening} aria-busy="true" />
  const activate = data.standing.acts.find(({ act }) => act === 'activate')
  if (activate?.may !== true)
    return (
      <p className="soft fine">
        {activate?.because === undefined || activate.because === 'not-permitted'
          ? 'Whoever is on the rota may open it; you are not.'
          : refusalWords(activate.because)}
      </p>
    )
  return <OpenEnvelope detail={data} />
}

function UsedRow({ waiver, names }: Shown) {
  const { activation, end, usesCount, review } = waiver
  return (
    <>
      <div className={style.lead}>
        <What waiver={waiver} names={names} />
        <Status of={waiver} />
      </div>
      {activation !== undefined && (
        <p className={style.facts}>
          <Opened activation={activation} names={names} />
          {end !== undefined && (
            <span>
              ended <Moment at={end.at} />
            </span>
          )}
          <span>{usesCount} uses recorded</span>
          {review !== undefined && review.closed === undefined && (
            <Sign is={review.overdue ? 'bad' : 'wait'}>{review.overdue ? 'review overdue' : 'review due'}</Sign>
          )}
        </p>
      )}
    </>
  )
}

function PlainRow({ waiver, names }: Shown) {
  return (
    <div className={style.lead}>
      <What waiver={waiver} names={names} />
      <Status of={waiver} />
    </div>
  )
}
