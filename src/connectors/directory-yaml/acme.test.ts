/**
 * The sample organisation is sound, and its own policy cases say what the engine says. Only independence and routing are
 * asked here: who may decide, why others may not, in which tier.
 */
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkPolicy } from '../../core/check-policy.ts'
import { compileDirectory } from '../../core/compile.ts'
import type { DirectoryFacts, SourceSnapshot } from '../../core/directory.ts'
import { type IndependenceHistory, independence, type Matter } from '../../core/independence.ts'
import { isRefusal, offerFor } from '../../core/obligations.ts'
import type { Policy } from '../../core/policy.ts'
import { route } from '../../core/route.ts'
import type { Terms } from '../../core/terms.ts'
import { plusSeconds } from '../../core/time.ts'
import { type PolicyCase, readCases } from '../../files/cases.ts'
import { readYamlFiles } from '../../files/folder.ts'
import { readPolicy } from '../../files/policy.ts'
import type { FileText, Read } from '../../files/yaml.ts'
import { readTarget } from '../postgres-role/target.ts'
import { snapshotOf } from './snapshot.ts'

const acme = join(import.meta.dirname, '../../../examples/acme')

function must<Value>(read: Read<Value>): Value {
  if ('problems' in read) throw new Error(read.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'))
  return read.value
}

async function texts(path: string): Promise<readonly FileText[]> {
  return must(await readYamlFiles(join(acme, path)))
}

const policyFiles = await texts('policy.yaml')
const directoryFiles = await texts('directory.yaml')
const cases = must(readCases(await texts('cases')))

let policy: Policy
beforeAll(() => {
  const read = readPolicy(policyFiles)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems, null, 2))
  policy = read.policy
})

function snapshotAt(now: string): SourceSnapshot {
  return must(snapshotOf(directoryFiles, { source: 'acme', revision: 'r1', now }))
}

/** The directory of the case: what the files say, with the changes the case asks for. */
function factsOf({ at, directory }: PolicyCase): DirectoryFacts {
  const { source, nodes, relations, shifts } = snapshotAt(at)
  const removed = (one: SourceSnapshot['relations'][number]) =>
    directory.remove.some(({ from, relation, to }) => one.from === from && one.relation === relation && one.to === to)
  const kept = [...relations.filter((one) => !removed(one)), ...directory.add]
  const duty = Object.entries(directory.onDuty).flatMap(([rota, people]) =>
    people.map((person) => ({ rota, person, start: at, end: plusSeconds(at, 3600) })),
  )
  return {
    sources: [source],
    nodes: nodes.map((node) => ({ ...node, source: source.id })),
    relations: kept.map((relation) => ({ ...relation, source: source.id })),
    shifts: [...shifts.filter(({ rota }) => !(rota in directory.onDuty)), ...duty].map((shift) => ({
      ...shift,
      source: source.id,
    })),
  }
}

function historyOf({ decisions }: PolicyCase): IndependenceHistory {
  return {
    decisions: decisions.map((each, index) => ({ ...each, event: `evt_${index}` })),
    ruleChanges: [],
    tenures: [],
  }
}

function termsOf(one: PolicyCase): Terms {
  return {
    kind: one.kind,
    beneficiary: one.beneficiary,
    access: {
      system: one.system,
      entitlement: one.entitlement,
      resources: one.resources ?? [],
      actions: one.actions ?? [],
    },
    window: { start: one.at, end: plusSeconds(one.at, one.windowSeconds ?? 3600) },
    reason: one.name,
    controls: [],
    conditions: {},
    contains: 'sha256:0',
    ...(one.exception === undefined
      ? {}
      : {
          exception: {
            rule: one.exception.rule,
            other: { system: one.exception.system, entitlement: one.exception.entitlement },
          },
        }),
  }
}

