/** Every waiver one may read, newest first; the choice of which ones is part of the address, so that it can be sent on. */
import { SegmentedControl } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { WaiverQuery, WaiverView } from '../../src/client/index.ts'
import { api, yes } from '../app/api.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Status } from '../signs/status.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords, secondsBetween } from '../time/words.ts'
import { filters, type Show } from './filters.ts'
import style from './waivers-page.module.css'

const route = getRouteApi('/waivers')
const pageSize = 40

export function WaiversPage() {
  const { show = 'open' } = route.useSearch()
  const navigate = useNavigate()
  const { rules } = useCatalogue()
  const found = useInfiniteQuery({
    queryKey: ['waivers', show],
    queryFn: ({ signal, pageParam }) => {
      const query: WaiverQuery = {
        ...filters[show].query,
        limit: pageSize,
        ...(pageParam === '' ? {} : { after: pageParam }),
      }
      return yes(api.waivers(query, { signal }))
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
  const pages = rules === undefined ? [] : (found.data?.pages ?? [])
  const rows = pages.flatMap(({ waivers, names }) => waivers.map((waiver) => ({ waiver, names })))
  return (
    <div className={style.page}>
      <Title name="Waivers" says="Those you have a part in; reviewers and the security pool see all.">
        <SegmentedControl
          aria-label="Which ones"
          value={show}
          onChange={(next) => void navigate({ to: '/waivers', search: { show: next as Show } })}
          data={Object.entries(filters).map(([value, { name }]) => ({ value, label: name }))}
        />
      </Title>
      {found.error !== null && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data === undefined || rules === undefined ? (
        <div className={style.waiting} aria-busy="true" />
      ) : rows.length === 0 ? (
        <p className={style.empty}>
          {filters[show].empty} <Link to="/ask">Ask for access</Link>
        </p>
      ) : (
        <ul className={style.list}>
          {rows.map(({ waiver, names }) => (
            <Row key={waiver.id} waiver={waiver} names={names} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <button
          type="button"
          className={style.more}
          onClick={() => void found.fetchNextPage()}
          disabled={found.isFetchingNextPage}
        >
          Show earlier ones
        </button>
      )}
    </div>
  )
}

function Row({ waiver, names }: { readonly waiver: WaiverView; readonly names: Names }) {
  const { entitlement, system } = useCatalogue()
  const { access, beneficiary, window, reference } = waiver.terms
  return (
    <li className={style.row}>
      <Link to="/waivers/$waiver" params={{ waiver: waiver.id }} className={style.what}>
        <strong>
          <Inert text={entitlement(access.system, access.entitlement)} />
        </strong>{' '}
        on <Inert text={system(access.system)} />, for <Name id={beneficiary} names={names} />
      </Link>
      <span className={style.facts}>
        <span>
          asked by <Name id={waiver.requester} names={names} />
        </span>
        <Moment at={waiver.requestedAt} />
        <span>{lengthWords(secondsBetween(window.start, window.end))}</span>
        <span>tier {waiver.obligations.tier}</span>
        {reference !== undefined && (
          <span>
            <Inert text={reference.id} />
          </span>
        )}
        {waiver.refusalsCount > 0 && <span>{waiver.refusalsCount} refused attempts</span>}
      </span>
      <span className={style.status}>
        <Status of={waiver} />
      </span>
    </li>
  )
}
