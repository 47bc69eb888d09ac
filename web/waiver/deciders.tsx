/** Who could decide this now, in the order in which to ask, and why others may not. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Routing, WaiverDetail } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name } from '../people/name.tsx'
import { aboutThem } from '../picture/conflict-words.ts'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from './card.tsx'
import style from './deciders.module.css'
import { eligibleQuery } from './queries.ts'

const shownAtFirst = 4

export function Deciders({ detail }: { readonly detail: WaiverDetail }) {
  const { data, error } = useQuery(eligibleQuery(detail.waiver.id))
  return (
    <Card title="Who could decide" says="Now, by the directory of this moment. It is asked again with the decision.">
      {error !== null && <Problem error={error} />}
      {data === undefined ? <div className={style.waiting} /> : <People routing={data} />}
    </Card>
  )
}

export function People({
  routing: { eligible, excluded, names },
}: {
  readonly routing: Pick<Routing, 'eligible' | 'excluded' | 'names'>
}) {
  const { pool } = useCatalogue()
  const [all, setAll] = useState(false)
  const shown = all ? eligible : eligible.slice(0, shownAtFirst)
  return (
    <div className={style.people}>
      {eligible.length === 0 && <Sign is="bad">Nobody who may decide this is independent</Sign>}
      <ul className={style.list}>
        {shown.map(({ person, pool: id, onDuty, additionalCountersigners }) => (
          <li key={person}>
            <span>
              <Name id={person} names={names} /> <span className="soft">{pool(id)}</span>
            </span>
            <span>
              {onDuty && <Sign is="good">on duty</Sign>}
              {additionalCountersigners > 0 && <Sign is="wait">would need one more</Sign>}
            </span>
          </li>
        ))}
      </ul>
      {eligible.length > shownAtFirst && (
        <button type="button" className={style.more} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${eligible.length - shownAtFirst} more`}
        </button>
      )}
      {excluded.length > 0 && (
        <details className={style.out}>
          <summary>{excluded.length} in these pools may not</summary>
          <ul className={style.list}>
            {excluded.map(({ person, conflicts }) => (
              <li key={person}>
                <span>
                  <Name id={person} names={names} />
                </span>
                <span className={style.why}>
                  {conflicts.map(({ code, reads }) => (
                    <span key={code} title={code}>
                      {reads === undefined ? aboutThem(code) : <Inert text={reads} />}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
