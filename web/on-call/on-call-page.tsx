/** Would somebody from outside be there when it is needed: in the hours ahead, now, and for the envelopes of the worst night? */
import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { meQuery } from '../app/queries.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Card } from '../waiver/card.tsx'
import { Ahead } from './ahead.tsx'
import { Envelopes } from './envelopes.tsx'
import { GroupField } from './group-field.tsx'
import style from './on-call.module.css'
import { coverageQuery } from './queries.ts'
import { Standby } from './standby.tsx'
import { type Weeks, weeksOffered } from './weeks.ts'

const route = getRouteApi('/on-call')
const lengths = weeksOffered.map((weeks) => ({
  value: String(weeks),
  label: weeks === 1 ? '1 week' : `${weeks} weeks`,
}))

export function OnCallPage() {
  const { group: chosen, weeks = 1 } = route.useSearch()
  const navigate = useNavigate()
  const { rules } = useCatalogue()
  const { data: me, error } = useQuery(meQuery)
  const group = chosen ?? (me?.oversees ? undefined : me?.groups[0])
  const coverage = useQuery(coverageQuery(weeks, group, me?.oversees ?? false))
  const go = (next: { readonly group: string | undefined; readonly weeks: Weeks }) =>
    void navigate({
      to: '/on-call',
      search: { weeks: next.weeks, ...(next.group === undefined ? {} : { group: next.group }) },
    })
  if (me === undefined && error !== null) return <Problem error={error} />
  return (
    <div className={style.page}>
      <Title name="On call" says="Whoever asks at night needs somebody from outside who is awake.">
        <SegmentedControl
          aria-label="How far ahead"
          value={String(weeks)}
          onChange={(next) => go({ group, weeks: Number(next) as Weeks })}
          data={lengths}
        />
      </Title>
      {me === undefined || rules === undefined ? (
        <div className={style.waiting} aria-busy="true" />
      ) : (
        <>
          <GroupField me={me} group={group} coverage={coverage.data} choose={(next) => go({ group: next, weeks })} />
          {me.oversees || group !== undefined ? (
            <Ahead coverage={coverage} group={group} choose={(next) => go({ group: next, weeks })} />
          ) : (
            <Card title="The hours ahead">
              <p className="soft">
                You are in no team and on no rota, so there is nobody whose hours you could look at. Those who decide
                the rules, look back or keep watch see everybody's.
              </p>
            </Card>
          )}
          {group !== undefined && <Standby group={group} me={me} />}
          <Envelopes />
        </>
      )}
    </div>
  )
}
