import { expect, test } from 'vitest'
import { readAssignments } from './assignments.ts'
import { realData } from './sources.contract.ts'

function read(text: string) {
  return readAssignments({ name: 'held.txt', text })
}

test('a line is a holder and an entitlement, apart by spaces or by a tab', () => {
  expect(read('# who has what\n  per_ana   ledger-write\n\nper_ben\tZ FI CLERK\r\nper_ana ledger-write\n')).toEqual({
    value: {
      assignments: [
        { holder: 'per_ana', entitlement: 'ledger-write' },
        { holder: 'per_ben', entitlement: 'Z FI CLERK' },
        { holder: 'per_ana', entitlement: 'ledger-write' },
      ],
      entitlements: [
        { id: 'ledger-write', duties: [] },
        { id: 'Z FI CLERK', duties: [] },
      ],
      counts: { holders: 2, entitlements: 2, pairs: 3 },
    },
  })
})

test('a line that is no pair is told, with its number', () => {
  expect(read('per_ana ledger-write\nper_ben\nper_ana Z FI CLERK\n')).toEqual({
    problems: [
      {
        where: 'held.txt:2:1',
        message: 'expected a holder and an entitlement, apart by a tab or by spaces, got `per_ben`',
      },
      {
        where: 'held.txt:3:1',
        message: 'expected a holder and an entitlement, apart by a tab or by spaces, got `per_ana Z FI CLERK`',
      },
    ],
  })
})

test('every matrix has as many users, permissions and pairs as it is said to have', (context) => {
  // By awk: `{u[$1]; p[$2]} END {print length(u), length(p), NR}`; no pair stands there twice.
  const measured = {
    americas_small: [3477, 1587, 105_205],
    apj: [2044, 1164, 6841],
    domino: [79, 231, 730],
    fire1: [365, 709, 31_951],
    hc: [46, 46, 1486],
  }
  for (const [matrix, [holders, entitlements, pairs]] of Object.entries(measured)) {
    const answer = readAssignments(realData(`matrices/${matrix}.txt`, 'the matrices were not counted', context))
    expect([matrix, 'value' in answer && answer.value.counts]).toEqual([matrix, { holders, entitlements, pairs }])
  }
})
