import { expect, test } from 'vitest'
import { directoryOf, noon, policyWith } from '../../test/support/directories.ts'
import { compileDirectory } from './compile.ts'
import { explainPair } from './explain.ts'
import { noHistory } from './independence.ts'

const directory = compileDirectory(
  directoryOf(`
    per_ann member-of team_pay
    per_bob member-of team_pay
    per_chief
    per_ann reports-to per_chief
    per_far member-of team_far
    per_dba administers sys_db
    wl_bot
    per_ann owns wl_bot
  `),
)

function explain(asker: string, decider: string, system?: string) {
  const pair = { asker, decider, ...(system === undefined ? {} : { system }) }
  const { verdict, otherWay } = explainPair(pair, directory, noHistory, policyWith({}), noon)
  const said = ({ person, independent, conflicts }: typeof verdict) => [
    person,
    independent,
    conflicts.map(({ code, path }) => [code, path.length]),
  ]
  return [said(verdict), said(otherWay)]
}

test('[B04] both directions, each with the path that proves it', () => {
  expect(explain('per_ann', 'per_bob')).toEqual([
    ['per_bob', false, [['on-requesting-team', 2]]],
    ['per_ann', false, [['on-requesting-team', 2]]],
  ])
  expect(explain('per_ann', 'per_chief')).toEqual([
    ['per_chief', false, [['in-reporting-line', 1]]],
    ['per_ann', false, [['in-reporting-line', 1]]],
  ])
  expect(explain('per_ann', 'per_far')).toEqual([
    ['per_far', true, []],
    ['per_ann', true, []],
  ])
})

test('[B05] who runs the target counts when one is named', () => {
  expect(explain('per_far', 'per_dba')[0]).toEqual(['per_dba', true, []])
  expect(explain('per_far', 'per_dba', 'sys_db')[0]).toEqual(['per_dba', false, [['on-granting-team', 1]]])
})

test('[agent/owner-counts] a workload asks through those behind it, and never decides', () => {
  const [there, back] = explain('wl_bot', 'per_bob')
  expect(there?.[1]).toBe(false)
  expect(back?.[2]).toContainEqual(['not-a-person', 0])
})
