import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileDuties, dutiesOfPolicy, scan } from '../../core/duties.ts'
import { readPolicy } from '../policy.ts'
import { readErpRules } from './erp.ts'
import { policySections } from './policy-sections.ts'

const name = 'erp-risks.json'

function imported() {
  const read = readErpRules({ name, text: readFileSync(join(import.meta.dirname, 'fixture', name), 'utf8') })
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

const base = `
tiers:
  high: { rank: 1, windowMax: PT4H, pools: [outside] }
connectors:
  erp: { kind: postgres-role }
systems:
  sys_erp:
    name: ERP
    connector: erp
    entitlements:
      buyer: { name: Buyer, tier: high, resources: [erp], actions: [buy], duties: [FK01, FK02] }
      payer: { name: Payer, tier: high, resources: [erp], actions: [pay], duties: [F-53, PU03] }
pools:
  outside: { name: Outside, decides: [countersign], people: [sam] }
controls:
  recount: { name: Recount, everyMax: P7D }
`

test('the sections are taken by a policy and mean the same', () => {
  const duties = new Set(['FK01', 'FK02', 'F-53', 'PU03'])
  const sections = policySections(imported(), { tier: 'high', controls: ['recount'], duties })
  const read = readPolicy([
    { name: 'base.yaml', text: base.replace('sys_erp', 'erp') },
    { name: 'duties.yaml', text: sections.yaml },
  ])
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  expect(sections.rulesCount).toBe(2)
  expect(sections.leftOut).toEqual([
    {
      rule: 'pay-01',
      why: 'one function alone breaks it; put the entitlements that hold it into a higher tier instead',
    },
    {
      rule: 'pay-02',
      why: 'one function alone breaks it; put the entitlements that hold it into a higher tier instead',
    },
  ])
  const own = dutiesOfPolicy(read.policy)
  expect(own.rules.map(({ id, controls }) => [id, controls])).toEqual([
    ['buy-01', ['recount']],
    ['buy-02', ['recount']],
  ])
  const assignments = own.entitlements.map(({ id }) => ({ holder: 'per_ana', entitlement: id }))
  const fromPolicy = scan(compileDuties(own), assignments).brokenBy('per_ana')
  const fromImport = scan(compileDuties({ ...imported(), entitlements: own.entitlements }), assignments).brokenBy(
    'per_ana',
  )
  expect(fromPolicy).toEqual(fromImport.filter((rule) => rule.startsWith('buy')))
  expect(fromPolicy).toEqual(['buy-01', 'buy-02'])
})

test('a rule whose duties nobody can hold is left out and named', () => {
  const { rulesCount, leftOut } = policySections(imported(), { tier: 'high', duties: new Set(['FK01']) })
  expect(rulesCount).toBe(0)
  expect(leftOut.slice(0, 2)).toEqual([
    { rule: 'buy-01', why: 'no entitlement lists the duties of so many of its functions' },
    { rule: 'buy-02', why: 'no entitlement lists the duties of so many of its functions' },
  ])
})
