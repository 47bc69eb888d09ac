/** Who has for good what others ask for on time: by the word of the directory, so that nobody takes it for a waiver. */
import { useQuery } from '@tanstack/react-query'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Behind } from '../chart/behind.tsx'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Card } from '../waiver/card.tsx'
import style from './oversight.module.css'
import { standingAccessQuery } from './queries.ts'

export function StandingAccess() {
  const { entitlement, system } = useCatalogue()
  const { data, error, refetch } = useQuery(standingAccessQuery)
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.tiles} aria-busy="true" />
  const { standing, more, names } = data
  return (
    <Card title="Standing access" says="What the directory says somebody has for good, of what others ask for on time.">
      {standing.length === 0 ? (
        <p>
          <Sign is="good">None that you may see</Sign> <span className="soft">Whoever needs it asks, for a time.</span>
        </p>
      ) : (
        <Behind
          name={`${standing.length + more} statements`}
          columns={['Who', 'What', 'On', 'Says']}
          rows={standing.map(({ holder, system: on, entitlement: what, source }) => ({
            key: `${holder} ${on} ${what} ${source}`,
            cells: [<Name key="who" id={holder} names={names} />, entitlement(on, what), system(on), source],
          }))}
        />
      )}
      {more > 0 && <p className="soft fine">{more} more are not listed.</p>}
    </Card>
  )
}
