/** Does it hold? What is overdue, what keeps happening, how fast and by whom it is decided, and the way to hand it to others. */
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { meQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Card } from '../waiver/card.tsx'
import { Approvals } from './approvals.tsx'
import { Charts } from './charts.tsx'
import { type Days, daysOffered } from './days.ts'
import { Drift } from './drift.tsx'
import { Evidence } from './evidence.tsx'
import style from './oversight.module.css'
import { Removals } from './removals.tsx'
import { Reviews } from './reviews.tsx'
import { Standing } from './standing.tsx'
import { StandingAccess } from './standing-access.tsx'

const route = getRouteApi('/oversight')
const lengths = daysOffered.map((days) => ({ value: String(days), label: days === 365 ? 'A year' : `${days} days` }))

export function OversightPage() {
  const { days = 90 } = route.useSearch()
  const navigate = useNavigate()
  const { rules } = useCatalogue()
  const { data: me, error } = useQuery(meQuery)
  if (me === undefined && error !== null) return <Problem error={error} />
  return (
    <div className={style.page}>
      <Title name="Oversight" says="What is overdue, what keeps happening, and who decides for whom.">
        {me?.oversees && (
          <SegmentedControl
            aria-label="Over how long"
            value={String(days)}
            onChange={(next) => void navigate({ to: '/oversight', search: { days: Number(next) as Days } })}
            data={lengths}
          />
        )}
      </Title>
      {me === undefined || rules === undefined ? (
        <div className={style.waiting} aria-busy="true" />
      ) : (
        <>
          {me.oversees && <Standing days={days} />}
          <Removals />
          <Reviews />
          <Drift />
          {me.oversees ? (
            <>
              <Charts days={days} />
              <Approvals days={days} />
              <StandingAccess />
              {me.readsEverything && <Evidence days={days} />}
            </>
          ) : (
            <Card title="Figures">
              <p className="soft">
                How much is asked for, how fast it is decided and by whom is for those who decide the rules, founders,
                reviewers and the security pool. Above stands what you may read yourself.
              </p>
            </Card>
          )}
        </>
      )}
    </div>
  )
}
