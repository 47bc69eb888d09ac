/** The hours that nobody covers, as a list: when, for whom, who would be there, and why they would not count. */
import { useState } from 'react'
import type { CoverageView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name } from '../people/name.tsx'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Card } from '../waiver/card.tsx'
import { spanWords } from './hours.ts'
import style from './on-call.module.css'
import { WhyNot } from './why-not.tsx'

type Gap = CoverageView['gaps'][number]

const spansShown = 4
const gapsShown = 3

export function Gaps({ coverage: { gaps, gapsLeft, names, totals } }: { readonly coverage: CoverageView }) {
  const [all, setAll] = useState(false)
  if (totals.rows === 0) return null
  if (gaps.length === 0)
    return (
      <Card title="Hours nobody covers">
        <p>
          <Sign is="good">None</Sign> Whoever asks, at any of these hours, finds enough people from outside on duty.
        </p>
      </Card>
    )
  return (
    <Card
      title="Hours nobody covers"
      tone="bad"
      says="Then the people on call would have to approve themselves. They cannot: requests wait, or an envelope is opened."
    >
      <ul className={style.list}>
        {gaps.slice(0, all ? gaps.length : gapsShown).map((gap) => (
          <GapItem key={`${gap.group} ${gap.system} ${gap.tier} ${gap.spans[0]?.start}`} gap={gap} names={names} />
        ))}
      </ul>
      {gaps.length > gapsShown && (
        <button type="button" className={style.textual} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${gaps.length - gapsShown} more`}
        </button>
      )}
      {all && gapsLeft > 0 && <p className="soft">{gapsLeft} more; choose a team to see its own.</p>}
    </Card>
  )
}

function GapItem({ gap, names }: { readonly gap: Gap; readonly names: CoverageView['names'] }) {
  const { system, pool } = useCatalogue()
  const { group, alsoFor, asker, tier, pools, needed, count, planned, spans, hours, people } = gap
  const onDuty = people.filter((one) => one.onDuty)
  const free = people.filter((one) => one.independent && !one.onDuty && !one.away)
  const rest = people.filter((one) => !one.onDuty && !free.includes(one))
  return (
    <li>
      <div className={style.lead}>
        <span>
          <Name id={group} names={names} />
          {alsoFor.length > 0 && <span className="soft"> and {alsoWords(alsoFor, names)}</span>}, asking for{' '}
          <Inert text={system(gap.system)} />
        </span>
        <span className={style.hours}>{hours} h</span>
      </div>
      <p className={style.facts}>
        {!planned && <Sign is="wait">not planned yet</Sign>}
        <span>
          {spans.slice(0, spansShown).map(spanWords).join('; ')}
          {spans.length > spansShown && `; and ${spans.length - spansShown} more times`}
        </span>
      </p>
      <p className={style.facts}>
        <span>tier {tier}</span>
        <span>
          {count} of {needed} on duty in {pools.map(pool).join(', ')}
        </span>
        <span>
          most alone: <Name id={asker} names={names} />
        </span>
      </p>
      {onDuty.length === 0 ? (
        <p className="soft">Nobody of these pools is on duty then.</p>
      ) : (
        <ul className={style.people}>
          {onDuty.map(({ person, independent, conflicts }) => (
            <li key={person} data-out={!independent} data-free={independent}>
              <span>
                <Name id={person} names={names} /> <span className="soft">on duty</span>
              </span>
              <WhyNot conflicts={conflicts.slice(0, 2)} />
            </li>
          ))}
        </ul>
      )}
      {free.length > 0 && (
        <p>
          <span className="soft">Could be called:</span> {free.map(({ person }) => names[person] ?? person).join(', ')}
        </p>
      )}
      {rest.length > 0 && (
        <details className={style.more}>
          <summary>Why the other {rest.length} would not count</summary>
          <ul className={style.people}>
            {rest.map(({ person, away, independent, conflicts }) => (
              <li key={person} data-out={!independent}>
                <span>
                  <Name id={person} names={names} /> {away && <span className="soft">away</span>}
                </span>
                <WhyNot conflicts={conflicts.slice(0, 2)} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  )
}

const othersShown = 4

function alsoWords(ids: readonly string[], names: CoverageView['names']): string {
  const shown = ids.slice(0, othersShown).map((id) => names[id] ?? id)
  const left = ids.length - shown.length
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ')
}
