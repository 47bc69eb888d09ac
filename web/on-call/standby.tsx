/** Who stands outside now, for one team, rota or workload, system by system; why the others do not, as a picture on demand. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Me, StandbyView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { Picture } from '../picture/picture.tsx'
import { Problem } from '../shell/problem.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import style from './on-call.module.css'
import { standbyPictureQuery, standbyQuery } from './queries.ts'
import { WhyNot } from './why-not.tsx'

type OfSystem = StandbyView['systems'][number]

export function Standby({ group, me }: { readonly group: string; readonly me: Me }) {
  const { data, error, refetch } = useQuery(standbyQuery(group))
  return (
    <Card
      title="Who stands outside now"
      says="If somebody asked in the coming hour: in the tier with the fewest people, for whoever would be left most alone."
    >
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined ? (
        <div className={style.waiting} aria-busy="true" />
      ) : data.systems.length === 0 ? (
        <p className="soft">Nobody of them would ask for anything in the coming hour.</p>
      ) : (
        data.systems.map((one) => <System key={one.system} group={group} one={one} names={data.names} me={me} />)
      )}
    </Card>
  )
}

function System({
  group,
  one,
  names,
  me,
}: {
  readonly group: string
  readonly one: OfSystem
  readonly names: Names
  readonly me: Me
}) {
  const { system, pool } = useCatalogue()
  const free = one.people.filter(({ independent, away }) => independent && !away)
  const out = one.people.filter((person) => !free.includes(person))
  const there = free.filter(({ onDuty }) => onDuty)
  const callable = free.filter(({ onDuty }) => !onDuty)
  const person = (member: OfSystem['people'][number]) => (
    <Person
      key={member.person}
      member={member}
      names={names}
      picture={me.oversees || member.person === me.id ? { group, system: one.system } : undefined}
    />
  )
  return (
    <section className={style.part} aria-label={system(one.system)}>
      <div className={style.lead}>
        <h3>
          <Inert text={system(one.system)} />
        </h3>
        <Sign is={one.count >= one.needed ? 'good' : 'bad'}>
          {one.count} of {one.needed} needed on duty
        </Sign>
      </div>
      <p className={style.facts}>
        <span>tier {one.tier}</span>
        <span>{one.pools.map(pool).join(', ')}</span>
        <span>
          asked by <Name id={one.asker} names={names} />
        </span>
      </p>
      {there.length > 0 && <ul className={style.people}>{there.map(person)}</ul>}
      {callable.length > 0 && (
        <p>
          <span className="soft">Could be called:</span>{' '}
          {callable.map((member) => names[member.person] ?? member.person).join(', ')}
        </p>
      )}
      {out.length > 0 && (
        <details className={style.more} open={free.length === 0}>
          <summary>{out.length} of these pools could not</summary>
          <ul className={style.people}>{out.map(person)}</ul>
        </details>
      )}
      {one.peopleLeft > 0 && <p className="soft fine">{one.peopleLeft} more are in these pools.</p>}
    </section>
  )
}

function Person({
  member: { person, onDuty, away, independent, conflicts },
  names,
  picture,
}: {
  readonly member: OfSystem['people'][number]
  readonly names: Names
  readonly picture: { readonly group: string; readonly system: string } | undefined
}) {
  const [drawn, setDrawn] = useState(false)
  return (
    <li data-out={!independent} data-free={independent && onDuty}>
      <span>
        <Name id={person} names={names} /> {onDuty && <Sign is={independent ? 'good' : 'over'}>on duty</Sign>}
        {away && <span className="soft"> away</span>}
      </span>
      <WhyNot conflicts={conflicts} />
      {picture !== undefined && (
        <button type="button" className={style.textual} aria-expanded={drawn} onClick={() => setDrawn(!drawn)}>
          {drawn ? 'Hide the picture' : 'Show as a picture'}
          <span className="unseen"> how {names[person] ?? person} stands to it</span>
        </button>
      )}
      {picture !== undefined && drawn && <Drawn {...picture} person={person} />}
    </li>
  )
}

function Drawn({
  group,
  system,
  person,
}: {
  readonly group: string
  readonly system: string
  readonly person: string
}) {
  const { data, error } = useQuery(standbyPictureQuery(group, system, person))
  if (error !== null) return <Problem error={error} />
  return data === undefined ? <div className={style.waiting} /> : <Picture picture={data} self={false} />
}
