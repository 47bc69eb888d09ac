import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, directoryOf, freshSource, judge, noon } from '../../test/support/directories.ts'
import { directories } from '../../test/support/random-directories.ts'
import { type DirectoryFacts, emptyDirectory, type SourceSnapshot } from './directory.ts'
import { applySource, diffDirectories, goneLately, isSudden } from './merge.ts'

/** What the source says, told like a directory. */
function word(text: string, id = 'hr', observedAt = noon): SourceSnapshot {
  const { nodes, relations, shifts, access = [], absences = [] } = directoryOf(text, { id })
  return { source: { ...freshSource(id), observedAt }, nodes, relations, shifts, access, absences }
}

function applied(before: DirectoryFacts, text: string, now = noon, id = 'hr'): DirectoryFacts {
  return applySource(before, word(text, id, now), now, 400)
}

const first = (text: string) => applied(emptyDirectory, text, daysAgo(100))

describe('applySource', () => {
  test('a first reading: what the source says, since when it was seen where it does not say', () => {
    const { nodes, relations } = first('per_ann member-of team_a since 2020-01-01\nper_ann owns wl_x')
    expect(nodes.map(({ id, source }) => [id, source])).toEqual([
      ['per_ann', 'hr'],
      ['team_a', 'hr'],
      ['wl_x', 'hr'],
    ])
    expect(relations.map(({ relation, since }) => [relation, since])).toEqual([
      ['member-of', '2020-01-01T00:00:00.000Z'],
      ['owns', daysAgo(100)],
    ])
  })

  test('[B08] what it no longer says ended now and goes on counting', () => {
    const before = first('per_ann member-of team_pay\nper_asker member-of team_pay\nsys_target')
    const after = applied(before, 'per_ann\nper_asker member-of team_pay\nsys_target')
    expect(after.relations.find(({ from }) => from === 'per_ann')?.until).toBe(noon)
    expect(codesOf(judge(after, 'per_ann'))).toEqual(['on-requesting-team'])
  })

  test('access is merged source by source: what one no longer states ended, what another states stays', () => {
    const both = applied(first('per_ann holds sys_a/x'), 'per_ann holds sys_a/x', noon, 'cloud')
    expect(both.access).toHaveLength(2)
    const after = applied(both, 'per_ann\nsys_a')
    expect(after.access).toEqual([
      { holder: 'per_ann', system: 'sys_a', entitlement: 'x', source: 'cloud' },
      { holder: 'per_ann', system: 'sys_a', entitlement: 'x', source: 'hr', until: noon },
    ])
    expect(applySource(emptyDirectory, word('per_ann'), noon, 400)).not.toHaveProperty('access')
  })

  test('[B08] a person it no longer says has left', () => {
    const after = applied(first('per_ann\nper_asker\nsys_target'), 'per_asker\nsys_target')
    expect(after.nodes.find(({ id }) => id === 'per_ann')?.until).toBe(noon)
    expect(codesOf(judge(after, 'per_ann'))).toEqual(['unresolved-identity'])
  })

  test('ended facts are kept for the days asked for, at least thirty, then forgotten', () => {
    const before = first('per_ann member-of team_a')
    const ended = applySource(before, word('per_ann\nteam_a'), daysAgo(40), 0)
    const at = (days: number, keepDays: number) =>
      applySource(ended, word('per_ann\nteam_a'), daysAgo(days), keepDays).relations.length
    expect(at(10, 0)).toBe(1)
    expect(at(9.999, 0)).toBe(0)
    expect(at(9.999, 31)).toBe(1)
    expect(at(-400, Number.NaN)).toBe(1)
  })

  test('[B08] who comes back is live again and begins anew', () => {
    const before = first('per_ann member-of team_a since 2020-01-01')
    const gone = applied(before, 'per_ann\nteam_a', daysAgo(50))
    const back = applied(gone, 'per_ann member-of team_a since 2020-01-01')
    expect(back.relations).toMatchObject([{ from: 'per_ann', since: noon }])
    expect(back.relations[0]).not.toHaveProperty('until')
    expect(applied(back, 'per_ann member-of team_a since 2020-01-01', daysAgo(-1)).relations).toMatchObject([
      { since: noon },
    ])
  })

  test('[B08] a source lends no tenure afterwards', () => {
    const before = first('per_ann member-of team_a since 2026-11-01')
    expect(applied(before, 'per_ann member-of team_a since 2019-01-01').relations).toMatchObject([
      { since: '2026-11-01T00:00:00.000Z' },
    ])
  })

  test('[B08] nor on the day it first says it: what it did not say when it was read before began after that', () => {
    const before = applySource(emptyDirectory, word('per_ann\nteam_a', 'hr', daysAgo(2)), daysAgo(2), 30)
    const since = (text: string) => applied(before, text).relations.map((one) => one.since)
    expect(since('per_ann member-of team_a since 2019-01-01')).toEqual([daysAgo(2)])
    expect(since(`per_ann member-of team_a since ${daysAgo(1)}`)).toEqual([daysAgo(1)])
    expect(since('per_ann member-of team_a since 2027-01-01')).toEqual(['2027-01-01T00:00:00.000Z'])
    expect(since(`per_ann member-of team_a since 2019-01-01 until ${daysAgo(5)}`)).toEqual(['2019-01-01T00:00:00.000Z'])
    expect(applied(before, 'per_ann member-of team_a since 2019-01-01', noon, 'idp').relations).toMatchObject([
      { since: '2019-01-01T00:00:00.000Z' },
    ])
  })

  test('[B08] an end cannot be dated back to before the source was last read', () => {
    const before = applied(first('per_ann member-of team_a'), 'per_ann member-of team_a', daysAgo(2))
    expect(applied(before, 'per_ann member-of team_a until 2026-01-01').relations).toMatchObject([
      { until: daysAgo(2) },
    ])
    expect(applied(before, `per_ann member-of team_a until ${daysAgo(1)}`).relations).toMatchObject([
      { until: daysAgo(1) },
    ])
    expect(applied(before, 'per_ann member-of team_a until 2027-01-01').relations).toMatchObject([
      { until: '2027-01-01T00:00:00.000Z' },
    ])
  })

  test('[independence/unknown-is-not-independent] other sources keep their word, and the same word of two sources is two facts', () => {
    const both = applied(first('per_ann member-of team_a'), 'per_ann member-of team_a', daysAgo(90), 'git')
    expect(both.relations.map(({ source }) => source)).toEqual(['git', 'hr'])
    const silent = applied(both, '', noon, 'git')
    expect(silent.relations.map(({ source, until }) => [source, until])).toEqual([
      ['git', noon],
      ['hr', undefined],
    ])
    expect(silent.sources.map(({ id, observedAt }) => [id, observedAt])).toEqual([
      ['git', noon],
      ['hr', daysAgo(100)],
    ])
  })

  test('a source that repeats itself says it once, and confirms only what it confirms every time', () => {
    const twice = `
      acc_1 belongs-to per_ann confirmed since 2026-01-01
      acc_1 belongs-to per_ann since 2026-03-01
      acc_2 belongs-to per_ann until 2026-01-01
      acc_2 belongs-to per_ann until 2026-12-01`
    const { relations } = first(twice)
    expect(relations).toMatchObject([
      { from: 'acc_1', since: '2026-03-01T00:00:00.000Z' },
      { from: 'acc_2', until: '2026-12-01T00:00:00.000Z' },
    ])
    expect(relations[0]?.confirmed).not.toBe(true)
  })

  test('[on-call/never-both-sides] [B04] a turn of duty that is cancelled ended now, a past one is history', () => {
    const planned = `
      shift rota_a per_ann ${daysAgo(20)} ${daysAgo(13)}
      shift rota_a per_bob ${daysAgo(2)} ${daysAgo(-5)}
      shift rota_a per_eve ${daysAgo(-5)} ${daysAgo(-12)}`
    const after = applied(first(planned), 'rota_a\nper_ann\nper_bob\nper_eve')
    expect(after.shifts.map(({ person, start, end }) => [person, start, end])).toEqual([
      ['per_ann', daysAgo(20), daysAgo(13)],
      ['per_bob', daysAgo(2), noon],
      ['per_eve', noon, noon],
    ])
    const asked = { matter: { requester: 'per_bob', beneficiary: 'per_bob' } }
    const withTarget = applied(after, 'sys_target', noon, 'cmdb')
    expect(codesOf(judge(withTarget, 'per_eve', asked))).toEqual(['on-requesting-rota'])
  })

  test('who is away is what each source said last: back early is back', () => {
    const before = applied(
      first('away per_ann 2026-11-20 2026-12-01'),
      'away per_ann 2026-11-25 2026-11-26',
      noon,
      'cal',
    )
    expect(before.absences).toHaveLength(2)
    const after = applied(before, 'per_ann')
    expect(after.absences?.map(({ source }) => source)).toEqual(['cal'])
    expect(applied(after, 'per_ann', noon, 'cal').absences).toBeUndefined()
  })

  test('equal facts are equal bytes, in whatever order they were told', () => {
    fc.assert(
      fc.property(directories(true, 20), fc.infiniteStream(fc.nat()), (facts, stream) => {
        const shuffle = <T>(values: readonly T[]) =>
          values
            .map((value) => [stream.next().value ?? 0, value] as const)
            .sort(([a], [b]) => a - b)
            .map(([, value]) => value)
        const told = { source: freshSource('hr'), nodes: facts.nodes, relations: facts.relations, shifts: facts.shifts }
        const retold = {
          ...told,
          nodes: shuffle(told.nodes),
          relations: shuffle(told.relations),
          shifts: shuffle(told.shifts),
        }
        const before = applySource(emptyDirectory, { ...told, source: freshSource('git') }, daysAgo(1), 400)
        expect(JSON.stringify(applySource(before, retold, noon, 400))).toBe(
          JSON.stringify(applySource(before, told, noon, 400)),
        )
      }),
    )
  })

  test('the same word again changes nothing but the time of reading', () => {
    fc.assert(
      fc.property(directories(true, 20), (facts) => {
        const told = { source: freshSource('hr'), nodes: facts.nodes, relations: facts.relations, shifts: facts.shifts }
        const once = applySource(emptyDirectory, told, noon, 400)
        expect(applySource(once, told, noon, 400)).toEqual(once)
      }),
    )
  })

  test('[fail/closed] [B08] no new word of a source makes a relation count for less than thirty days from now', () => {
    fc.assert(
      fc.property(directories(true, 14), directories(true, 14), (facts, news) => {
        const before = applySource(emptyDirectory, { source: freshSource('hr'), ...facts }, noon, 400)
        const after = applySource(before, { source: freshSource('hr'), ...news }, noon, 400)
        for (const old of before.relations) {
          if (old.until !== undefined && !(Date.parse(old.until) > Date.parse(noon))) continue
          const now = after.relations.find(
            ({ from, relation, to }) => from === old.from && relation === old.relation && to === old.to,
          )
          const lastSeen = Date.parse(freshSource('hr').observedAt)
          expect(now?.until === undefined || !(Date.parse(now.until) < lastSeen)).toBe(true)
          expect(now).toBeDefined()
        }
      }),
    )
  })
})

