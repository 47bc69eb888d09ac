import { describe, expect, test } from 'vitest'
import { policyFor } from '../../test/support/life.ts'
import { readGuardrails } from './read.ts'

const all = '@id("all")\npermit(principal, action, resource);\n'

function read(text: string, types: Readonly<Record<string, string>> = {}) {
  const written = { types, at: (action: string) => `policy.yaml:9:5 (${action})` }
  return readGuardrails([{ name: 'guardrails.cedar', text }], written, policyFor())
}

function problems(text: string, types: Readonly<Record<string, string>> = {}): readonly string[] {
  const answer = read(text, types)
  return 'problems' in answer ? answer.problems.map(({ where, message }) => `${where} ${message}`) : []
}

describe('guardrails are read', () => {
  test('each under its name, by its effect, with the people and teams it names', () => {
    const text = `${all}
// At night nobody of the payments team touches anything.
@id("not-at-night")
forbid(principal in Team::"team_payments", action, resource in System::"sys_ledger")
when { context.hour < 6 };
`
    expect(read(text, { update: '{ amount: Long, note?: String }' })).toMatchObject({
      guardrails: {
        permit: { all: '@id("all")\npermit(principal, action, resource);' },
        forbid: { 'not-at-night': expect.stringContaining('context.hour < 6') },
        arguments: { update: '{ amount: Long, note?: String }' },
        mentions: ['team_payments'],
      },
    })
  })

  test.each([
    ['permit(principal action, resource);', /^guardrails\.cedar:1:18 unexpected token `action`/],
    ['permit(principal, action, resource);', /^guardrails\.cedar:1:1 has no name; write `@id/],
    [`${all}@id("all") forbid(principal, action, resource);`, /:3:1 `all` is already the name of the one at .*:1:1$/],
    [`${all}@id("A b") forbid(principal, action, resource);`, /:3:1 `@id` wants lower-case letters/],
    [
      `${all}@id("x") forbid(principal, action, resource)\nwhen { principal.nme == "x" };`,
      /:4:8 attribute `nme` on entity type `Person` not found/,
    ],
    [
      `// ünïcödé\n${all}@id("x") forbid(principal, action, resource) when { context.nme == 1 };`,
      /:4:53 attribute `nme`/,
    ],
    [
      `${all}@id("x") forbid(principal, action == Action::"drop", resource);`,
      /:3:.*unrecognized action `Action::"drop"`/,
    ],
    [
      `${all}@id("x") forbid(principal, action, resource) when { context.arguments.amount > 1 };`,
      /attribute `arguments`/,
    ],
    [`${all}@id("x") forbid(principal, action, resource) when { context.hour == "a" };`, /:3:.*types/],
    [`${all}@id("x") forbid(principal == ?principal, action, resource);`, /templates are not taken/],
    [
      `${all}@id("x") forbid(principal, action, resource in System::"sys_legder");`,
      /:3:1 `System::"sys_legder"` is nothing in the catalogue; did you mean `sys_ledger`/,
    ],
    [
      `${all}@id("x") forbid(principal == Person::"team_payments", action, resource);`,
      /ids of that kind begin with `per_`/,
    ],
    ['@id("x") forbid(principal, action, resource);', /nothing permits anything/],
    ['', /nothing permits anything/],
  ])('what is wrong is named by its place: %j', (text, message) => {
    expect(problems(text)).toContainEqual(expect.stringMatching(message))
  })

  test.each([
    ['{ amount: Lnog }', /Lnog/],
    ['Long', /is no record/],
    ['{}; entity Person', /more than one type/],
    ['{ amount: Long }; action "drop" appliesTo { principal: [A], resource: [A] }; entity A', /more than one type/],
    ['{ amount', /./],
  ])('the type of arguments is one record and nothing beside it: %j', (type, message) => {
    const found = problems(all, { update: type })
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).toMatch(message)
  })

  test('arguments of an action that nothing offers', () => {
    expect(problems(all, { drop: '{ a: Long }' })).toEqual([
      'policy.yaml:9:5 (drop) no entitlement offers the action `drop`',
    ])
  })
})
