/** Access that should be gone and was not seen to be: loud as long as there is any. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Ago } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import style from './oversight.module.css'
import { removalsQuery } from './queries.ts'

export function Removals() {
  const { entitlement, system } = useCatalogue()
  const { data, error, refetch } = useQuery(removalsQuery)
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.tiles} aria-busy="true" />
  const { removals, names, complete } = data
  if (removals.length === 0)
    return (
      <Card title="Removals">
        <p>
          <Sign is="good">Everything that ended was read back, and is gone</Sign>
        </p>
        <p className="soft">Access that should be gone stands here until its target was seen to be clean.</p>
      </Card>
    )
  const overdue = removals.filter((one) => one.overdue).length
  return (
    <Card
      title={overdue > 0 ? 'Overdue removals' : 'Removals under way'}
      tone={overdue > 0 ? 'bad' : 'wait'}
      says="Access that should be gone and was not yet seen to be. It is tried again until it is."
    >
      <ul className={style.list}>
        {removals.map((one) => (
          <li key={one.waiver}>
            <div className={style.lead}>
              <Link to="/waivers/$waiver" params={{ waiver: one.waiver }}>
                <Name id={one.beneficiary} names={names} />: <Inert text={entitlement(one.system, one.entitlement)} />{' '}
                on <Inert text={system(one.system)} />
              </Link>
              <Sign is={one.overdue ? 'bad' : 'wait'}>{one.overdue ? 'overdue' : 'under way'}</Sign>
            </div>
            <p className={style.facts}>
              <span>
                {one.status === 'suspended' ? 'suspended' : 'ended'} <Moment at={one.since} />, <Ago at={one.since} />
              </span>
              {one.failures > 0 && <span>failed {one.failures} times</span>}
            </p>
            {one.lastFailure !== undefined && (
              <p className={style.failure}>
                <Inert text={one.lastFailure} />
              </p>
            )}
          </li>
        ))}
      </ul>
      {!complete && <p className="soft">There are more than could be looked at.</p>}
    </Card>
  )
}