describe('diffDirectories', () => {
  test('what came and what went, ended facts counted as gone', () => {
    const before = first('per_ann member-of team_a\nper_bob member-of team_a\nteam_a holds sys_a/x')
    const after = applied(before, 'per_bob member-of team_a\nper_bob owns wl_x\nteam_a holds sys_a/y')
    const { added, removed } = diffDirectories(before, after)
    expect(added.nodes.map(({ id }) => id)).toEqual(['wl_x'])
    expect(added.relations.map(({ from, relation }) => [from, relation])).toEqual([['per_bob', 'owns']])
    expect(removed.nodes.map(({ id }) => id)).toEqual(['per_ann'])
    expect(removed.relations.map(({ from }) => from)).toEqual(['per_ann'])
    expect([...added.access, ...removed.access].map(({ entitlement }) => entitlement)).toEqual(['y', 'x'])
    const none = { nodes: [], relations: [], access: [] }
    const turns = { addedCount: 0, removedCount: 0 }
    expect(diffDirectories(after, after)).toEqual({ added: none, removed: none, changed: [], turns })
    const described = applied(
      before,
      'per_ann external\nper_bob member-of team_a\nshift rota_r per_bob 2026-12-01 2026-12-02',
    )
    const difference = diffDirectories(before, described)
    expect(difference.changed).toMatchObject([{ before: { id: 'per_ann' }, after: { id: 'per_ann', external: true } }])
    expect(difference.turns).toEqual({ addedCount: 1, removedCount: 0 })
  })
})

