import { describe, expect, test } from 'vitest'
import { agent, question } from '../../test/support/guardrails.ts'
import { policyFor } from '../../test/support/life.ts'
import type { Policy } from '../core/policy.ts'
import type { GuardrailQuestion } from '../core/runtime.ts'
import { guardrailsJudge } from './judge.ts'
import { readGuardrails } from './read.ts'

const all = '@id("all") permit(principal, action, resource);'

function policyOf(text: string, types: Readonly<Record<string, string>> = {}): Policy {
  const policy = policyFor()
  const read = readGuardrails([{ name: 'g.cedar', text }], { types, at: () => 'p:1:1' }, policy)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return { ...policy, guardrails: read.guardrails }
}

const judge = guardrailsJudge(() => 0)
const said = (policy: Policy, parts: Partial<GuardrailQuestion> = {}) => {
  const answer = judge(policy, { ...question, ...parts })
  return answer.allowed ? 'allowed' : [answer.reason, ...answer.guardrails].join(' ')
}

describe('[agent/runtime-check] guardrails', () => {
  test('forbid what one of them forbids, and allow only what one of them permits', () => {
    const policy = policyOf(
      `@id("ledger-by-day") permit(principal, action, resource in System::"sys_ledger")
      when { context.hour >= 8 && context.hour < 18 && context.weekday != "sunday" };
      @id("no-agents-of-others") forbid(principal is Workload, action, resource) unless { principal in Team::"team_payments" };
      @id("not-through-many") forbid(principal, action, resource) when { context.delegationDepth > 1 };
      @id("not-with-owner") forbid(principal, action, resource) when { context.people.contains(Person::"per_owner") && context.tool == "wipe" };`.replace(
        'context.tool == "wipe"',
        'context has tool && context.tool == "wipe"',
      ),
    )
    expect(said(policy)).toBe('allowed')
    expect(said(policy, { at: '2026-11-25T07:59:59.999Z' })).toBe('no-guardrail-permits')
    expect(said(policy, { at: '2026-11-22T12:00:00.000Z' })).toBe('no-guardrail-permits')
    expect(said(policy, { principal: { ...agent, teams: [] } })).toBe('guardrail-forbids no-agents-of-others')
    expect(said(policy, { chain: [agent, { ...agent, id: 'wl_other' }] })).toBe('guardrail-forbids not-through-many')
    expect(said(policy, { tool: 'wipe' })).toBe('guardrail-forbids not-with-owner')
    expect(said(policy, { tool: 'wipe', principal: { ...agent, controllers: [] } })).toBe('allowed')
  })

  test('[B07] a guardrail that fails is a no, although Cedar would go on without it', () => {
    const policy = policyOf(
      `${all} @id("sum") forbid(principal, action == Action::"update", resource)
      when { context.arguments.amount + 9223372036854775807 > 0 };`,
      { update: '{ amount: Long }' },
    )
    expect(said(policy, { arguments: { amount: 0 } })).toBe('guardrail-forbids sum')
    expect(said(policy, { arguments: { amount: 1 } })).toBe('guardrail-failed sum')
    // Of rules that nobody checked, nothing is believed either.
    const unchecked = (permit: string): Policy => ({
      ...policyFor(),
      guardrails: { permit: { all: permit }, forbid: {}, arguments: {}, mentions: [] },
    })
    expect(said(unchecked('permit(principal, action, resource) when { principal.nme == 1 };'))).toBe(
      'guardrail-failed all',
    )
    expect(said(unchecked('permit(principal'))).toBe('guardrail-failed')
    expect(
      said({
        ...unchecked(all),
        guardrails: { permit: { all }, forbid: {}, arguments: { update: 'entity' }, mentions: [] },
      }),
    ).toBe('guardrail-failed')
    expect(said(policyFor())).toBe('guardrail-failed')
  })

  test('[B07] an answer that took too long is none', () => {
    let millis = 0
    const slow = guardrailsJudge(() => (millis += 1_000))
    const slower = guardrailsJudge(() => (millis += 1_001))
    expect(slow(policyOf(all), question)).toEqual({ allowed: true })
    expect(slower(policyOf(all), question)).toEqual({ allowed: false, reason: 'guardrail-failed', guardrails: [] })
  })

  test('[B14] arguments that are not what the rules say are refused, whatever they pretend to be', () => {
    const policy = policyOf(
      `${all} @id("small") forbid(principal, action == Action::"update", resource) when { context.arguments.amount > 100 };`,
      { update: '{ amount: Long, note?: String, tags?: Set<String> }' },
    )
    expect(said(policy, { arguments: { amount: 100, note: 'x', tags: ['a'] } })).toBe('allowed')
    expect(said(policy, { arguments: { amount: 101 } })).toBe('guardrail-forbids small')
    const odd: readonly unknown[] = [
      undefined,
      {},
      { amount: '1' },
      { amount: 1.5 },
      { amount: 2 ** 60 },
      { amount: null },
      { amount: 1, more: 1 },
      { amount: [1] },
      { amount: { __entity: { type: 'Person', id: 'per_x' } } },
      { amount: { __extn: { fn: 'decimal', arg: '1.0' } } },
      { amount: 1, note: { __expr: '1' } },
      { amount: 1, note: '\ud800' },
      JSON.parse('{ "amount": 1, "__proto__": { "amount": 2 } }'),
      { amount: 1, note: 'x'.repeat(100_001) },
      { amount: 1, tags: Array.from({ length: 3_000 }, () => 'a') },
      [1],
      { amount: 1, tags: nested(40) },
    ]
    expect(odd.map((one) => said(policy, { arguments: one as Record<string, unknown> }))).toEqual(
      odd.map(() => 'guardrail-failed'),
    )
    // Of an action nobody described the arguments are not heard, so they cannot confuse anything.
    expect(said(policy, { action: 'select', arguments: { amount: { __entity: 1 } } })).toBe('allowed')
  })

  test('[B13] names that could be something else are entities of their own', () => {
    const policy = policyOf(`${all}
      @id("not-entries") forbid(principal, action, resource == Resource::"sys_ledger/ledger.entries");
      @id("not-payments") forbid(principal in Team::"team_payments", action, resource);`)
    const outside = { ...agent, teams: [] }
    expect(said(policy, { principal: outside })).toBe('guardrail-forbids not-entries')
    expect(said(policy, { principal: outside, system: 'sys_other' })).toBe('allowed')
    // Called like a team, and no member of it; called like another resource of another system, and not that one.
    expect(said(policy, { principal: { ...outside, id: 'team_payments' }, resource: 'ledger.accounts' })).toBe(
      'allowed',
    )
    expect(said(policy, { principal: outside, system: 'sys_other', resource: 'x/ledger.entries' })).toBe('allowed')
    expect(said(policy, { principal: outside, resource: '"; }' })).toBe('allowed')
    expect(said(policy, { principal: outside, action: 'drop' })).toBe('guardrail-failed')
  })

  test('many rules one after the other do not end up in each other’s place', () => {
    const allowing = policyOf(all)
    const forbidding = Array.from({ length: 12 }, (_, n) =>
      policyOf(`${all} @id("f${n}") forbid(principal, action, resource);`),
    )
    for (const [n, policy] of forbidding.entries()) {
      expect(said(policy)).toBe(`guardrail-forbids f${n}`)
      expect(said(allowing)).toBe('allowed')
    }
    expect(said(forbidding[0] as Policy)).toBe('guardrail-forbids f0')
  })
})

function nested(depth: number): unknown {
  return depth === 0 ? 'a' : [nested(depth - 1)]
}
