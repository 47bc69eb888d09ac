/**
 * Everything a signature will say, whole, in the words of the page: what is decided, over exactly which terms, and what
 * stood beside it. It is drawn from what the server will check the signature against, and from nothing else.
 */
import type { ChallengeView } from '../../src/client/index.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import type { Finding } from '../decision/use-decision.ts'
import { Name } from '../people/name.tsx'
import { conflictWords } from '../picture/conflict-words.ts'
import { findingWords } from '../review/finding-fields.tsx'
import { Shape } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { Quote } from '../text/quote.tsx'
import { Moment } from '../time/moment.tsx'
import { Fact, Facts } from '../waiver/card.tsx'
import { Conditions } from '../waiver/conditions.tsx'
import { Breaks, Gets, GetsIt, Meanwhile, OnceOpened } from '../waiver/term-facts.tsx'
import { Window } from '../waiver/window.tsx'
import { Fingerprint } from './fingerprint.tsx'
import style from './passkeys.module.css'

export function ToSign({ challenge }: { readonly challenge: ChallengeView }) {
  const { terms, passkey, names, statement } = challenge
  return (
    <div className={style.toSign}>
      <Facts>
        {terms !== undefined && <Access challenge={challenge} terms={terms} />}
        {terms !== undefined && (
          <Fact name="Why they ask">
            <Quote by="In their words; Countersign neither checks nor follows it" text={terms.reason} />
          </Fact>
        )}
        {passkey !== undefined && (
          <Fact name="Passkey">
            <p>
              <strong>
                <Inert text={passkey.name} />
              </strong>
              , of <Name id={statement.about} names={names} exact />
            </p>
            <Fingerprint of={passkey} />
          </Fact>
        )}
        <Said challenge={challenge} />
        <Beside challenge={challenge} />
      </Facts>
      <p className={style.digest}>
        {statement.about.startsWith('wvr_') && (
          <>
            <code>{statement.about}</code>,{' '}
          </>
        )}
        {statement.shown === statement.signed ? 'signed over ' : 'narrowed from what was asked, signed over '}
        <code>{statement.signed}</code>
      </p>
    </div>
  )
}

function Access({
  challenge: { asked, names, statement },
  terms,
}: {
  readonly challenge: ChallengeView
  readonly terms: NonNullable<ChallengeView['terms']>
}) {
  const { window, conditions, reference } = terms
  const whole = asked ?? terms
  return (
    <>
      <GetsIt terms={terms} names={names} />
      <Gets terms={terms} narrowed={undefined}>
        {asked !== undefined && <Left asked={asked} signed={terms} />}
      </Gets>
      <Conditions conditions={conditions} />
      <Fact name={terms.kind === 'break-glass' ? 'Envelope valid' : 'How long'}>
        <Window window={whole.window} end={window.end} outlivesSeconds={undefined} />
        <OnceOpened terms={terms} />
        {statement.of === 'extension' && <p>This is more time for access that is there already.</p>}
        {statement.of === 'resumption' && <p>This lets access go on that was suspended. The end does not move.</p>}
      </Fact>
      <Breaks terms={terms} />
      {reference !== undefined && (
        <Fact name="Tied to">
          <Inert text={reference.id} />
        </Fact>
      )}
      <Meanwhile terms={terms} names={names} />
    </>
  )
}

/** What the signature leaves out of what was asked. */
function Left({
  asked,
  signed,
}: {
  readonly asked: NonNullable<ChallengeView['asked']>
  readonly signed: NonNullable<ChallengeView['terms']>
}) {
  const gone = (all: readonly string[], kept: readonly string[]) => all.filter((name) => !kept.includes(name))
  const names = [
    ...gone(asked.access.resources, signed.access.resources),
    ...gone(asked.access.actions, signed.access.actions),
  ]
  if (names.length === 0) return null
  return (
    <p>
      Left out of what was asked: <code>{names.join(', ')}</code>
    </p>
  )
}

/** The words of whoever decides. */
function Said({ challenge: { command, names } }: { readonly challenge: ChallengeView }) {
  const text = (member: string) => (typeof command[member] === 'string' ? command[member] : undefined)
  const list = (member: string) => (Array.isArray(command[member]) ? command[member].map(String) : [])
  const words = text('reason') ?? text('note')
  const finding = text('finding')
  const [residue, denials] = [list('residueAccepted'), list('acknowledges')]
  return (
    <>
      {finding !== undefined && (
        <Fact name="You found">
          <strong>{Object.hasOwn(findingWords, finding) ? findingWords[finding as Finding] : finding}</strong>
        </Fact>
      )}
      {words !== undefined && (
        <Fact name="In your words">
          <Quote by="You" text={words} />
        </Fact>
      )}
      {text('event') !== undefined && (
        <Fact name="The act">
          <code>{text('event')}</code>
        </Fact>
      )}
      {residue.length > 0 && (
        <Fact name="You accept as left behind">
          <code>
            <Inert text={residue.join(', ')} />
          </code>
        </Fact>
      )}
      {denials.length > 0 && (
        <Fact name="You have seen">
          that the same was denied before: <code>{denials.join(', ')}</code>
        </Fact>
      )}
      {text('account') !== undefined && (
        <Fact name="Account">
          <Name id={text('account') ?? ''} names={names} />
        </Fact>
      )}
    </>
  )
}

/** What stands beside the terms, and is signed over as well. */
function Beside({ challenge: { context, names, statement } }: { readonly challenge: ChallengeView }) {
  const { rule, entitlement, system } = useCatalogue()
  const { verdicts, access, held, breaks, earlier, denials } = context
  const open = earlier.filter((one) => one.open).length
  return (
    <Fact name="Signed with it">
      <ul className={style.beside}>
        {verdicts.map(({ person, independent, conflicts }) => (
          <li key={person} data-is={independent ? 'good' : 'bad'}>
            <Shape is={independent ? 'good' : 'bad'} />
            <span>
              {person === statement.by ? 'You stand' : <Name id={person} names={names} />}
              {person === statement.by ? '' : ' stands'} {independent ? 'outside' : 'too near: '}
              {independent ? '' : conflicts.map(conflictWords).join(', ')}
            </span>
          </li>
        ))}
        {breaks.map((id) => (
          <li key={id} data-is="bad">
            <Shape is="bad" />
            <span>breaks the rule “{rule(id)}”</span>
          </li>
        ))}
        {denials.map(({ waiver, by, reason }) => (
          <li key={waiver} data-is="bad">
            <Shape is="bad" />
            <span>
              <Name id={by} names={names} /> denied the same before: <Inert text={reason} />
            </span>
          </li>
        ))}
        {access.map((one) => (
          <li key={one.waiver} data-is="wait">
            <Shape is="wait" />
            <span>
              the same people have {entitlement(one.system, one.entitlement)} until <Moment at={one.end} />
            </span>
          </li>
        ))}
        {held.length > 0 && (
          <li>
            <Shape is="over" />
            <span>
              held otherwise:{' '}
              {held.map((one) => `${entitlement(one.system, one.entitlement)} on ${system(one.system)}`).join(', ')}
            </span>
          </li>
        )}
        {earlier.length > 0 && (
          <li>
            <Shape is="over" />
            <span>
              {earlier.length} other {earlier.length === 1 ? 'waiver' : 'waivers'} of the same people lately
              {open > 0 ? `, ${open} open` : ''}
            </span>
          </li>
        )}
      </ul>
    </Fact>
  )
}
