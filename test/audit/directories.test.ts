/** The directories an audit is given, in the forms people have them. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { auditDirectory } from '../../src/audit/judge/directory.ts'
import { directoryGithub } from '../../src/connectors/directory-github/source.ts'
import { snapshotOf } from '../../src/connectors/directory-yaml/snapshot.ts'
import { audit, codesOf, conclusionsOf, record } from './support.ts'

const fixture = join(import.meta.dirname, '../../src/connectors/directory-github/fixture')

test('organisations kept as GitHub configuration: team mates, and the people who administer', async () => {
  const snapshot = await directoryGithub({ source: 'github', path: fixture }).read('2026-11-22T10:00:00.000Z')
  const members = Map.groupBy(
    snapshot.relations.filter(({ relation }) => relation === 'member-of'),
    ({ to }) => to,
  )
  const [ann, rob] =
    [...members.values()].find((team) => team.length > 1)?.map(({ from }) => from.replace('per_', '')) ?? []
  const report = audit(
    [record({ askedBy: [`${ann}`], beneficiary: `${ann}`, approvedBy: [`${rob}`], system: undefined })],
    {
      directory: auditDirectory([snapshot]),
    },
  )
  expect(conclusionsOf(report)).toEqual(['not-independent'])
  expect(codesOf(report)).toContain('on-requesting-team')
})

test('[B08] what ended years ago still counts for what was approved then', () => {
  const text = `
people:
  ann: { name: Ann, teams: [payments] }
  rob: { name: Rob, teams: [security], formerTeams: [{ team: payments, until: 2021-06-01 }] }
teams: { payments: { name: Payments }, security: { name: Security } }
systems: { ledger: { name: Ledger } }
`
  const read = snapshotOf([{ name: 'd', text }], { source: 'hr', revision: 'r1', now: '2026-11-22T10:00:00.000Z' })
  if ('problems' in read) throw new Error(read.problems[0]?.message)
  const directory = auditDirectory([read.value], { coversFrom: '2020-01-01T00:00:00.000Z' })
  const at = (day: string) => record({ at: `${day}T09:00:00Z`, until: undefined })
  const days = ['2021-05-01', '2021-06-20', '2021-07-20']
  expect(conclusionsOf(audit(days.map(at), { directory }))).toEqual([
    'not-independent',
    'not-independent',
    'independent',
  ])
})

test('what several sources say adds up', async () => {
  const snapshot = await directoryGithub({ source: 'github', path: fixture }).read('2026-11-22T10:00:00.000Z')
  const { facts } = auditDirectory([snapshot, { ...snapshot, source: { ...snapshot.source, id: 'other' } }])
  expect(facts.sources.map(({ id }) => id)).toEqual(['github', 'other'])
  expect(facts.relations).toHaveLength(2 * snapshot.relations.length)
})