describe('the cases of the sample hold', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const directory = compileDirectory(factsOf(one))
    const offer = offerFor(termsOf(one), policy, directory)
    if (isRefusal(offer)) throw new Error(offer.message)
    const { obligations, entitlement } = offer
    const matter: Matter = {
      requester: one.asks,
      chain: one.through,
      beneficiary: one.beneficiary,
      system: one.system,
      took: one.took.map((act, index) => ({ ...act, event: `evt_took_${index}` })),
      pools: obligations.pools,
      rules: obligations.rules,
    }
    const history = historyOf(one)
    const routing = route(matter, directory, history, policy, one.at)
    const eligible = routing.eligible.map(({ person }) => person)
    const wanted = one.expect

    if (wanted.tier !== undefined) expect(obligations.tier).toBe(wanted.tier)
    if (wanted.steps !== undefined) expect(obligations.steps).toEqual(wanted.steps)
    if (wanted.windowSecondsMax !== undefined) expect(obligations.windowSecondsMax).toBe(wanted.windowSecondsMax)
    if (wanted.countersigners !== undefined) expect(obligations.countersignersMin).toBe(wanted.countersigners)
    if (wanted.onlyDeciders !== undefined) expect([...eligible].sort()).toEqual([...wanted.onlyDeciders].sort())
    if (wanted.firstAsked !== undefined) expect(eligible[0]).toBe(wanted.firstAsked)
    expect(eligible).toEqual(expect.arrayContaining([...wanted.mayDecide]))
    for (const { person, conflicts } of wanted.mayNotDecide) {
      expect(eligible, person).not.toContain(person)
      const verdict = independence(matter, person, directory, history, policy, one.at)
      expect(
        verdict.conflicts.map(({ code }) => code),
        person,
      ).toEqual(expect.arrayContaining([...conflicts]))
    }
    for (const person of wanted.notAlone) {
      expect(routing.eligible.find((each) => each.person === person)?.additionalCountersigners, person).toBe(1)
    }
    // What is asked for must be offered, or the case is about nothing.
    for (const resource of one.resources ?? []) expect(entitlement.resources).toContain(resource)
    for (const action of one.actions ?? []) expect(entitlement.actions).toContain(action)
    expect(entitlement.kinds).toContain(one.kind)
    expect(one.windowSeconds ?? 0).toBeLessThanOrEqual(obligations.windowSecondsMax)
  })
})

test('everybody the policy names is in the directory', () => {
  const known = new Set(snapshotAt('2026-12-01T00:00:00.000Z').nodes.map(({ id }) => id))
  const named = [
    ...Object.values(policy.pools).flatMap(({ members, rotas }) => [...members, ...rotas]),
    ...Object.keys(policy.independence.teams),
    ...Object.keys(policy.systems),
  ]
  expect(named.filter((id) => !known.has(id))).toEqual([])
})

test('the sample has people enough: nothing is found that would be refused or hang on one person', () => {
  const { source, nodes, relations, shifts } = snapshotAt('2026-12-01T00:00:00.000Z')
  const stated = <Item extends object>(items: readonly Item[]) => items.map((item) => ({ ...item, source: source.id }))
  const facts = { sources: [source], nodes: stated(nodes), relations: stated(relations), shifts: stated(shifts) }
  expect(checkPolicy(policy, facts, '2026-12-01T00:00:00.000Z')).toEqual([])
  // Were the chief of risk to stand for all outside approvers, nobody could decide what she asks for.
  const sponsoredByRisk = facts.relations.map((each) =>
    each.relation === 'sponsors' && each.from === 'per_elif' ? { ...each, from: 'per_folake' } : each,
  )
  const stuck = checkPolicy(policy, { ...facts, relations: sponsoredByRisk }, '2026-12-01T00:00:00.000Z')
  expect(stuck.map(({ severity, code, about }) => `${severity} ${code} ${about}`)).toEqual([
    'high no-independent-approver team_risk',
  ])
  // Were nobody to mark the company's list of everybody and its divisions, they would count as teams.
  const unmarked = { ...policy, independence: { ...policy.independence, teams: {} } }
  const far = checkPolicy(unmarked, facts, '2026-12-01T00:00:00.000Z').filter(({ code }) => code === 'team-reaches-far')
  expect(far.map(({ about }) => about)).toEqual(['team_engineering', 'team_everyone'])
})

test('every entitlement has a target that its connector can give exactly', () => {
  for (const { entitlements } of Object.values(policy.systems)) {
    for (const { target, resources, actions } of Object.values(entitlements)) {
      expect(() => readTarget({ target, resources, actions })).not.toThrow()
    }
  }
})

test('two people are on security duty at every hour of the horizon, and every account was confirmed by somebody else', () => {
  const { shifts, relations, nodes } = snapshotAt('2026-12-01T00:00:00.000Z')
  const duty = shifts.filter(({ rota }) => rota === 'rota_security-duty')
  for (let hour = 0; hour < 35 * 24; hour++) {
    const at = plusSeconds('2026-12-01T00:00:00.000Z', hour * 3600)
    const awake = duty.filter(({ start, end }) => start <= at && at < end).map(({ person }) => person)
    expect(new Set(awake).size, at).toBe(2)
  }
  expect(relations.filter(({ relation, confirmed }) => relation === 'belongs-to' && !confirmed)).toEqual([])
  const signIns = nodes.filter(({ kind, on }) => kind === 'account' && on === 'sample').length
  // The agent and the service in front of the ledger sign in by themselves.
  expect(signIns).toBe(nodes.filter(({ kind }) => kind === 'person').length + 2)
})
