import { describe, expect, test } from 'vitest'
import { UsageError } from '../usage-error.ts'
import { type ConditionOptions, conditionsOf } from './conditions.ts'

const read = (options: ConditionOptions) => conditionsOf(options, '--')

describe('conditions as people type them', () => {
  test('arguments by value, beginning, bounds and absence', () => {
    expect(
      read({ argument: ['env=staging,3,"3",true', 'path^=/a/,/b/', 'amount>=1', 'amount<=10', '!force'] }).arguments,
    ).toEqual([
      { argument: 'env', oneOf: ['staging', 3, '3', true] },
      { argument: 'path', startsWith: ['/a/', '/b/'] },
      { argument: 'amount', atLeast: 1, atMost: 10 },
      { argument: 'force', absent: true },
    ])
  })

  test('tools, rate, bytes, delegation, hours', () => {
    const digest = `sha256:${'a'.repeat(64)}`
    expect(
      read({
        tool: ['read', `write@${digest}`],
        rate: '10/1m',
        bytes: '5m',
        delegationDepth: '0',
        onlyArguments: true,
        hours: ['mon-wed,sun 08:00-18:00 +01:00', '00:00-24:00 +00:00'],
      }),
    ).toEqual({
      tools: [{ name: 'read' }, { name: 'write', digest }],
      argumentsClosed: true,
      rate: { usesMax: 10, per: 'PT1M' },
      bytesMax: 5_000_000,
      delegationDepthMax: 0,
      hours: [
        { days: ['mon', 'tue', 'wed', 'sun'], from: '08:00', to: '18:00', offset: '+01:00' },
        { from: '00:00', to: '24:00', offset: '+00:00' },
      ],
    })
  })

  test.each<ConditionOptions>([
    { argument: ['env'] },
    { argument: ['env=1', 'env=2'] },
    { argument: ['env<=ten'] },
    { rate: '10' },
    { rate: '0/1m' },
    { bytes: '-5' },
    { delegationDepth: '17' },
    { hours: ['fri-mon 08:00-18:00 +01:00'] },
    { hours: ['08:00-18:00'] },
    { tool: [''] },
  ])('%j is asked for again', (options) => {
    expect(() => read(options)).toThrow(UsageError)
  })
})
