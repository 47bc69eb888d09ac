/** Over time: what was asked and what came of it, how fast it was decided, how long access lasted, what was refused for what. */
import { useQuery } from '@tanstack/react-query'
import type { FiguresView } from '../../src/client/index.ts'
import { type Bar, Bars } from '../chart/bars.tsx'
import { Behind } from '../chart/behind.tsx'
import { Figure, FigureRow } from '../chart/figure.tsx'
import { Amounts } from '../chart/rows.tsx'
import { dayWords, lengthWords } from '../time/words.ts'
import { Card } from '../waiver/card.tsx'
import { refusalWords } from '../words/refusal-words.ts'
import type { Days } from './days.ts'
import style from './oversight.module.css'
import { figuresQuery } from './queries.ts'

type Stretch = FiguresView['stretches'][number]

export function Charts({ days }: { readonly days: Days }) {
  const { data, isPlaceholderData } = useQuery(figuresQuery(days))
  if (data === undefined) return <div className={style.waiting} aria-busy="true" />
  const nothing = data.stretches.every(({ asked, refusedAttempts }) => asked + refusedAttempts === 0)
  if (nothing)
    return (
      <Card title="Over time">
        <p className="soft">
          Nothing was asked for in this time. As soon as something is, here stands how much, what came of it, how fast
          it was decided and what was refused for what.
        </p>
      </Card>
    )
  return (
    <div className={style.charts} data-old={isPlaceholderData} aria-busy={isPlaceholderData}>
      <Outcomes data={data} />
      <Speed data={data} />
      <Spans title="How long access lasted" says="From its start to its end." data={data.open} />
      <Spans
        title="How soon it was seen to be gone"
        says="From the end of access to the target being read back."
        data={data.removed}
      />
      <Refusals data={data} />
    </div>
  )
}

function Outcomes({ data: { stretches, by } }: { readonly data: FiguresView }) {
  const sum = (key: 'asked' | 'countersigned' | 'denied' | 'undecided' | 'refusedAttempts' | 'envelopesOpened') =>
    stretches.reduce((all, one) => all + one[key], 0)
  return (
    <Card
      title="Asked, and what came of it"
      says={`Decided in each ${by}. Refused attempts are those that the rules did not let through.`}
    >
      <FigureRow inside>
        <Figure name="Asked">{sum('asked')}</Figure>
        <Figure name="Countersigned">{sum('countersigned')}</Figure>
        <Figure name="Denied">{sum('denied')}</Figure>
        <Figure name="Attempts refused">{sum('refusedAttempts')}</Figure>
        <Figure name="Envelopes opened" tone={sum('envelopesOpened') > 0 ? 'wait' : 'plain'}>
          {sum('envelopesOpened')}
        </Figure>
      </FigureRow>
      <Bars
        name={`Decisions by the ${by}`}
        parts={[
          { key: 'countersigned', name: 'countersigned', kind: 'strong' },
          { key: 'denied', name: 'denied', kind: 'middle' },
          { key: 'undecided', name: 'withdrawn or not decided in time', kind: 'light' },
          { key: 'refusedAttempts', name: 'attempts refused', kind: 'bad' },
        ]}
        bars={stretches.map((one) => barOf(one, by))}
      />
    </Card>
  )
}

function barOf({ start, end, ...values }: Stretch, by: FiguresView['by']): Bar {
  const [, day = '', month = ''] = dayWords(start).split(' ')
  const { decidedMedianSeconds: _, ...counts } = values
  const name = by === 'day' ? dayWords(start) : `${dayWords(start)} to ${dayWords(end)}`
  return { key: start, label: `${day} ${month}`, name, values: counts }
}

function Speed({ data: { decided, stretches } }: { readonly data: FiguresView }) {
  return (
    <Card title="How fast it was decided" says="From being asked for to being countersigned or denied.">
      <SpreadFigures data={decided} />
      <Steps data={decided} />
      <Behind
        name="Median over time"
        columns={['From', 'Decided', 'Half of it within']}
        rows={stretches.map(({ start, countersigned, denied, decidedMedianSeconds }) => ({
          key: start,
          cells: [
            dayWords(start),
            countersigned + denied,
            decidedMedianSeconds === undefined ? '' : lengthWords(decidedMedianSeconds),
          ],
        }))}
      />
    </Card>
  )
}

function Spans({
  title,
  says,
  data,
}: {
  readonly title: string
  readonly says: string
  readonly data: FiguresView['open']
}) {
  return (
    <Card title={title} says={says}>
      {data.count === 0 ? (
        <p className="soft">There was none in this time.</p>
      ) : (
        <>
          <SpreadFigures data={data} />
          <Steps data={data} />
        </>
      )}
    </Card>
  )
}

function SpreadFigures({ data: { median, slowestTenth, longest } }: { readonly data: FiguresView['open'] }) {
  if (median === undefined || slowestTenth === undefined || longest === undefined) return null
  return (
    <FigureRow inside>
      <Figure name="Half of them within">{lengthWords(Math.ceil(median))}</Figure>
      <Figure name="Nine of ten within">{lengthWords(Math.ceil(slowestTenth))}</Figure>
      <Figure name="The longest">{lengthWords(Math.ceil(longest))}</Figure>
    </FigureRow>
  )
}

function Steps({ data: { steps } }: { readonly data: FiguresView['open'] }) {
  const last = steps.findLastIndex(({ count }) => count > 0)
  return (
    <Amounts
      amounts={steps.slice(0, Math.max(1, last + 1)).map(({ secondsMax, count }, place) => ({
        key: String(place),
        name: secondsMax === undefined ? 'longer' : `up to ${lengthWords(secondsMax)}`,
        count,
      }))}
    />
  )
}

const refusalsShown = 12

function Refusals({ data: { refusals } }: { readonly data: FiguresView }) {
  const rest = refusals.slice(refusalsShown).reduce((sum, { count }) => sum + count, 0)
  return (
    <Card title="Refused for what" says="Every attempt that was not let through is on record, with what was looked at.">
      {refusals.length === 0 ? (
        <p className="soft">No attempt was refused in this time.</p>
      ) : (
        <Amounts
          tone="bad"
          amounts={refusals.slice(0, refusalsShown).map(({ code, count }) => ({
            key: code,
            name: (
              <>
                {refusalWords(code)} <code className="soft">{code}</code>
              </>
            ),
            count,
          }))}
        />
      )}
      {rest > 0 && <p className="soft">{rest} for other reasons.</p>}
    </Card>
  )
}
