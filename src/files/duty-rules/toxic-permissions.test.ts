import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileDuties, type Duties, scan } from '../../core/duties.ts'
import { realData } from './sources.contract.ts'
import { readToxicPermissions } from './toxic-permissions.ts'

const name = 'toxic-permissions.json'
const text = readFileSync(join(import.meta.dirname, 'fixture', name), 'utf8')

function rules(of: string = text) {
  const read = readToxicPermissions({ name, text: of }, { severity: 'critical' })
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

function problems(changed: string): readonly string[] {
  const read = readToxicPermissions({ name, text: changed })
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where}: ${message}`) : []
}

function brokenBy(permissions: readonly string[], dutyNames: Duties['dutyNames'] = 'exact') {
  const entitlements = [{ id: 'role', duties: permissions }]
  const compiled = compileDuties({ entitlements, dutyNames, ...rules() })
  const broken = scan(compiled, [{ holder: 'wl_bot', entitlement: 'role' }]).brokenBy('wl_bot')
  return { broken, doubts: compiled.doubts.map(({ why }) => why) }
}

test('a set is a rule of as many functions as it has permissions, and all of them break it', () => {
  const { rules: read, counts } = rules()
  expect(
    read.map(({ id, functions, conflictsFrom, severity }) => [id, functions.length, conflictsFrom, severity]),
  ).toEqual([
    ['apprunner-001', 2, 2, 'critical'],
    ['apprunner-002', 1, 1, 'critical'],
    ['bedrock-001', 4, 4, 'critical'],
    ['cloudformation-005', 2, 2, 'critical'],
    ['codebuild-001', 3, 3, 'critical'],
  ])
  expect(counts).toEqual({ rules: 5, functionNames: 10, functions: 10, duties: 10 })
})

test('whoever holds the whole set breaks it, whoever holds most of it does not', () => {
  const set = ['iam:PassRole', 'codebuild:CreateProject', 'codebuild:StartBuild']
  expect(brokenBy(set).broken).toEqual(['codebuild-001'])
  expect(brokenBy(set.slice(0, 2)).broken).toEqual([])
  expect(brokenBy(['apprunner:UpdateService']).broken).toEqual(['apprunner-002'])
})

test('permissions are exact names unless they are said to be patterns, and then they are doubted', () => {
  expect(brokenBy(['iam:*', 'codebuild:*'])).toEqual({
    broken: [],
    doubts: ['pattern-read-as-name', 'pattern-read-as-name'],
  })
  expect(brokenBy(['iam:passrole'])).toEqual({ broken: [], doubts: ['differs-in-case'] })
  expect(brokenBy(['iam:P*', 'codebuild:*'], 'wildcards')).toEqual({ broken: ['codebuild-001'], doubts: [] })
  expect(brokenBy(['*'], 'wildcards').broken).toHaveLength(5)
})

test('problems point at the line and say what to do', () => {
  expect(problems(text.replace('"iam:PassRole"', '"iam:*"'))[0]).toMatch(
    /^toxic-permissions.json:\d+:\d+: `iam:\*` is a pattern; list each permission by its exact name$/,
  )
  expect(problems(text.replace('apprunner-002', 'apprunner-001'))[0]).toMatch(
    /: `apprunner-001` stands there twice; keep one$/,
  )
  expect(problems(text.replace('"apprunner:CreateService",', '"iam:PassRole",'))[0]).toMatch(
    /: `iam:PassRole` is listed twice; keep one$/,
  )
  expect(problems('[{"id": "x"}]')).toEqual([
    `${name}:1:2: missing field \`name\`: expected text`,
    `${name}:1:2: missing field \`permissions\`: expected a list`,
  ])
})

test('the whole list has as many sets as it says of itself', (context) => {
  const whole = realData('aws-toxic-permissions.json', 'the counts of the permission sets were not compared', context)
  const { rules: read, counts } = rules(whole.text)
  // By jq: `length`; `[.[].permissions[]] | unique | length`; `group_by(.permissions | length) | map(length)`.
  expect(counts).toEqual({ rules: 65, functionNames: 68, functions: 68, duties: 68 })
  const bySize = Map.groupBy(read, ({ conflictsFrom }) => conflictsFrom)
  expect([1, 2, 3, 4].map((size) => bySize.get(size)?.length)).toEqual([22, 24, 14, 5])
  expect(bySize.size).toBe(4)
})
