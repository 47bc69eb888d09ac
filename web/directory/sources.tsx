/** Where the facts come from, and how old they are. What is too old never counts in anybody's favour. */
import { useQuery } from '@tanstack/react-query'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { nowMillis } from '../time/clock.ts'
import { Ago } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { secondsBetween } from '../time/words.ts'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import { directoryQuery } from './queries.ts'

/** What never grows old needs no such date. */
const ageless = 10 * 365 * 86_400

export function Sources() {
  const { data, error, refetch } = useQuery(directoryQuery)
  if (data === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  const { counts, sources, fresh, revision } = data
  const says = `${counts.nodes.toLocaleString('en-GB')} people and things, ${counts.relations.toLocaleString('en-GB')} relations, ${counts.shifts.toLocaleString('en-GB')} turns of duty.`
  return (
    <Card title="Sources" says={says} {...(fresh ? {} : { tone: 'bad' as const })}>
      {!fresh && <p>A source is too old. Until it is read again nobody counts as independent.</p>}
      <ul className={style.sources}>
        {sources.map((source) => (
          <li key={source.id}>
            <strong>
              <Inert text={source.id} />
            </strong>
            <Sign is={source.stale ? 'bad' : 'good'}>{source.stale ? 'too old' : 'fresh'}</Sign>
            <span className="soft">
              {source.observedAt === null ? (
                'never read'
              ) : (
                <>
                  read <Ago at={source.observedAt} />
                </>
              )}
              {source.staleAt !== null && !source.stale && secondsBetween(nowMillis(), source.staleAt) < ageless && (
                <>
                  , good until <Moment at={source.staleAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {revision !== undefined && (
        <p className="soft fine">
          Revision <code className={style.digest}>{revision}</code>
        </p>
      )}
    </Card>
  )
}
