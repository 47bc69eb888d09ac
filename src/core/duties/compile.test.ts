import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CompiledDuties, compileDuties } from './compile.ts'
import { naiveHolds, someDuties } from './naive.contract.ts'
import { type Duties, dutiesOfPolicy, dutiesProblems } from './rules.ts'

const roles: Duties = {
  entitlements: [
    { id: 'finance', duties: [], contains: ['payables', 'reporting'] },
    { id: 'payables', duties: ['FK02', 'FK01'], contains: ['payments'] },
    { id: 'payments', duties: ['F110'], contains: ['finance'] },
    { id: 'reporting', duties: ['FBL1N'], contains: ['archive'] },
  ],
  functions: [
    { id: 'vendors', name: 'Vendor master', duties: ['FK01', 'FK02'] },
    { id: 'paying', name: 'Payments', duties: ['F110'] },
    { id: 'auditing', name: 'Audit', duties: ['AUD'], entitlements: ['reporting'] },
  ],
  rules: [
    {
      id: 'apart',
      name: 'Apart',
      severity: 'critical',
      functions: ['vendors', 'paying'],
      conflictsFrom: 2,
      controls: [],
    },
    { id: 'never', name: 'Never', severity: 'low', functions: ['auditing'], conflictsFrom: 1, controls: [] },
  ],
}

function way(duties: CompiledDuties, entitlement: string, functionId: string) {
  const func = duties.functions.findIndex(({ id }) => id === functionId)
  return duties.wayTo(duties.entitlements.numberOf(entitlement) as number, func)
}

test('an entitlement holds what it contains, however deep and however circular', () => {
  const compiled = compileDuties(roles)
  expect(way(compiled, 'finance', 'paying')).toEqual({ path: ['finance', 'payables', 'payments'], duties: ['F110'] })
  expect(way(compiled, 'payments', 'vendors')).toEqual({
    path: ['payments', 'finance', 'payables'],
    duties: ['FK01', 'FK02'],
  })
  expect(way(compiled, 'payables', 'vendors')).toEqual({ path: ['payables'], duties: ['FK01', 'FK02'] })
})

test('a function may name an entitlement itself, and whatever contains it holds the function too', () => {
  const compiled = compileDuties(roles)
  expect(way(compiled, 'reporting', 'auditing')).toEqual({ path: ['reporting'], duties: [] })
  expect(way(compiled, 'payments', 'auditing')).toEqual({ path: ['payments', 'finance', 'reporting'], duties: [] })
})

test('a way is found exactly where the function is held', () => {
  fc.assert(
    fc.property(someDuties, (duties) => {
      const compiled = compileDuties(duties)
      for (const entitlement of compiled.entitlements.names) {
        for (const { id } of compiled.functions) {
          const found = way(compiled, entitlement, id)
          expect(found !== undefined).toBe(naiveHolds(duties, [entitlement], id))
          if (found !== undefined) expect(found.path[0]).toBe(entitlement)
        }
      }
    }),
  )
})

test('what could only half be read is doubted', () => {
  const doubtful = [...roles.entitlements, { id: 'admin', duties: ['F*', 'fk01'] }]
  expect(compileDuties({ ...roles, entitlements: doubtful }).doubts).toEqual([
    { entitlement: 'reporting', why: 'contains-unknown', name: 'archive' },
    { entitlement: 'admin', why: 'pattern-read-as-name', name: 'F*' },
    { entitlement: 'admin', why: 'differs-in-case', name: 'fk01' },
  ])
})

test('read as patterns, the same names hold what they match', () => {
  const entitlements = [{ id: 'admin', duties: ['F1*', 'fk01'] }]
  const compiled = compileDuties({ ...roles, entitlements, dutyNames: 'wildcards' })
  expect(way(compiled, 'admin', 'paying')).toEqual({ path: ['admin'], duties: ['F1*'] })
  expect(way(compiled, 'admin', 'vendors')).toEqual({ path: ['admin'], duties: ['fk01'] })
  expect(compiled.doubts).toEqual([])
})

test('two descriptions of one entitlement add up', () => {
  const twice = [
    { id: 'clerk', duties: ['FK01'] },
    { id: 'clerk', duties: ['F110'] },
  ]
  const compiled = compileDuties({ ...roles, entitlements: twice })
  expect(way(compiled, 'clerk', 'vendors')).toBeDefined()
  expect(way(compiled, 'clerk', 'paying')).toBeDefined()
})

test('a rule that could never apply as written is refused', () => {
  const [apart, never] = roles.rules
  if (apart === undefined || never === undefined) throw new Error('the rules are gone')
  const wrong: Duties = {
    entitlements: [],
    functions: [
      ...roles.functions,
      { id: 'paying', name: 'Again', duties: ['x'] },
      { id: 'empty', name: 'Empty', duties: [] },
    ],
    rules: [
      { ...apart, id: 'unknown', functions: ['vendors', 'paing'] },
      { ...apart, id: 'twice', functions: ['vendors', 'vendors'] },
      { ...apart, id: 'too-many', conflictsFrom: 3 },
      { ...never, id: 'none', conflictsFrom: 0 },
      { ...never, id: 'neither', held: false },
      { ...never, id: 'backwards', exercised: { sameObject: false, withinSeconds: -1 } },
    ],
  }
  expect(dutiesProblems(wrong)).toEqual([
    'function `paying` stands there twice; keep one',
    'function `empty` names neither a duty nor an entitlement; nobody could hold it',
    'rule `unknown` names the unknown function `paing`',
    'rule `twice` names a function twice; keep one',
    'rule `twice` conflicts from 2 of 1 functions; say 1 to 1',
    'rule `too-many` conflicts from 3 of 2 functions; say 1 to 2',
    'rule `none` conflicts from 0 of 1 functions; say 1 to 1',
    'rule `neither` is about neither what is held nor what is done; say which',
    'rule `backwards` counts acts within -1 seconds; say zero or more',
  ])
  expect(() => compileDuties(wrong)).toThrow('duties cannot be compiled: function `paying` stands there twice')
  const pattern: Duties = {
    ...roles,
    functions: [{ id: 'all', name: 'All', duties: ['s3:*'] }],
    rules: [],
    dutyNames: 'wildcards',
  }
  expect(dutiesProblems(pattern)).toEqual(['function `all` names the pattern `s3:*`; list each duty by its exact name'])
})

test('a policy is analysed as it stands', () => {
  const duties = dutiesOfPolicy({
    systems: {
      sys_erp: {
        id: 'sys_erp',
        name: 'ERP',
        connector: 'erp',
        entitlements: {
          clerk: {
            id: 'clerk',
            name: 'Clerk',
            tier: 'low',
            resources: ['r'],
            actions: ['a'],
            duties: ['FK01'],
            target: {},
            kinds: ['access-override'],
          },
        },
      },
    },
    functions: { vendors: { id: 'vendors', name: 'Vendor master', duties: ['FK01'] } },
    dutyRules: {
      never: {
        id: 'never',
        name: 'Never',
        severity: 'low',
        functions: ['vendors'],
        conflictsFrom: 1,
        controls: [],
        tier: 'low',
      },
    },
  } as unknown as Parameters<typeof dutiesOfPolicy>[0])
  const compiled = compileDuties(duties)
  expect(way(compiled, 'sys_erp/clerk', 'vendors')).toEqual({ path: ['sys_erp/clerk'], duties: ['FK01'] })
})
