/** What would follow from asking for this: the tier, its steps and limits, conflicts, and who could decide now and at night. */
import type { Preview } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name } from '../people/name.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Said } from '../text/said.tsx'
import { lengthWords, timeWords } from '../time/words.ts'
import { People } from '../waiver/deciders.tsx'
import style from './ask.module.css'

export function Follows({
  preview,
  later,
  problem,
}: {
  readonly preview: Preview | undefined
  readonly later: string
  /** Why there is no preview. */
  readonly problem: string | undefined
}) {
  if (preview === undefined)
    return (
      <section className={style.follows} aria-label="What follows">
        <h2>What follows</h2>
        <p className="soft">
          {problem === undefined ? (
            'Choose what you need, and here stands what it takes: the tier, who decides, and for how long.'
          ) : (
            <Said text={problem} />
          )}
        </p>
      </section>
    )
  const { obligations, eligible, onDutyLater, breaks, contains, problems, names } = preview
  return (
    <section className={style.follows} aria-label="What follows" aria-live="polite">
      <h2>What follows</h2>
      <dl className={style.limits}>
        <dt>Tier</dt>
        <dd>
          <strong>{obligations.tier}</strong>
        </dd>
        <dt>Steps</dt>
        <dd>
          {obligations.steps.includes('endorse') ? 'the owner’s side signs off, then ' : ''}
          {obligations.countersignersMin === 1 ? 'one person' : `${obligations.countersignersMin} people`} from outside
        </dd>
        <dt>At most</dt>
        <dd>{lengthWords(obligations.windowSecondsMax)}</dd>
        <dt>More time</dt>
        <dd>
          {obligations.extension.countMax === 0
            ? 'never'
            : `${obligations.extension.countMax} times, ${lengthWords(obligations.extension.cumulativeSecondsMax)} in all`}
        </dd>
        <dt>Waits</dt>
        <dd>{lengthWords(obligations.decideWithinSeconds)} for a decision</dd>
        <dt>Begins</dt>
        <dd>{obligations.activation === 'manual' ? 'when you start it' : 'by itself'}</dd>
        <dt>Looked back at</dt>
        <dd>within {lengthWords(obligations.reviewWithinSeconds)} of its end</dd>
      </dl>
      <Breaks breaks={breaks} />
      {problems
        .filter(({ at }) => at !== 'terms.access.account')
        .map(({ at, message }) => (
          <p key={`${at} ${message}`}>
            <Sign is="wait">{at}</Sign> <Said text={message} />
          </p>
        ))}
      <div>
        <h3>Who could decide now</h3>
        <People routing={preview} />
      </div>
      <div>
        <h3>And at {timeWords(later)} at night</h3>
        {onDutyLater.length === 0 ? (
          <p>
            <Sign is={eligible.length === 0 ? 'bad' : 'wait'}>Nobody who could decide is on duty then</Sign>
          </p>
        ) : (
          <ul>
            {onDutyLater.map((person) => (
              <li key={person}>
                <Name id={person} names={names} /> <span className="soft">on duty</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {contains.length > 0 && (
        <details>
          <summary>What it contains, as the target says</summary>
          <ul className={style.contains}>
            {contains.map((line) => (
              <li key={line}>
                <Said text={line} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function Breaks({ breaks }: Pick<Preview, 'breaks'>) {
  const { entitlement, system } = useCatalogue()
  if (breaks.length === 0)
    return (
      <p>
        <Sign is="good">No conflict of duties</Sign>
      </p>
    )
  return (
    <div className={style.breaks}>
      {breaks.map(({ rule, name, severity, controls, others }) => (
        <div key={rule}>
          <Sign is="bad">{severity} conflict of duties</Sign>
          <p>
            <Inert text={name} />
          </p>
          {others.map((other) => (
            <p key={`${other.system} ${other.entitlement}`} className="soft">
              because of {entitlement(other.system, other.entitlement)} on {system(other.system)}
            </p>
          ))}
          <p className="soft">
            {controls.length === 0
              ? 'No exception is possible.'
              : 'It can be asked for as an exception, with a control that makes up for it.'}
          </p>
        </div>
      ))}
    </div>
  )
}
