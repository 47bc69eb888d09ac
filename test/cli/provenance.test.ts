// Who says what, and what an import would change, on the terminal.
import { expect, test } from 'vitest'
import { heard } from './support/context.ts'

const node = { id: 'per_maria', kind: 'person', name: 'Maria Oliveira' }
const provenance = {
  id: 'per_maria',
  sources: [
    { id: 'hr', revision: `sha256:${'ab'.repeat(32)}`, observedAt: '2026-11-22T11:00:00.000Z', stale: false },
    { id: 'ldap', revision: 'csn-7', observedAt: '2026-11-20T11:00:00.000Z', stale: true },
  ],
  descriptions: [
    { ...node, source: 'hr' },
    { ...node, source: 'ldap', name: 'maria \u202eo', external: true },
  ],
  relations: [
    {
      from: 'per_maria',
      relation: 'member-of',
      to: 'team_pay',
      said: [{ source: 'hr', since: '2022-06-01T00:00:00.000Z' }],
      silent: ['ldap'],
    },
  ],
  access: [],
  uses: [
    {
      system: 'sys_ledger',
      entitlement: 'ledger-read',
      holder: 'team_pay',
      source: 'cloud',
      path: [{ from: 'per_maria', relation: 'member-of', to: 'team_pay', source: 'hr' }],
    },
  ],
  absences: [],
  disagreements: [
    { about: 'name', sentence: '`hr` says `Maria Oliveira`; `ldap` says `x`; `Maria Oliveira` is shown' },
  ],
  names: { per_maria: 'Maria Oliveira', team_pay: 'Payments core', sys_ledger: 'Ledger' },
}

test('[independence/relation-not-title] show <id>: each fact with the source that says so, and where they disagree', async () => {
  const answers = { '/v1/directory/nodes/per_maria/sources': provenance }
  const { out, exit } = await heard(['directory', 'show', 'per_maria'], { answers, columns: 200 })
  expect(exit).toBe(0)
  expect(out).toMatch(/Maria Oliveira \(per_maria\)/)
  expect(out).toMatch(/hr since 2022-06-01 .*ldap/)
  expect(out).toContain('TOO OLD')
  expect(out).toContain('ledger-read on Ledger (sys_ledger), through Payments core (team_pay), says cloud')
  expect(out).toContain('Sources disagree')
  // Signs that hide something are shown as what they are.
  expect(out).not.toContain('\u202e')
  const json = await heard(['directory', 'show', 'per_maria', '--json'], { answers })
  expect(JSON.parse(json.out)).toMatchObject({ id: 'per_maria', disagreements: [{ about: 'name' }] })
})

const facts = { nodes: [], relations: [], access: [] }
const diff = {
  sources: [
    { kind: 'directory-yaml', source: 'hr', outcome: 'change', problems: [] },
    {
      kind: 'directory-ldap',
      source: 'ldap',
      outcome: 'unreadable',
      problems: ['ldaps://x: cannot be read: ECONNREFUSED'],
    },
  ],
  added: { ...facts, relations: [{ from: 'per_maria', relation: 'member-of', to: 'team_pay', source: 'hr' }] },
  removed: {
    ...facts,
    access: [{ holder: 'team_pay', system: 'sys_ledger', entitlement: 'ledger-read', source: 'hr' }],
  },
  changed: [{ before: { ...node, source: 'hr' }, after: { ...node, name: 'Maria O.', source: 'hr' } }],
  counts: { added: 1, removed: 1, changed: 1, turnsAdded: 3, turnsRemoved: 0 },
  complete: false,
  names: { per_maria: 'Maria Oliveira', team_pay: 'Payments core', sys_ledger: 'Ledger' },
}

test('diff: what would come, end and change, with its source; an unreadable one ends with 7', async () => {
  const { out, exit } = await heard(['directory', 'diff'], { answers: { '/v1/directory/diff': diff }, columns: 200 })
  expect(exit).toBe(7)
  expect(out).toContain('unreadable  ldap')
  expect(out).toContain('+ Maria Oliveira (per_maria) —member of→ Payments core (team_pay), says hr')
  expect(out).toContain('- Payments core (team_pay) holds ledger-read on Ledger (sys_ledger), says hr')
  expect(out).toContain('~ per_maria: Maria Oliveira, person → Maria O., person, says hr')
  expect(out).toContain('1 come, 1 end, 1 described otherwise; 3 turns of duty come, 0 are called off')
})
