/** Machine facts first: who, on whose behalf, exactly what, for how long. */
import type { WaiverDetail } from '../../src/client/index.ts'
import { Name } from '../people/name.tsx'
import { Inert } from '../text/inert.tsx'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import { Card, Fact, Facts } from './card.tsx'
import { Conditions } from './conditions.tsx'
import type { Narrowed } from './scope.tsx'
import { Breaks, Gets, GetsIt, Meanwhile, OnceOpened } from './term-facts.tsx'
import { Window } from './window.tsx'

export function Asked({
  detail,
  narrowed,
}: {
  readonly detail: WaiverDetail
  readonly narrowed: Narrowed | undefined
}) {
  const { waiver, nature, names } = detail
  const { proposal } = waiver
  const terms = proposal?.terms ?? waiver.terms
  const { beneficiary, conditions, reference } = terms
  const asker = proposal?.askedBy ?? waiver.requester
  const end =
    narrowed?.draft.end ?? (proposal === undefined ? (waiver.activation?.end ?? terms.window.end) : terms.window.end)
  return (
    <Card title={proposal === undefined ? 'What it covers' : 'What is asked'}>
      <Facts>
        <Fact name="Who asks">
          <Name id={asker} names={names} exact />
          {waiver.chain.length > 0 && (
            <>
              , asked through{' '}
              {waiver.chain.map((id) => (
                <Name key={id} id={id} names={names} exact />
              ))}
            </>
          )}
        </Fact>
        <GetsIt terms={terms} names={names}>
          {beneficiary === asker && <span className="soft"> (the same person)</span>}
        </GetsIt>
        <Gets terms={terms} narrowed={narrowed} />
        <Conditions conditions={conditions} />
        <Fact name={terms.kind === 'break-glass' ? 'Envelope valid' : 'How long'}>
          <Window window={terms.window} end={end} outlivesSeconds={nature?.endSessionsSecondsMax} />
          <OnceOpened terms={terms} />
          {proposal?.of === 'extension' && (
            <p>
              More time: the end would move from <Moment at={waiver.activation?.end ?? waiver.terms.window.end} />. So
              far extended {waiver.extensionsCount} of {waiver.obligations.extension.countMax} times.
            </p>
          )}
        </Fact>
        <Breaks terms={terms} />
        {reference !== undefined && (
          <Fact name={reference.kind === 'incident' ? 'Incident' : reference.kind === 'change' ? 'Change' : 'Ticket'}>
            <strong>
              <Inert text={reference.id} />
            </strong>
            <span className="soft">; when it is closed, this ends</span>
          </Fact>
        )}
        <Meanwhile terms={terms} names={names} />
        <Fact name="Tier">
          <strong>{waiver.obligations.tier}</strong>
          <span className="soft">
            : {waiver.obligations.steps.includes('endorse') ? 'the owner’s side signs off, then ' : ''}
            {waiver.proposal?.countersignersNeeded ?? waiver.obligations.countersignersMin}{' '}
            {(waiver.proposal?.countersignersNeeded ?? 1) > 1
              ? 'people from outside countersign'
              : 'person from outside countersigns'}
            , at most {lengthWords(waiver.obligations.windowSecondsMax)}
          </span>
        </Fact>
      </Facts>
    </Card>
  )
}
