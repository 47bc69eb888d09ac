/**
 * Which event is told to whom, how urgently, and in which words? Pure, and the only place that composes a notice. A
 * notice carries ids and codes: what people wrote (reasons, questions, notes, names on targets) stays behind the sign-in.
 */
import type { Notice } from '../../connectors/notice.ts'
import type { Assertion, AssertionEvent } from '../../core/assertion.ts'
import type { Change, ChangeEvent } from '../../core/change.ts'
import type { DriftEvent, DriftFinding } from '../../core/drift.ts'
import type { Founding, FoundingEvent } from '../../core/founding.ts'
import type { Hold, HoldEvent } from '../../core/hold.ts'
import type { Passkeys, PasskeysEvent } from '../../core/passkeys.ts'
import { systemActor, type Waiver, type WaiverEvent } from '../../core/waiver.ts'
import type { StoredEvent } from '../../store/contract.ts'
import { assertionNotices, holdNotices } from './directory-notices.ts'
import { driftNotices } from './drift-notices.ts'
import { passkeyNotices } from './passkey-notices.ts'
import { changeNotices, foundingNotices } from './rule-notices.ts'
import type { People, Tellings } from './telling.ts'
import { waiverNotices } from './waiver-notices.ts'

/** A notice before it has an address: the same for every endpoint. */
export type Announcement = Omit<Notice, 'id'>

/** What the event happened to, as it stands now. */
export type Subject =
  | { readonly of: 'waiver'; readonly it: Waiver }
  | { readonly of: 'change'; readonly it: Change }
  | { readonly of: 'founding'; readonly it: Founding }
  | { readonly of: 'hold'; readonly it: Hold }
  | { readonly of: 'assertion'; readonly it: Assertion }
  | { readonly of: 'passkeys'; readonly it: Passkeys }
  | { readonly of: 'drift'; readonly it: DriftFinding }

type Tables = {
  readonly waiver: Tellings<Waiver, WaiverEvent>
  readonly change: Tellings<Change, ChangeEvent>
  readonly founding: Tellings<Founding, FoundingEvent>
  readonly hold: Tellings<Hold, HoldEvent>
  readonly assertion: Tellings<Assertion, AssertionEvent>
  readonly passkeys: Tellings<Passkeys, PasskeysEvent>
  readonly drift: Tellings<DriftFinding, DriftEvent>
}

const tables: Tables = {
  waiver: waiverNotices,
  change: changeNotices,
  founding: foundingNotices,
  hold: holdNotices,
  assertion: assertionNotices,
  passkeys: passkeyNotices,
  drift: driftNotices,
}

/** What the streams of each are called. */
const streams: Readonly<Record<Subject['of'], RegExp>> = {
  waiver: /^wvr_/,
  change: /^chg_/,
  founding: /^founding$/,
  hold: /^hold_/,
  assertion: /^(?:lnk|own)_/,
  passkeys: /^pks_/,
  drift: /^drf_/,
}

/** Every type of notice there is, in the order of the alphabet, with its urgency. */
export const noticeTypes: ReadonlyMap<string, Notice['urgency']> = new Map(
  Object.values<Tellings<never, never>>(tables)
    .flatMap(typesIn)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
)

function typesIn<It, Event>(table: Tellings<It, Event>): (readonly [string, Notice['urgency']])[] {
  return Object.entries(table).flatMap(([type, telling]) =>
    telling === undefined ? [] : [[telling.as ?? type, telling.urgency] as const],
  )
}

/** @returns what kind of thing an event happened to when somebody may have to be told, before anything is looked up. */
export function concerns({ type, stream }: Pick<StoredEvent, 'type' | 'stream'>): Subject['of'] | undefined {
  const of = (Object.keys(streams) as Subject['of'][]).find((one) => streams[one].test(stream))
  if (of === undefined) return undefined
  return Object.hasOwn(tables[of], type) && tables[of][type] !== undefined ? of : undefined
}

/**
 * @param publicUrl where people sign in, without a slash at the end
 * @returns `undefined` for an event that nobody is told of
 */
export function noticeFor(
  event: StoredEvent,
  subject: Subject,
  people: People,
  publicUrl: string,
): Announcement | undefined {
  if (concerns(event) !== subject.of) return undefined
  const at = (noun: string) => `${publicUrl}/${noun}/${encodeURIComponent(event.stream)}`
  switch (subject.of) {
    case 'waiver':
      return announce(tables.waiver, event, subject.it, people, factsOf(subject.it), at('waivers'))
    case 'change':
      return announce(tables.change, event, subject.it, people, { change: subject.it.id }, at('changes'))
    case 'founding':
      return announce(tables.founding, event, subject.it, people, {}, `${publicUrl}/`)
    case 'hold':
      return announce(tables.hold, event, subject.it, people, { source: subject.it.source }, `${publicUrl}/directory`)
    case 'assertion': {
      const { kind, relation, from, to } = subject.it.said
      // Which account it is stays behind the sign-in; its name is what somebody typed.
      const facts = { kind, relation, ...(kind === 'ownership' ? { from } : {}), subject: to }
      return announce(tables.assertion, event, subject.it, people, facts, `${publicUrl}/directory`)
    }
    case 'passkeys':
      return announce(
        tables.passkeys,
        event,
        subject.it,
        people,
        { person: subject.it.person },
        `${publicUrl}/passkeys`,
      )
    case 'drift': {
      const { kind, system, entitlement, holder, grant, waivers } = subject.it.drift
      // What the account is called there, and what the target said of it, stay behind the sign-in.
      const facts = {
        kind,
        system,
        ...(entitlement === undefined ? {} : { entitlement }),
        ...(holder === undefined ? {} : { holder }),
        ...(grant === undefined ? {} : { grant }),
        waivers,
      }
      return announce(
        tables.drift,
        event,
        subject.it,
        people,
        { drift: subject.it.id, ...facts },
        `${publicUrl}/oversight`,
      )
    }
    default:
      return subject satisfies never
  }
}

function announce<It, Event>(
  table: Tellings<It, Event>,
  stored: StoredEvent,
  it: It,
  people: People,
  facts: Readonly<Record<string, unknown>>,
  url: string,
): Announcement | undefined {
  const telling = table[stored.type]
  if (telling === undefined || telling.when?.(it) === false) return undefined
  // A body that was erased leaves the act, and whom it concerns as far as that is known without it.
  const event = stored.body as Event | undefined
  const to = telling.to(it, people, event).filter((id) => id !== undefined && id !== systemActor)
  return {
    type: telling.as ?? stored.type,
    at: stored.at,
    urgency: telling.urgency,
    data: {
      event: stored.id,
      ...facts,
      by: stored.by,
      ...(event === undefined ? {} : telling.codes?.(event)),
      to: [...new Set(to)],
      // Somewhere to look, behind the sign-in; opening it does nothing.
      url,
    },
  }
}

function factsOf({ id, terms, obligations, requester }: Waiver): Readonly<Record<string, unknown>> {
  const { kind, access, beneficiary } = terms
  const { system, entitlement } = access
  return { waiver: id, kind, system, entitlement, tier: obligations.tier, requester, beneficiary }
}
