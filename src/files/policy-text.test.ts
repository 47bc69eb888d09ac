/** Written out and read again, a policy is the same policy. */
import { expect, test } from 'vitest'
import { readPolicyFiles } from './folder.ts'
import { readPolicy } from './policy.ts'
import { policyFiles } from './policy-text.ts'
import type { FileText } from './yaml.ts'

test.each(['examples/acme/policy.yaml'])('%s', async (path) => {
  const files = await readPolicyFiles(path)
  if ('problems' in files) throw new Error(files.problems[0]?.message)
  const policy = read(files.value)
  expect(read(policyFiles(policy))).toEqual(policy)
})

test('with a guardrail, an envelope, two steps and a mitigation', () => {
  const policy = read([
    { name: 'policy.yaml', text: whole },
    { name: 'guardrails.cedar', text: cedar },
  ])
  const again = policyFiles(policy)
  expect(again.map(({ name }) => name)).toEqual(['policy.yaml', 'guardrails.cedar'])
  expect(read(again)).toEqual(policy)
})

function read(files: readonly FileText[]) {
  const found = readPolicy(files)
  if ('problems' in found) throw new Error(found.problems.map(({ where, message }) => `${where} ${message}`).join('\n'))
  return found.policy
}

const cedar = `@id("all")
permit (principal, action, resource);
@id("never-for-contractors")
forbid (principal, action, resource) when { principal.external };
`

const whole = `
tiers:
  low: { rank: 1, windowMax: PT90M, pools: [seven.approvers], offlineTokens: true }
  high:
    rank: 2
    windowMax: PT2H
    steps: [endorse, countersign]
    endorsePools: [target-owners, seven.approvers]
    pools: [seven.approvers]
    activityEvery: PT5M
    reviewWithin: P1D
connectors: { db: { kind: postgres-role, settings: { url: 'env:DB' } } }
systems:
  db:
    name: 'A: database'
    connector: db
    boundTokens: true
    enforcers: [gate]
    entitlements:
      write: { name: Write, tier: high, resources: [a.b], actions: ['on'], duties: [write], kinds: [break-glass] }
      read: { name: Read, tier: low, resources: [a.b], actions: [select], duties: [read], target: { shape: grant-role } }
pools:
  seven.approvers: { name: Seven, decides: [countersign, endorse], people: [maria], teams: [sec], rotas: [duty] }
functions: { w: { name: W, duties: [write] }, r: { name: R, duties: [read] } }
dutyRules: { both: { name: Both, severity: high, functions: [w, r], controls: [watch], tier: high } }
controls: { watch: { name: Watch, everyMax: PT1H } }
mitigations:
  m1: { holder: wl_bot, rule: both, control: watch, owner: maria, from: 2026-01-01, until: 2026-06-01, every: PT30M }
independence: { teams: { all: all-staff }, lingerDays: 45 }
habits: { repeatedFrom: 5 }
changeDelay: PT0S
`
