/** What it would let them do that they cannot do today, and what speaks against that: conflicts of duty, and what was before. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Context, WaiverDetail } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Quote } from '../text/quote.tsx'
import { Said } from '../text/said.tsx'
import { Moment } from '../time/moment.tsx'
import { Card, Fact, Facts } from './card.tsx'
import style from './difference.module.css'
import { contextQuery } from './queries.ts'

export function Difference({ detail }: { readonly detail: WaiverDetail }) {
  const { data, error, refetch } = useQuery(contextQuery(detail.waiver.id))
  if (data === undefined)
    return (
      <Card title="What it would change">
        {error === null ? (
          <p className={style.waiting}>Asking the target…</p>
        ) : (
          <Problem error={error} again={() => void refetch()} />
        )}
      </Card>
    )
  const danger = data.breaks.length > 0 || data.contains.state === 'changed'
  return (
    <Card title="What it would change" {...(danger && { tone: 'bad' as const })}>
      <Facts>
        <Fact name="Can today">
          <Held context={data} />
        </Fact>
        <Fact name="Could then">
          <Contains context={data} />
        </Fact>
        <Fact name="Conflicts of duty">
          <Breaks context={data} />
        </Fact>
        <Fact name="Before">
          <Earlier context={data} detail={detail} />
        </Fact>
      </Facts>
    </Card>
  )
}

function Held({ context: { held, names } }: { readonly context: Context }) {
  const { system, entitlement } = useCatalogue()
  if (held.length === 0) return <span>Nothing here that the directory or Countersign knows of.</span>
  return (
    <ul>
      {held.map((one) => (
        <li key={`${one.system} ${one.entitlement} ${one.waiver ?? one.source} ${one.through ?? ''}`}>
          <Inert text={entitlement(one.system, one.entitlement)} /> on <Inert text={system(one.system)} />
          <span className="soft">
            {one.waiver === undefined ? ', standing' : ', by another waiver'}
            {one.through !== undefined && (
              <>
                {' '}
                through <Name id={one.through} names={names} />
              </>
            )}
            {one.until !== undefined && (
              <>
                {' '}
                until <Moment at={one.until} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Contains({ context: { contains, nowAt } }: { readonly context: Context }) {
  return (
    <>
      {contains.state === 'changed' && (
        <Sign is="bad">The entitlement contains something else than when it was asked for</Sign>
      )}
      {contains.state === 'unknown' && <Sign is="wait">The target does not say just now</Sign>}
      <ul className={style.contains}>
        {contains.summary.map((line) => (
          <li key={line}>
            <Said text={line} />
          </li>
        ))}
      </ul>
      <p className="soft fine">
        As the target says, <Moment at={nowAt} />
      </p>
    </>
  )
}

function Breaks({ context: { breaks } }: { readonly context: Context }) {
  if (breaks.length === 0) return <Sign is="good">None</Sign>
  return (
    <ul className={style.breaks}>
      {breaks.map(({ rule, name, severity }) => (
        <li key={rule}>
          <Sign is="bad">{severity}</Sign> <Inert text={name} />
        </li>
      ))}
    </ul>
  )
}

function Earlier({ context: { earlier }, detail }: { readonly context: Context; readonly detail: WaiverDetail }) {
  const { entitlement } = useCatalogue()
  const { denialsBefore, continues } = detail.waiver
  const { system } = detail.waiver.terms.access
  if (earlier.length === 0 && denialsBefore.length === 0)
    return <span>Nothing by the same people on this system in 90 days.</span>
  return (
    <div className={style.earlier}>
      {denialsBefore.map(({ waiver, by, at, reason }) => (
        <Quote
          key={waiver}
          text={reason}
          by={
            <>
              <Sign is="bad">The same was denied</Sign> by <Name id={by} names={detail.names} />, <Moment at={at} />
            </>
          }
        />
      ))}
      {continues.length > 0 && <Sign is="wait">Goes on from an earlier one, and counts as its extension</Sign>}
      <ul>
        {earlier.slice(0, 8).map((one) => (
          <li key={one.waiver}>
            <Link to="/waivers/$waiver" params={{ waiver: one.waiver }}>
              <Inert text={entitlement(system, one.entitlement)} />
            </Link>{' '}
            <Moment at={one.start} />{' '}
            <span className="soft">
              {one.granted ? 'given' : 'not given'}, {one.cause ?? one.status}
            </span>
          </li>
        ))}
      </ul>
      {earlier.length > 8 && <p className="soft">and {earlier.length - 8} more</p>}
    </div>
  )
}
