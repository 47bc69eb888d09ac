/**
 * What drifted on targets and what waivers come to, with what one does about it. A target that could not be read is said to
 * be unknown: nothing found there is not the same as nothing there.
 */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DriftView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Amounts } from '../chart/rows.tsx'
import { Name, type Names } from '../people/name.tsx'
import { Problem, sentence } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Said } from '../text/said.tsx'
import { Ago } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import style from './oversight.module.css'
import { driftQuery } from './queries.ts'

type Finding = DriftView['findings'][number]

const kindWords: Readonly<Record<Finding['kind'], string>> = {
  'access-without-waiver': 'Access without a waiver',
  'expiry-moved': 'End moved on the target',
  'other-account': 'Another account uses the grant',
  'changed-on-target': 'Changed on the target',
  'owner-left': 'Nobody owns it any more',
  'repeated-waivers': 'The same again and again',
  'never-used': 'Never used',
}

const shownAtFirst = 3

export function Drift() {
  const [all, setAll] = useState(false)
  const { data, error, refetch } = useQuery(driftQuery)
  if (error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.waiting} aria-busy="true" />
  const { findings, names, totals, next, state } = data
  const groups = grouped(findings)
  const shown = all ? groups : groups.slice(0, shownAtFirst)
  const found = totals.byKind.filter(({ open }) => open > 0)
  return (
    <Card
      title="Drift and habits"
      says="What targets have beside live waivers, and what waivers come to over time. Nothing is taken away by itself."
      {...(state === 'found' && { tone: 'bad' as const })}
    >
      {state === 'none' && (
        <p>
          <Sign is="good">Every target was read, and nothing drifted</Sign>
        </p>
      )}
      <Unread data={data} />
      {found.length > 0 && (
        <Amounts
          tone="bad"
          amounts={found.map(({ kind, open }) => ({ key: kind, name: kindWords[kind], count: open }))}
        />
      )}
      {findings.length > 0 && (
        <ul className={style.list}>
          {shown.map((alike) => (
            <FindingItem key={alike[0].id} alike={alike} names={names} />
          ))}
        </ul>
      )}
      {groups.length > shownAtFirst && (
        <button type="button" className={style.textual} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${groups.length - shownAtFirst} more`}
        </button>
      )}
      {all && next !== undefined && <p className="soft">There are more; they appear as these are settled.</p>}
    </Card>
  )
}

function Unread({ data: { targets } }: { readonly data: DriftView }) {
  const { system } = useCatalogue()
  const unknown = targets.filter(({ known }) => known !== 'current')
  if (unknown.length === 0) return null
  return (
    <ul className={style.list}>
      {unknown.map(({ system: id, known, failure, readAt }) => (
        <li key={id}>
          <div className={style.lead}>
            <span>
              <Inert text={system(id)} />{' '}
              <span className="soft">
                {readAt === undefined ? (
                  'was never read'
                ) : (
                  <>
                    was read <Moment at={readAt} />
                  </>
                )}
              </span>
            </span>
            <Sign is="wait">{known === 'partial' ? 'read in part' : 'not known'}</Sign>
          </div>
          {failure !== undefined && (
            <p className={style.failure}>
              <Inert text={failure} />
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

type Alike = readonly [Finding, ...Finding[]]

/** The same about the same holder, of several entitlements, is one thing to look at. */
function grouped(findings: readonly Finding[]): readonly Alike[] {
  const keyOf = ({ kind, holder, account, system, says, known }: Finding) =>
    JSON.stringify([kind, holder ?? account, system, says, known])
  return [...Map.groupBy(findings, keyOf).values()] as unknown as readonly Alike[]
}

function FindingItem({ alike, names }: { readonly alike: Alike; readonly names: Names }) {
  const [finding] = alike
  const { entitlement, system } = useCatalogue()
  const { kind, holder, account, waivers, says, advice, since, known, review } = finding
  const [waiver] = waivers
  const what = [
    ...new Set(
      alike.flatMap((one) => (one.entitlement === undefined ? [] : [entitlement(one.system, one.entitlement)])),
    ),
  ]
  return (
    <li>
      <div className={style.lead}>
        <span>
          <strong>{kindWords[kind]}</strong>: <Inert text={system(finding.system)} />
          {holder !== undefined && (
            <>
              , <Name id={holder} names={names} />
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
          review !== undefined && <Sign is="over">looked back at</Sign>
        )}
      </div>
      <p>
        <Said text={sentence(says)} />
      </p>
      {what.length > 0 && (
        <ul className={style.facts}>
          {what.map((name) => (
            <li key={name}>
              <Inert text={name} />
            </li>
          ))}
        </ul>
      )}
      <p className="soft">
        <Said text={sentence(advice)} />
      </p>
      <p className={style.facts}>
        <span>
          found <Moment at={since} />, <Ago at={since} />
        </span>
        {waiver !== undefined && (
          <Link to="/waivers/$waiver" params={{ waiver }}>
            {waivers.length === 1 ? 'its waiver' : `the last of ${finding.waiversCount ?? waivers.length} waivers`}
          </Link>
        )}
      </p>
    </li>
  )
}
