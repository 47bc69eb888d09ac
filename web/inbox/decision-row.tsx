/** One waiver in the inbox: as something that waits for me, as something that does not, and as something I asked for. */
import type { InboxItem } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Name, type Names } from '../people/name.tsx'
import { conflictWords } from '../picture/conflict-words.ts'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { useNow } from '../time/clock.ts'
import { Ago, Left } from '../time/left.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords, secondsBetween } from '../time/words.ts'
import { refusalWords } from '../words/refusal-words.ts'
import style from './rows.module.css'
import { Row } from './rows.tsx'

interface Shown {
  readonly item: InboxItem
  readonly names: Names
}

const actWords: Readonly<Partial<Record<InboxItem['acts'][number], string>>> = {
  endorse: 'Endorse or not',
  countersign: 'Decide',
  answer: 'Answer',
  activate: 'Start',
}

export function ToMeRow({ item, names }: Shown) {
  const { pool } = useCatalogue()
  const act = item.acts[0]
  return (
    <Row
      waiver={item.waiver}
      time={<Until item={item} />}
      tone={useTone(item)}
      what={<What item={item} names={names} />}
      act={act === undefined ? '' : (actWords[act] ?? act)}
    >
      <Facts item={item}>
        {item.pools.length > 0 && (
          <span>
            you: {item.pools.map(pool).join(', ')}
            {item.onDuty && ', on duty now'}
          </span>
        )}
      </Facts>
    </Row>
  )
}

export function NotMineRow({ item, names }: Shown) {
  const [first] = item.conflicts ?? []
  return (
    <Row waiver={item.waiver} time={<Until item={item} />} tone="quiet" what={<What item={item} names={names} />}>
      <Facts item={item}>
        <Sign is="bad">{first === undefined ? refusalWords(item.because ?? '') : conflictWords(first.code)}</Sign>
      </Facts>
      {first?.reads !== undefined && (
        <p className={style.path}>
          <Inert text={first.reads} />
        </p>
      )}
    </Row>
  )
}

export function AskedRow({ item, names }: Shown) {
  const waits = item.of !== undefined
  return (
    <Row
      waiver={item.waiver}
      time={
        <strong>
          <Ago at={item.askedAt} />
        </strong>
      }
      tone="quiet"
      what={<What item={item} names={names} />}
    >
      <Facts item={item}>
        <Sign is={item.status === 'active' ? 'live' : 'wait'}>
          {waits ? 'Waits for a decision' : statusWords[item.status]}
        </Sign>
        {item.questionsOpen > 0 && <Sign is="wait">A question waits for your answer</Sign>}
      </Facts>
    </Row>
  )
}

const statusWords: Readonly<Record<InboxItem['status'], string>> = {
  requested: 'Waits for a decision',
  endorsed: 'Waits for a countersignature',
  countersigned: 'Countersigned, not started',
  active: 'Access is live',
  suspended: 'Suspended',
  ended: 'Ended',
  reviewed: 'Reviewed',
}

/** Maria Oliveira asks for: Correct ledger entries on Ledger database, 4 h, for Settlement bot. */
function What({ item, names }: Shown) {
  const { entitlement, system } = useCatalogue()
  const length = lengthWords(secondsBetween(item.window.start, item.window.end))
  return (
    <>
      <Name id={item.requester} names={names} /> {askWords(item)}{' '}
      <strong>
        <Inert text={entitlement(item.system, item.entitlement)} />
      </strong>{' '}
      on <Inert text={system(item.system)} />
      {item.of === 'extension' ? '' : `, ${length}`}
      {item.beneficiary !== item.requester && (
        <>
          , for <Name id={item.beneficiary} names={names} />
        </>
      )}
    </>
  )
}

function askWords({ of, kind }: InboxItem): string {
  if (of === 'extension') return 'asks for more time:'
  if (of === 'resumption') return 'asks to go on with'
  switch (kind) {
    case 'access-override':
      return 'asks for'
    case 'sod-exception':
      return 'asks to hold conflicting duties:'
    case 'break-glass':
      return 'asks for a sealed envelope:'
    default:
      return kind satisfies never
  }
}

function Facts({ item, children }: { readonly item: InboxItem; readonly children?: React.ReactNode }) {
  return (
    <div className={style.facts}>
      {children}
      <span>tier {item.tier}</span>
      {item.reference !== undefined && (
        <span>
          <Inert text={item.reference} />
        </span>
      )}
      {item.countersignersNeeded > 1 && (
        <span>
          {item.countersigned} of {item.countersignersNeeded} countersignatures
        </span>
      )}
    </div>
  )
}

function Until({ item: { until, askedAt } }: Pick<Shown, 'item'>) {
  if (until === undefined)
    return (
      <strong>
        <Ago at={askedAt} />
      </strong>
    )
  return (
    <>
      <strong>
        <Left until={until} over="too late" />
      </strong>
      <span className="soft fine">
        by <Moment at={until} />
      </span>
    </>
  )
}

/** A quarter of an hour is soon. */
function useTone({ until }: InboxItem): 'plain' | 'soon' | 'late' {
  const now = useNow(5_000)
  if (until === undefined) return 'plain'
  const seconds = secondsBetween(now, until)
  return seconds <= 0 ? 'late' : seconds < 900 ? 'soon' : 'plain'
}
