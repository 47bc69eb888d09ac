// Why two are not independent, on the terminal and as a picture.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch-folder.ts'
import { heard } from './support/context.ts'

const step = (from: string, to: string, more: object = {}) => ({
  from,
  relation: 'member-of',
  to,
  source: 'hr',
  revision: 'r7',
  ...more,
})
const shared = {
  code: 'on-requesting-team',
  because: 'per_tom shares team_pay with the requester and beneficiary per_maria',
  path: [
    step('per_tom', 'team_pay', { until: '2026-11-10T00:00:00.000Z' }),
    step('team_pay', 'per_maria', { against: true }),
  ],
}
const verdict = { person: 'per_tom', independent: false, conflicts: [shared], additionalCountersigners: 0 }
const explanation = {
  asker: 'per_maria',
  decider: 'per_tom',
  verdict,
  otherWay: { ...verdict, person: 'per_maria', independent: true, conflicts: [] },
  directory: `sha256:${'ab'.repeat(32)}`,
  nowAt: '2026-11-22T12:00:00.000Z',
  names: { per_tom: 'Tomáš', per_maria: 'Maria <b>', team_pay: 'Payments core' },
}
const answers = { '/v1/directory/explain': explanation }

test('[independence/relation-not-title] each conflict is read aloud with its path, in both directions', async () => {
  const { out, exit } = await heard(['directory', 'explain', 'per_maria', 'per_tom'], { answers, columns: 200 })
  expect(exit).toBe(0)
  expect(out).toContain('Tomáš (per_tom) cannot decide what Maria <b> (per_maria) asks for')
  expect(out).toContain('—member of until 2026-11-10→ Payments core (team_pay) ←member of— Maria <b> (per_maria)')
  expect(out).toContain('Maria <b> (per_maria) could decide what Tomáš (per_tom) asks for')
})

test('[B17] the picture has the same path, and names are text in it', async () => {
  const scratch = scratchFolder('explain')
  const file = join(scratch.folder, 'why.svg')
  const ran = await heard(['directory', 'explain', 'per_maria', 'per_tom', '--svg', file, '--json'], { answers })
  expect(JSON.parse(ran.out)).toMatchObject({ picture: file, verdict: { independent: false } })
  const svg = await readFile(file, 'utf8')
  for (const said of ['Payments core', 'until 2026-11-10', 'Tomáš', 'on-requesting-team']) expect(svg).toContain(said)
  expect(svg).toContain('Maria &lt;b&gt;')
  expect(svg).not.toContain('<b>')
  await scratch.dispose()
})
