import { describe, expect, test } from 'vitest'
import { directoryOf, noon, policyWith, poolWith } from '../../test/support/directories.ts'
import { compileDirectory, refreshed } from './compile.ts'
import {
  decideHold,
  evolveHold,
  type HeldWord,
  type Hold,
  type HoldEvent,
  type HoldFacts,
  holdWord,
  isHeld,
  releaseHold,
} from './hold.ts'
import { noHistory } from './independence.ts'
import { plusSeconds } from './time.ts'

const some = { gone: 40, of: 100 }
const word = (snapshot: string): HeldWord => ({
  snapshot,
  revision: 'r1',
  at: noon,
  gone: { people: some, teams: some, memberships: some },
})
const held = (...words: readonly string[]): Hold =>
  from(words.flatMap((one) => holdWord(undefined, word(one), 'hr', noon)))
const from = (events: readonly HoldEvent[], hold?: Hold) => events.reduce<Hold | undefined>(evolveHold, hold) as Hold

const organisation = `
  per_rae member-of team_risk
  per_rae2 same-as per_rae
  per_watch member-of team_audit
  per_hrops administers sys_hr
  per_ops member-of team_countersign
  team_countersign operates sys_countersign
  per_founder member-of team_risk
  per_nobody member-of team_canteen
`
const policy = {
  ...policyWith({
    pools: [
      { ...poolWith('pool_rules', ['per_rae', 'per_hrops', 'per_ops', 'per_left']), decides: ['rules'] as const },
      { ...poolWith('pool_watch', ['per_watch']), decides: ['security'] as const },
    ],
  }),
  founders: ['per_founder'],
}

function facts(
  actor: string,
  more: Partial<HoldFacts> & { readonly directory?: never; readonly text?: string } = {},
): HoldFacts {
  const { text = organisation, ...rest } = more
  return {
    now: noon,
    actor: { id: actor, chain: [], signedInAt: plusSeconds(noon, -10) },
    // Two days old: the hold may be the very reason for it.
    directory: refreshed(compileDirectory(directoryOf(text)), { hr: plusSeconds(noon, -2 * 86_400) }),
    policy,
    history: noHistory,
    clock: 'steady',
    source: 'hr',
    concerned: new Set(),
    ...rest,
  }
}

function confirm(hold: Hold | undefined, actor: string, more: Parameters<typeof facts>[1] = {}, snapshot = 'a') {
  const decision = decideHold(hold, { type: 'confirm', snapshot, reason: 'we sold a division' }, facts(actor, more))
  return decision.outcome === 'refused' ? decision.refusal.code : decision.outcome
}

describe('a source is held', () => {
  test('is said once a word, stands until it is settled, and what was said before can still be confirmed', () => {
    const hold = held('a')
    expect(hold).toMatchObject({ status: 'held', since: noon, source: 'hr' })
    expect(holdWord(hold, word('a'), 'hr', noon)).toEqual([])
    const moved = from(holdWord(hold, word('b'), 'hr', plusSeconds(noon, 60)), hold)
    expect(moved).toMatchObject({ status: 'held', since: noon })
    expect(confirm(moved, 'per_rae')).toBe('accepted')
    expect(confirm(moved, 'per_rae', {}, 'c')).toBe('terms-changed')
  })

  test('is released when the source says it properly again', () => {
    const hold = from(releaseHold(held('a'), noon), held('a'))
    expect(hold.status).toBe('released')
    expect(releaseHold(hold, noon)).toEqual([])
    expect(confirm(hold, 'per_rae')).toBe('not-in-this-state')
  })

  test('rejected, it stays out as long as the source says the same, and is asked about again when it says something else', () => {
    const decision = decideHold(held('a'), { type: 'reject', snapshot: 'a', reason: 'broken export' }, facts('per_rae'))
    const hold = from(decision.events, held('a'))
    expect(hold.status).toBe('rejected')
    expect(isHeld(hold)).toBe(true)
    expect(holdWord(hold, word('a'), 'hr', noon)).toEqual([])
    expect(confirm(hold, 'per_rae')).toBe('not-in-this-state')
    expect(from(holdWord(hold, word('b'), 'hr', noon), hold).status).toBe('held')
  })
})

describe('[rules/maker-checker] [B05] who confirms it', () => {
  test.each([
    ['per_rae', 'accepted'],
    ['per_watch', 'accepted'],
    ['per_founder', 'accepted'],
    ['per_nobody', 'approver-not-in-pool'],
    ['per_unknown', 'only-people-decide'],
    // Runs the system the source is read from, or this installation.
    ['per_hrops', 'approver-not-independent'],
    ['per_ops', 'approver-not-independent'],
  ])('%s: %s', (actor, answer) => {
    expect(confirm(held('a'), actor)).toBe(answer)
  })

  test('nobody of whom it takes something away', () => {
    expect(confirm(held('a'), 'per_rae', { concerned: new Set(['per_rae']) })).toBe('checker-is-concerned')
    // [B02] By a link that nobody confirmed, too.
    expect(confirm(held('a'), 'per_rae', { concerned: new Set(['per_rae2']) })).toBe('checker-is-concerned')
  })

  test('[fail/closed] only a fresh sign-in under a steady clock, and never a workload in between', () => {
    const old = { id: 'per_rae', chain: [], signedInAt: plusSeconds(noon, -3_600) }
    expect(confirm(held('a'), 'per_rae', { actor: old })).toBe('sign-in-not-fresh')
    expect(confirm(held('a'), 'per_rae', { clock: 'went-backwards' })).toBe('clock-went-backwards')
    const through = { id: 'per_rae', chain: ['wl_bot'], signedInAt: plusSeconds(noon, -10) }
    expect(confirm(held('a'), 'per_rae', { actor: through })).toBe('only-people-decide')
    expect(confirm(undefined, 'per_rae')).toBe('not-in-this-state')
  })
})