describe('goneLately', () => {
  const before = first('per_a member-of team_x\nper_b member-of team_x\nper_c\nper_d\nteam_y')
  const gone = (text: string, since = daysAgo(1), from = before, source = 'hr') =>
    goneLately({ before: from, after: applied(from, text, noon, source), source, since, now: noon })

  test('people, teams and memberships that a source no longer says', () => {
    const { shrinkage, concerned } = gone('per_a member-of team_x\nper_b\nper_c')
    expect(shrinkage).toEqual({
      people: { gone: 1, of: 4 },
      teams: { gone: 1, of: 2 },
      memberships: { gone: 1, of: 2 },
    })
    expect([...concerned].sort()).toEqual(['per_b', 'per_d', 'team_x', 'team_y'])
  })

  test('an end dated back is a loss of today', () => {
    const all =
      'per_a until 2026-01-01\nper_a member-of team_x until 2026-01-01\nper_b member-of team_x\nper_c\nper_d\nteam_y'
    expect(gone(all).shrinkage).toMatchObject({ people: { gone: 1 }, memberships: { gone: 1 } })
  })

  test('small steps add up, until they lie back far enough or were confirmed', () => {
    const steps = ['per_a\nper_b\nper_c', 'per_a\nper_b', 'per_a']
    const last = steps.reduce((facts, text, index) => applied(facts, text, daysAgo(3 - index)), before)
    expect(gone('per_a', daysAgo(5), last).shrinkage.people).toEqual({ gone: 3, of: 4 })
    expect(gone('per_a', daysAgo(1.5), last).shrinkage.people).toEqual({ gone: 1, of: 2 })
  })

  test('other sources and a first reading count for nothing', () => {
    expect(gone('per_a', daysAgo(1), before, 'git').shrinkage.people).toEqual({ gone: 0, of: 1 })
    expect(gone('per_a', daysAgo(1), emptyDirectory).shrinkage.people).toEqual({ gone: 0, of: 1 })
  })

  test('too much is more than the share, and not only a few', () => {
    const nothing = { gone: 0, of: 100 }
    const limits = { share: 0.2, atLeast: 5, withinSeconds: 1 }
    const isTooMuch = (lost: number, of: number) =>
      isSudden({ people: nothing, teams: nothing, memberships: { gone: lost, of } }, limits)
    expect([isTooMuch(20, 100), isTooMuch(21, 100), isTooMuch(4, 4), isTooMuch(5, 5)]).toEqual([
      false,
      true,
      false,
      true,
    ])
  })
})
