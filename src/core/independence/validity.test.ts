/** An answer that says until when it holds is right about that, whatever the directory looks like. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { directoryOf, matterOf, noon, policyWith } from '../../../test/support/directories.ts'
import { questions } from '../../../test/support/random-directories.ts'
import type { CompiledDirectory } from '../compile.ts'
import { compileDirectory } from '../compile.ts'
import { type IndependenceHistory, type Matter, noHistory, verdictOf } from '../independence.ts'
import type { Policy } from '../policy.ts'
import { instantOf, millisOf } from '../time.ts'
import { Validity } from './moment.ts'
import { prepareMatter } from './prepare.ts'

const hourMillis = 3_600_000

function answer(
  matter: Matter,
  person: string,
  directory: CompiledDirectory,
  history: IndependenceHistory,
  policy: Policy,
  at: number,
) {
  const validity = new Validity(instantOf(at))
  const prepared = prepareMatter(matter, directory, history, policy, instantOf(at), validity)
  const codes = verdictOf(prepared, person).conflicts.map(({ code }) => code)
  return { codes: codes.join(' '), until: validity.until }
}

test('no answer changes before the moment it said', () => {
  let changes = 0
  fc.assert(
    fc.property(questions(true), fc.integer({ min: 1, max: 45 * 24 }), (question, hours) => {
      const { facts, matter, person, history, policy } = question
      const directory = compileDirectory(facts)
      const [from, later] = [millisOf(noon), millisOf(noon) + hours * hourMillis]
      const now = answer(matter, person, directory, history, policy, from)
      const then = answer(matter, person, directory, history, policy, Math.min(later, now.until - 1))
      expect(then.codes).toBe(now.codes)
      if (now.until < later) changes++
    }),
    { numRuns: 1_000 },
  )
  expect(changes).toBeGreaterThan(100)
})

test('it names the very moment at which somebody stops being a team mate', () => {
  const facts = directoryOf(`
    per_asker member-of team_a
    per_rob member-of team_a until 2026-11-10
    sys_target`)
  const directory = compileDirectory({
    ...facts,
    sources: facts.sources.map((source) => ({ ...source, staleAfterSeconds: 400 * 86_400 })),
  })
  const at = (millis: number) => answer(matterOf(), 'per_rob', directory, noHistory, policyWith(), millis)
  const { codes, until } = at(millisOf(noon))
  expect(codes).toBe('on-requesting-team')
  expect(instantOf(until)).toBe('2026-12-10T00:00:00.000Z')
  expect(at(until - 1).codes).toBe('on-requesting-team')
  expect(at(until).codes).toBe('')
})
