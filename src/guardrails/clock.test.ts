import { describe, expect, test } from 'vitest'
import { agent, question } from '../../test/support/guardrails.ts'
import { policyFor } from '../../test/support/life.ts'
import type { Policy } from '../core/policy.ts'
import type { GuardrailQuestion, GuardrailSubject } from '../core/runtime.ts'
import { cedar } from './cedar.ts'
import { clockMembersIn } from './clock.ts'
import { guardrailsJudge } from './judge.ts'
import { readGuardrails } from './read.ts'

const looks = (condition: string) => {
  const read = cedar().policyToJson(`forbid(principal, action, resource) when { ${condition} };`)
  if (read.type === 'failure') throw new Error(read.errors[0]?.message)
  return [...clockMembersIn([read.json])].join(' ')
}

const everything = 'now hour weekday waiver'

test('what guardrails see of the clock is what they name, and all of it when that is in doubt', () => {
  expect(looks('principal.agent && context.delegationDepth > 1 && context.waiver.kind == "break-glass"')).toBe('')
  expect(looks('context.hour >= 8')).toBe('hour')
  expect(looks('context has weekday && context["weekday"] == "sunday"')).toBe('weekday')
  expect(looks('context.now.toTime() > duration("8h") || context.hour < 2')).toBe('now hour')
  expect(looks('context.waiver.secondsLeft < 60')).toBe('waiver')
  // Whoever takes the waiver or the context as a whole sees the seconds as well, by whatever way.
  expect(looks('context.waiver == { kind: "x" }')).toBe('waiver')
  expect(looks('[context.waiver].contains(context.waiver)')).toBe('waiver')
  expect(looks('(if principal.agent then context else context).hour > 3')).toBe(everything)
  expect(looks('{ a: context }.a.waiver.kind == "x"')).toBe(everything)
  expect(looks('context has waiver.secondsLeft')).toBe(everything)
})

describe('[agent/runtime-check][B08][B09] what was answered before', () => {
  const other: GuardrailSubject = { ...agent, id: 'wl_other', teams: [], controllers: ['per_other'] }
  const changes: readonly Partial<GuardrailQuestion>[] = [
    {},
    { at: '2026-11-25T19:00:00.000Z' },
    { at: '2026-11-29T12:00:00.000Z' },
    { at: '2026-11-25T12:00:00.001Z' },
    { waiver: { ...question.waiver, secondsLeft: 59 } },
    { waiver: { ...question.waiver, kind: 'break-glass' } },
    { waiver: { ...question.waiver, tier: 'low' } },
    { waiver: { ...question.waiver, entitlement: 'other' } },
    { principal: { ...agent, teams: [] } },
    { principal: { ...agent, teams: ['team_payments', 'team_security'] } },
    { principal: { ...agent, controllers: ['per_other'] } },
    { principal: { ...agent, agent: false } },
    { principal: { ...agent, external: true } },
    { principal: { ...agent, id: 'per_owner', kind: 'person' } },
    { chain: [other] },
    { chain: [{ ...other, controllers: [] }] },
    { chain: [other, agent] },
    { tool: 'wipe' },
    { bytes: 0 },
    { bytes: 2_000 },
    { resource: 'ledger.accounts' },
    { system: 'sys_other' },
    { action: 'select' },
    { action: 'drop' },
  ]
  const conditions = [
    'context.delegationDepth > 99',
    'context.hour >= 18',
    'context.weekday == "sunday"',
    'context.now > datetime("2026-11-25T12:00:00.000Z")',
    'context.waiver.secondsLeft < 60',
    'context.waiver.kind == "break-glass" || context.waiver.tier == "low" || context.waiver.entitlement == "other"',
    'context.waiver == { kind: "access-override", entitlement: "ledger-write", tier: "high", secondsLeft: 59 }',
    'principal in Team::"team_security" || principal.controllers.contains(Person::"per_other")',
    'principal.external || !principal.agent || principal is Person',
    'context.people.contains(Person::"per_other") || context.workloads.contains(Workload::"wl_agent")',
    'context has tool && context.tool == "wipe"',
    'context has bytes && context.bytes > 1000',
    'resource.name == "ledger.accounts" || !(resource in System::"sys_ledger")',
  ]

  const policyOf = (condition: string): Policy => {
    const policy = policyFor()
    const text = `@id("all") permit(principal, action, resource);
      @id("not") forbid(principal, action, resource) when { ${condition} };`
    const read = readGuardrails([{ name: 'g.cedar', text }], { types: {}, at: () => 'p:1:1' }, policy)
    if ('problems' in read) throw new Error(JSON.stringify(read.problems))
    return { ...policy, guardrails: read.guardrails }
  }

  test('is never said again once anything changed that a guardrail can see: the clock, the directory, the use', () => {
    const judge = guardrailsJudge(() => 0)
    for (const condition of conditions) {
      const policy = policyOf(condition)
      const asked = [...changes, ...changes.toReversed(), ...changes].map((change) => ({ ...question, ...change }))
      const said = asked.map((one) => judge(policy, one))
      // A policy that is new to it has no answers yet.
      const afresh = new Map(changes.map((change) => [change, judge({ ...policy }, { ...question, ...change })]))
      const expected = [...changes, ...changes.toReversed(), ...changes].map((change) => afresh.get(change))
      expect(said, condition).toEqual(expected)
    }
  })

  test('is not said for another policy, nor for the next version of the same', () => {
    const judge = guardrailsJudge(() => 0)
    const [open, closed] = [policyOf('context.delegationDepth > 99'), policyOf('context.delegationDepth >= 0')]
    const said = [open, closed, open, { ...closed }, { ...open }].map((policy) => judge(policy, question).allowed)
    expect(said).toEqual([true, false, true, false, true])
  })

  test('is asked again where arguments are heard, and where it failed', () => {
    const policy = policyFor()
    const text = `@id("all") permit(principal, action, resource);
      @id("sum") forbid(principal, action == Action::"update", resource) when { context.arguments.amount > 100 };`
    const types = { update: '{ amount: Long }' }
    const read = readGuardrails([{ name: 'g.cedar', text }], { types, at: () => 'p:1:1' }, policy)
    if ('problems' in read) throw new Error(JSON.stringify(read.problems))
    const heard: Policy = { ...policy, guardrails: read.guardrails }
    let step = 0
    let millis = 0
    const judge = guardrailsJudge(() => (millis += step))
    const said = (amount: number) => judge(heard, { ...question, arguments: { amount } }).allowed
    expect([said(100), said(101), said(100), said(101)]).toEqual([true, false, true, false])
    const plain = policyOf('context.delegationDepth > 99')
    step = 2_000
    expect(judge(plain, question)).toEqual({ allowed: false, reason: 'guardrail-failed', guardrails: [] })
    step = 0
    expect(judge(plain, question)).toEqual({ allowed: true })
  })
})
