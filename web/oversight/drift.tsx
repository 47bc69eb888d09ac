/**
 * What drifted on targets and what waivers come to, with what one does about it. A target that could not be read is said to
 * be unknown: nothing found there is not the same as nothing there.
 */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DriftView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Amounts } from '../chart/rows.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import { type Alike, type Finding, FindingItem, kindWords } from './finding.tsx'
import style from './oversight.module.css'
import { driftQuery } from './queries.ts'

const shownAtFirst = 3

export function Drift() {
  const [all, setAll] = useState(false)
  const { data, error, refetch } = useQuery(driftQuery)
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
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

/** The same about the same holder, of several entitlements, is one thing to look at. */
function grouped(findings: readonly Finding[]): readonly Alike[] {
  const keyOf = ({ kind, holder, account, system, says, known }: Finding) =>
    JSON.stringify([kind, holder ?? account, system, says, known])
  return [...Map.groupBy(findings, keyOf).values()] as unknown as readonly Alike[]
}
