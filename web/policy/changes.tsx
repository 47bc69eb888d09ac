/** Changes to the rules: those that wait, first; what was decided stays to be read. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ChangeView } from '../../src/client/index.ts'
import { Name, type Names } from '../people/name.tsx'
import { Sign, type Standing } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import style from './policy.module.css'
import { changesQuery } from './queries.ts'

export const changeStatus: Readonly<Record<ChangeView['status'], readonly [Standing, string]>> = {
  proposed: ['wait', 'Waits for a countersignature'],
  countersigned: ['wait', 'Countersigned, not in force yet'],
  effective: ['good', 'Took effect'],
  denied: ['bad', 'Denied'],
  withdrawn: ['over', 'Taken back'],
  superseded: ['over', 'Other rules came first'],
}

export function Changes() {
  const { data } = useQuery(changesQuery)
  const [all, setAll] = useState(false)
  if (data === undefined || data.changes.length === 0) return null
  const open = data.changes.filter(({ status }) => status === 'proposed' || status === 'countersigned')
  const shown = all ? data.changes : open
  return (
    <Card title="Changes" {...(open.length > 0 ? { tone: 'wait' as const } : {})}>
      {shown.length === 0 && <p className="soft">None waits.</p>}
      <ul className={style.changes}>
        {shown.map((change) => (
          <Row key={change.id} change={change} names={data.names} />
        ))}
      </ul>
      {data.changes.length > open.length && (
        <button type="button" className={style.more} onClick={() => setAll(!all)}>
          {all ? 'Only those that wait' : `Show ${data.changes.length - open.length} that are decided`}
        </button>
      )}
    </Card>
  )
}

function Row({ change, names }: { readonly change: ChangeView; readonly names: Names }) {
  const [is, words] = changeStatus[change.status]
  const looser = change.differences.filter(({ direction }) => direction === 'looser').length
  return (
    <li className={style.change}>
      <Link to="/policy/$change" params={{ change: change.id }} className={style.what}>
        <Inert text={change.reason} />
      </Link>
      <span className={style.facts}>
        <Sign is={is}>{words}</Sign>
        <span>
          by <Name id={change.author} names={names} />
        </span>
        <Moment at={change.at} />
        <span>
          {change.differences.length} {change.differences.length === 1 ? 'difference' : 'differences'}
          {looser > 0 && `, ${looser} looser`}
        </span>
      </span>
    </li>
  )
}
