/** Who approves for whom: a few who keep approving each other is what a list of single approvals never shows. */
import { useQuery } from '@tanstack/react-query'
import type { ApprovalsView } from '../../src/client/index.ts'
import { Table } from '../chart/behind.tsx'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import type { Days } from './days.ts'
import style from './oversight.module.css'
import { approvalsQuery } from './queries.ts'

export function Approvals({ days }: { readonly days: Days }) {
  const { data, error, refetch } = useQuery(approvalsQuery(days))
  if (data === undefined && error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) return <div className={style.waiting} aria-busy="true" />
  const { pairs, mutualCount, pairsCount } = data
  return (
    <Card
      title="Who approves for whom"
      says="Everybody on the asking side counts: who asked, who benefits, who owns what benefits."
      {...(mutualCount > 0 && { tone: 'wait' as const })}
    >
      {pairs.length === 0 ? (
        <p className="soft">Nobody approved anything in this time.</p>
      ) : (
        <>
          <p>
            {mutualCount === 0 ? (
              <Sign is="good">No two approved for each other</Sign>
            ) : (
              <>
                <Sign is="wait">{mutualCount === 1 ? 'Two' : `${mutualCount} times two`} approved for each other</Sign>{' '}
                <span className="soft">
                  It is not forbidden; from a number the policy sets, the rules ask for one countersigner more.
                </span>
              </>
            )}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className={style.scrolls} tabIndex={0} aria-label="Pairs">
            <Pairs data={data} />
          </section>
          {pairsCount > pairs.length && (
            <p className="soft fine">{pairsCount - pairs.length} more pairs are not listed.</p>
          )}
        </>
      )}
    </Card>
  )
}

function Pairs({ data: { pairs, names } }: { readonly data: ApprovalsView }) {
  return (
    <Table
      columns={['Countersigned', 'For', 'Waivers', 'The other way round', 'Last']}
      rows={pairs.map(({ countersigner, person, count, back, lastAt }) => ({
        key: `${countersigner} ${person}`,
        cells: [
          <Name key="by" id={countersigner} names={names} />,
          <Name key="for" id={person} names={names} />,
          count,
          back === 0 ? 'never' : <strong key="back">{back}</strong>,
          <Moment key="at" at={lastAt} />,
        ],
      }))}
    />
  )
}
