/**
 * From events to announcements: looks up what each event happened to and whom the policy in force names. It reads, and
 * leaves the words to `notice-for.ts`.
 */
import type { Assertion } from '../../core/assertion.ts'
import type { Change } from '../../core/change.ts'
import type { DriftFinding } from '../../core/drift.ts'
import type { Founding } from '../../core/founding.ts'
import type { Hold } from '../../core/hold.ts'
import { poolsThat } from '../../core/obligations.ts'
import type { Passkeys } from '../../core/passkeys.ts'
import type { Store, StoredEvent } from '../../store/contract.ts'
import type { Knowledge } from '../knowledge.ts'
import { type Announcement, concerns, noticeFor, type Subject } from './notice-for.ts'
import type { People } from './telling.ts'

export type Facts = Pick<Store, 'heads' | 'waivers' | 'records'>
export type Positioned = StoredEvent & { readonly position: bigint }

export interface Announced {
  readonly event: Positioned
  readonly announcement: Announcement
}

export async function announce(
  events: readonly Positioned[],
  store: Facts,
  knowledge: Knowledge,
  publicUrl: string,
): Promise<readonly Announced[]> {
  const concerning = events.filter((event) => concerns(event) !== undefined)
  if (concerning.length === 0) return []
  const people = await peopleOf(store, knowledge)
  const subjects = new Map<string, Subject | undefined>()
  for (const event of concerning) {
    if (!subjects.has(event.stream)) subjects.set(event.stream, await subjectOf(event, store))
  }
  return concerning.flatMap((event) => {
    const subject = subjects.get(event.stream)
    const announcement = subject === undefined ? undefined : noticeFor(event, subject, people, publicUrl)
    return announcement === undefined ? [] : [{ event, announcement }]
  })
}

async function peopleOf(store: Facts, knowledge: Knowledge): Promise<People> {
  const { policy: digest } = await store.heads()
  if (digest === undefined) return { review: [], security: [], rules: [], founders: [] }
  const policy = await knowledge.policy(digest)
  const [review, security, rules] = [
    poolsThat(policy, 'review'),
    poolsThat(policy, 'security'),
    poolsThat(policy, 'rules'),
  ]
  return { review, security, rules, founders: policy.founders }
}

/** As it stands now, which is at least as new as the event: both were written in one commit. */
async function subjectOf(event: StoredEvent, store: Facts): Promise<Subject | undefined> {
  const of = concerns(event)
  switch (of) {
    case undefined:
      return undefined
    case 'waiver': {
      const it = await store.waivers.find(event.stream)
      return it && { of, it }
    }
    case 'change': {
      const it = (await store.records.find(event.stream)) as Change | null | undefined
      return it ? { of, it } : undefined
    }
    case 'founding': {
      const it = (await store.records.find(event.stream)) as Founding | undefined
      return it && { of, it }
    }
    case 'hold': {
      const it = (await store.records.find(event.stream)) as Hold | undefined
      return it && { of, it }
    }
    case 'assertion': {
      const it = (await store.records.find(event.stream)) as Assertion | undefined
      return it && { of, it }
    }
    case 'passkeys': {
      const it = (await store.records.find(event.stream)) as Passkeys | undefined
      return it && { of, it }
    }
    case 'drift': {
      const it = (await store.records.find(event.stream)) as DriftFinding | undefined
      return it && { of, it }
    }
    default:
      return of satisfies never
  }
}
