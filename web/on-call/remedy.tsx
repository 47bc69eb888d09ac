/** The smallest change to pools and rotas that closes the hours. It is shown; nothing of it is done here. */
import type { CoverageView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { Sign } from '../signs/sign.tsx'
import { Moment } from '../time/moment.tsx'
import { Card } from '../waiver/card.tsx'
import { spanWords } from './hours.ts'
import style from './on-call.module.css'

type Plan = NonNullable<CoverageView['remedy']>

/** More than this a week is no rota but a person who never sleeps. */
const hoursAWeekMax = 48
const spansShown = 4

export function Remedy({
  remedy,
  hours,
  names,
}: {
  readonly remedy: Plan
  readonly hours: number
  readonly names: Names
}) {
  const { steps, search, before, after, unclosable, couldShare, lookedAt } = remedy
  if (before === 0) return null
  const tiring = steps.filter((step) => (step.hours / hours) * 168 > hoursAWeekMax)
  return (
    <Card
      title="The smallest change that closes them"
      says={
        steps.length === 0
          ? 'No change to a pool or a rota would close these hours.'
          : `${search === 'exact' ? 'No smaller number of people would do.' : 'Found step by step: fewer people might do.'} Rotas are changed where they are kept, pools by a change to the policy that somebody countersigns.`
      }
    >
      <ul className={style.list}>
        {steps.map((step) => (
          <StepItem key={`${step.kind} ${step.person} ${step.pool} ${step.rota}`} step={step} names={names} />
        ))}
      </ul>
      {steps.length > 0 && (
        <p>
          <Sign is={after === 0 ? 'good' : 'wait'}>
            {after === 0 ? 'Nothing stays uncovered' : `${after} of ${before} h stay uncovered`}
          </Sign>{' '}
          <span className="soft">computed again with the change made</span>
        </p>
      )}
      {tiring.length > 0 && (
        <p className="soft">
          More than {hoursAWeekMax} h a week is more than one person can do
          {couldShare.length === 0
            ? '; nobody else of the pools could share them.'
            : `; ${couldShare.map((id) => names[id] ?? id).join(', ')} could share.`}
        </p>
      )}
      {unclosable > 0 && (
        <p>
          <Sign is="bad">{unclosable} h cannot be closed</Sign> by anybody who was looked at. What helps is an outside
          approver, who works for none of these teams and is on none of these rotas.
        </p>
      )}
      {lookedAt !== undefined && (
        <p className="soft fine">
          {lookedAt.people} of {lookedAt.of} people were looked at for joining a pool.
        </p>
      )}
    </Card>
  )
}

function StepItem({ step, names }: { readonly step: Plan['steps'][number]; readonly names: Names }) {
  const { pool } = useCatalogue()
  const { kind, person, rota, spans, hours, countsFrom } = step
  return (
    <li>
      <div className={style.lead}>
        <span>
          <Name id={person} names={names} /> {kind === 'join' ? `joins ${pool(step.pool)}` : 'takes more turns'}
          {rota !== undefined && (
            <>
              {kind === 'join' ? ' and takes turns' : ''} on <Name id={rota} names={names} />
            </>
          )}
          {kind === 'turns' && <span className="soft"> for {pool(step.pool)}</span>}
        </span>
        <strong className="numbers">{hours} h</strong>
      </div>
      <p className="soft">
        {spans.slice(0, spansShown).map(spanWords).join('; ')}
        {spans.length > spansShown && `; and ${spans.length - spansShown} more times`}
      </p>
      {countsFrom !== undefined && (
        <p className="soft">
          Counts from <Moment at={countsFrom} />: the policy asks for time in the pool first.
        </p>
      )}
    </li>
  )
}
