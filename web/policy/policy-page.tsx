/** The rules in force, to be read by people: what can be asked, what it takes, who decides, what must stay apart; and what each rule did lately. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Policy } from '../../src/core/policy.ts'
import { policyQuery } from '../catalogue/catalogue.ts'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Moment } from '../time/moment.tsx'
import { Changes } from './changes.tsx'
import { DutyRules } from './duty-rules.tsx'
import { Independence } from './independence.tsx'
import style from './policy.module.css'
import { Pools } from './pools.tsx'
import { activityQuery } from './queries.ts'
import { Systems } from './systems.tsx'
import { Tiers } from './tiers.tsx'

export function PolicyPage() {
  const { data, error, refetch } = useQuery(policyQuery)
  const { data: activity } = useQuery(activityQuery)
  if (data === undefined)
    return error === null ? (
      <div className={style.waiting} aria-busy="true" />
    ) : (
      <Problem error={error} again={() => void refetch()} />
    )
  const policy = data.policy as unknown as Policy
  const did = activity ?? undefined
  return (
    <div className={style.page}>
      <Title
        name="Policy"
        says={
          <>
            In force
            {data.since !== undefined && (
              <>
                {' '}
                since <Moment at={data.since} />
              </>
            )}
            . Nobody changes it alone.
          </>
        }
      >
        <Link to="/policy/propose" className={style.act}>
          Propose a change
        </Link>
      </Title>
      <Changes />
      <nav className={style.contents} aria-label="On this page">
        {parts.map(({ id, name }) => (
          <a key={id} href={`#${id}`}>
            {name}
          </a>
        ))}
      </nav>
      <Tiers policy={policy} did={did} />
      <Systems policy={policy} did={did} />
      <Pools policy={policy} did={did} names={data.names} />
      <DutyRules policy={policy} did={did} />
      <Independence policy={policy} names={data.names} />
      <p className="soft fine">
        Revision <code className={style.digest}>{data.digest}</code>
        {!data.complete && '. Settings of targets are left out: they are for those who answer for the rules.'}
      </p>
    </div>
  )
}

const parts = [
  { id: 'tiers', name: 'Tiers' },
  { id: 'systems', name: 'Systems' },
  { id: 'pools', name: 'Pools' },
  { id: 'duties', name: 'Duties' },
  { id: 'independence', name: 'Independence' },
]
