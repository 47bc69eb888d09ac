import { expect, test } from 'vitest'
import { readEntitlements } from './entitlements.ts'

const file = (text: string, name = 'roles.yaml') => ({ name, text })

test('contents are read from several files', () => {
  const first = file('dutyNames: wildcards\nentitlements:\n  "arn:aws:iam::1:role/Admin": { duties: ["iam:*"] }\n')
  const second = file(
    'entitlements:\n  Z_FI: { duties: [FK01], contains: [Z_FI_DISPLAY] }\n  Z_FI_DISPLAY: {}\n',
    'more.yaml',
  )
  expect(readEntitlements([first, second])).toEqual({
    value: {
      dutyNames: 'wildcards',
      entitlements: [
        { id: 'arn:aws:iam::1:role/Admin', duties: ['iam:*'], contains: [] },
        { id: 'Z_FI', duties: ['FK01'], contains: ['Z_FI_DISPLAY'] },
        { id: 'Z_FI_DISPLAY', duties: [], contains: [] },
      ],
    },
  })
  expect(readEntitlements([second])).toMatchObject({ value: { dutyNames: 'exact' } })
})

test('two descriptions, two readings of names, and unknown fields are told', () => {
  const one = file('dutyNames: exact\nentitlements:\n  Z_FI: { duties: [FK01] }\n')
  const other = file('dutyNames: wildcards\nentitlements:\n  Z_FI: { duties: [FK02] }\n', 'more.yaml')
  expect(readEntitlements([one, other])).toEqual({
    problems: [
      { where: 'more.yaml:1:12', message: '`wildcards` here and `exact` at roles.yaml:1:12; say one' },
      { where: 'more.yaml:3:3', message: '`Z_FI` is described at roles.yaml:3:3 as well; keep one' },
    ],
  })
  expect(readEntitlements([file('entitlements:\n  Z_FI: { duty: [FK01] }\n')])).toEqual({
    problems: [{ where: 'roles.yaml:2:11', message: 'unknown field `duty`; known here: `duties`, `contains`' }],
  })
})
