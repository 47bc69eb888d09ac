/** One finding, or several that are alike: what was found, with ways to whatever it is about, and what somebody made of it. */
import { Link } from '@tanstack/react-router'
import type { DriftView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { NodeLink } from '../directory/node-link.tsx'
import { Name, type Names } from '../people/name.tsx'
import { findingWords } from '../review/finding-fields.tsx'
import { sentence } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Quote } from '../text/quote.tsx'
import { Said } from '../text/said.tsx'
import { Ago } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { LookBack } from './look-back.tsx'
import style from './oversight.module.css'

export type Finding = DriftView['findings'][number]
export type Alike = readonly [Finding, ...Finding[]]

export const kindWords: Readonly<Record<Finding['kind'], string>> = {
  'access-without-waiver': 'Access without a waiver',
  'expiry-moved': 'End moved on the target',
  'other-account': 'Another account uses the grant',
  'changed-on-target': 'Changed on the target',
  'owner-left': 'Nobody owns it any more',
  'repeated-waivers': 'The same again and again',
  'never-used': 'Never used',
}

export function FindingItem({ alike, names }: { readonly alike: Alike; readonly names: Names }) {
  const [finding] = alike
  const { kind, system, holder, account, says, advice, since, known } = finding
  return (
    <li>
      <div className={style.lead}>
        <span>
          <strong>{kindWords[kind]}</strong>: <NodeLink id={system} names={names} />
          {holder !== undefined && (
            <>
              , <NodeLink id={holder} names={names} />
            </>
          )}
          {holder === undefined && account !== undefined && (
            <>
              , account{' '}
              <code>
                <Inert text={account} />
              </code>
            </>
          )}
        </span>
        {known === 'unknown' ? (
          <Sign is="wait">not known now</Sign>
        ) : (
          alike.every(({ review }) => review !== undefined) && <Sign is="over">looked back at</Sign>
        )}
      </div>
      <p>
        <Said text={sentence(says)} />
      </p>
      <p className="soft">
        <Said text={sentence(advice)} />
      </p>
      <p className={style.facts}>
        <span>
          found <Moment at={since} />, <Ago at={since} />
        </span>
        <Waivers finding={finding} />
      </p>
      {alike.map((one) => (
        <Looked key={one.id} finding={one} alone={alike.length === 1} names={names} />
      ))}
    </li>
  )
}

/** Where a habit is made of many, the newest ones; the oldest may be more than a page can name. */
function Waivers({ finding: { waivers, waiversCount } }: { readonly finding: Finding }) {
  const [newest, ...others] = waivers
  if (newest === undefined) return null
  if (others.length === 0)
    return (
      <Link to="/waivers/$waiver" params={{ waiver: newest }}>
        its waiver
      </Link>
    )
  return (
    <span>
      of {waiversCount ?? waivers.length} waivers{' '}
      {waivers.map((waiver, place) => (
        <span key={waiver}>
          {place > 0 && ', '}
          <Link to="/waivers/$waiver" params={{ waiver }}>
            {place === 0 ? 'the last' : `${place + 1}`}
            {place > 0 && <span className="unseen"> before the last</span>}
          </Link>
        </span>
      ))}
    </span>
  )
}

/** What somebody made of it; before that, the way to look back. */
function Looked({
  finding: { id, review, system, entitlement: what },
  alone,
  names,
}: {
  readonly finding: Finding
  readonly alone: boolean
  readonly names: Names
}) {
  const { entitlement } = useCatalogue()
  const name = what === undefined ? undefined : entitlement(system, what)
  if (review === undefined) return <LookBack id={id} alone={alone} {...(name !== undefined && { name })} />
  return (
    <Quote
      text={review.note}
      by={
        <>
          <Name id={review.by} names={names} /> looked back{!alone && name !== undefined && ` on ${name}`}:{' '}
          <strong>{findingWords[review.finding].toLowerCase()}</strong>, <Moment at={review.at} />
        </>
      }
    />
  )
}
