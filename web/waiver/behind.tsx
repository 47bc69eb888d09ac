/**
 * A program asks: who stands behind it, and what is the worst that this chain of people and programs can do, with this? By
 * the directory of this moment; whoever stands here counts as having asked.
 */
import { useQuery } from '@tanstack/react-query'
import type { Behind as Told, WaiverDetail } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name } from '../people/name.tsx'
import { Problem } from '../shell/problem.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import style from './behind.module.css'
import { Card, Fact, Facts } from './card.tsx'
import waits from './difference.module.css'
import { behindQuery } from './queries.ts'

/** Whether a program asks, benefits or stands in between. */
export function involvesProgram({ requester, chain, terms, proposal }: WaiverDetail['waiver']): boolean {
  return [proposal?.askedBy ?? requester, ...chain, terms.beneficiary].some((id) => id.startsWith('wl_'))
}

export function Behind({ id }: { readonly id: string }) {
  const { data, error, refetch } = useQuery(behindQuery(id))
  return (
    <Card
      title="Who stands behind it"
      says="Everybody through whom it is asked, and who owns, operates, made, sent or can change them. All of them count as having asked."
    >
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined ? error === null && <div className={waits.waiting} /> : <Chain told={data} />}
    </Card>
  )
}

function Chain({ told: { parties, impact, names } }: { readonly told: Told }) {
  return (
    <>
      <ol className={style.chain}>
        {parties.map((party) => (
          <Party key={party.id} party={party} names={names} />
        ))}
      </ol>
      <Impact impact={impact} names={names} />
    </>
  )
}

const parts: Readonly<Record<Told['parties'][number]['part'], string>> = {
  requester: 'asks',
  beneficiary: 'gets it',
  chain: 'it is asked through',
}

const relations: Readonly<Record<string, string>> = {
  owns: 'owned by',
  operates: 'operated by',
  created: 'made by',
  'delegates-to': 'sent by',
  'holds-credential-of': 'credential held by',
  'can-change': 'can be changed by',
  sponsors: 'sponsored by',
}

function Party({ party, names }: { readonly party: Told['parties'][number]; readonly names: Told['names'] }) {
  const { id, kind, agent, part, behind, people } = party
  return (
    <li className={style.party} data-kind={kind}>
      <p className={style.who}>
        <strong>
          <Name id={id} names={names} exact />
        </strong>{' '}
        <span className="soft">
          {parts[part]}
          {agent ? ', an AI agent' : kind === 'workload' ? ', a program' : ''}
        </span>
      </p>
      {behind.length > 0 && (
        <ul className={style.behind}>
          {behind.map(({ id: by, relation, until }) => (
            <li key={`${relation} ${by}`}>
              <span className="soft">{relations[relation] ?? <Inert text={relation} />}</span>{' '}
              <Name id={by} names={names} />
              {until !== undefined && (
                <span className="soft">
                  {' '}
                  until <Moment at={until} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {people.length > 0 && (
        <details className={style.people}>
          <summary>
            {people.length} {people.length === 1 ? 'person controls' : 'people control'} it
          </summary>
          <ul>
            {people.map((person) => (
              <li key={person}>
                <Name id={person} names={names} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {kind === 'workload' && people.length === 0 && (
        <p className={style.nobody}>The directory names nobody who controls it.</p>
      )}
    </li>
  )
}

function Impact({ impact, names }: { readonly impact: Told['impact']; readonly names: Told['names'] }) {
  const { entitlement, system } = useCatalogue()
  const { asked, highest, otherCount } = impact
  return (
    <Facts>
      <Fact name="Highest impact">
        <strong>
          <Inert text={highest.tier} />
        </strong>
        {otherCount === 0 ? (
          <span className="soft">: of what is asked; none of them has anything else open</span>
        ) : (
          <>
            : <Inert text={entitlement(highest.system, highest.entitlement)} /> on{' '}
            <Inert text={system(highest.system)} />, <Name id={highest.holder} names={names} />
            <span className="soft">
              {' '}
              ({highest.rank > asked.rank ? `above what is asked, which is ${asked.tier}` : 'this request'};{' '}
              {otherCount} {otherCount === 1 ? 'other is' : 'others are'} open among them)
            </span>
          </>
        )}
      </Fact>
    </Facts>
  )
}
