import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileDuties, scan } from '../../core/duties.ts'
import { readErpRules } from './erp.ts'
import { placeOf, realData } from './sources.contract.ts'

const name = 'erp-risks.json'
const text = readFileSync(join(import.meta.dirname, 'fixture', name), 'utf8')

interface Risk {
  risk_id: string
  [field: string]: unknown
  functions: { name: string; actions: string[] }[]
}

/** What is wrong when one risk is changed, and the place of some text in the changed file. */
function problemsWith(id: string, change: (risk: Risk) => void) {
  const risks = JSON.parse(text) as Risk[]
  change(risks.find(({ risk_id }) => risk_id === id) as Risk)
  const file = { name, text: JSON.stringify(risks, null, 1) }
  const read = readErpRules(file)
  return {
    problems: 'problems' in read ? read.problems : [],
    at: (wanted: string) => placeOf(wanted, file),
  }
}

function rules(of: string = text) {
  const read = readErpRules({ name, text: of }, { controls: ['recount'] })
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

test('risks become rules, and one function of two lists of codes becomes two', () => {
  const { rules: read, functions, counts } = rules()
  expect(read.map(({ id, severity, functions: sides, conflictsFrom }) => [id, severity, sides, conflictsFrom])).toEqual(
    [
      ['buy-01', 'critical', ['supplier-records', 'payment-run'], 2],
      ['buy-02', 'high', ['supplier-records-2', 'payment-run'], 2],
      ['pay-01', 'medium', ['payroll-status'], 1],
      ['pay-02', 'low', ['own-pay'], 1],
    ],
  )
  expect(read[0]).toMatchObject({ name: 'Keep supplier records and pay suppliers', controls: ['recount'] })
  expect(functions.map(({ id, duties }) => [id, duties])).toEqual([
    ['supplier-records', ['FK01', 'FK02', 'XK01']],
    ['payment-run', ['F110', 'F-53']],
    ['supplier-records-2', ['FK02', 'XK02', 'F110']],
    ['payroll-status', ['PU03']],
    ['own-pay', ['PA30']],
  ])
  expect(counts).toEqual({ rules: 4, functionNames: 4, functions: 5, duties: 8 })
})

test('what the rules do not say is noted', () => {
  expect(rules().notes.map(({ message }) => message)).toEqual([
    '2 functions also name authorization values; they are not judged, so whoever has the code is reported whatever the values',
    '`F110` does all sides of risk `BUY-02`; it is reported for everybody who has it',
    'risk `PAY-02` is about authorization values; it is reported for everybody who has one of its codes',
  ])
  const line = text.slice(0, text.indexOf('"BUY-02"')).split('\n').length
  expect(rules().notes[1]?.where).toMatch(new RegExp(`^${name}:(${line}|${line - 1}):`))
})

test('the rules find who breaks them', () => {
  const entitlements = [
    { id: 'Z_BUYER', duties: ['FK01', 'ME21N'] },
    { id: 'Z_PAYER', duties: ['F-53'] },
    { id: 'Z_PAYROLL', duties: ['PU03'] },
  ]
  const holdings = scan(compileDuties({ entitlements, ...rules() }), [
    { holder: 'per_ana', entitlement: 'Z_BUYER' },
    { holder: 'per_ana', entitlement: 'Z_PAYER' },
    { holder: 'per_ben', entitlement: 'Z_PAYROLL' },
  ])
  expect([...holdings.allBroken()]).toEqual([
    { holder: 'per_ana', rule: 'buy-01' },
    { holder: 'per_ben', rule: 'pay-01' },
  ])
})

test('a risk that stands there twice is told, whatever its letter case', () => {
  const { problems, at } = problemsWith('BUY-02', (risk) => {
    risk.risk_id = 'buy-01'
  })
  expect(problems).toEqual([{ where: at('"buy-01"'), message: '`buy-01` stands there twice; keep one' }])
})

test('a word that is none of those known is told, with the one that was probably meant', () => {
  const severity = problemsWith('BUY-02', (risk) => {
    risk.severity = 'HIHG'
  })
  expect(severity.problems).toEqual([
    {
      where: severity.at('"HIHG"'),
      message: 'expected one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, got `HIHG`; did you mean `HIGH`?',
    },
  ])
  const field = problemsWith('BUY-02', (risk) => {
    risk.proces = 'Purchasing'
  })
  expect(field.problems).toEqual([
    { where: field.at('"proces"'), message: 'unknown field `proces`; did you mean `process`?' },
  ])
})

test('a risk with too few or too many functions is told', () => {
  const few = problemsWith('PAY-01', (risk) => {
    risk.risk_type = 'SOD'
  })
  expect(few.problems[0]?.message).toBe('risk `PAY-01` is of type `SOD` and has one function; name at least two')
  const many = problemsWith('BUY-01', (risk) => {
    risk.risk_type = 'CRITICAL_ACTION'
  })
  expect(many.problems[0]?.message).toBe('risk `BUY-01` is of type `CRITICAL_ACTION` and has 2 functions; name one')
  const none = problemsWith('BUY-02', (risk) => {
    for (const each of risk.functions) each.actions = []
  })
  expect(none.problems.map(({ message }) => message)).toEqual(
    Array(2).fill('expected at least 1 entry, got an empty list'),
  )
  const same = problemsWith('BUY-02', (risk) => {
    risk.functions[0] = { name: 'Payment run', actions: ['F110', 'F-53'] }
  })
  expect(same.problems[0]?.message).toBe('`Payment run` is both sides of the risk; name another function')
})

test('a file of another shape is told', () => {
  const messages = (other: string) => {
    const read = readErpRules({ name, text: other })
    return 'problems' in read && read.problems.map(({ where, message }) => `${where}: ${message}`)
  }
  expect(messages('{"risks": []}')).toEqual([`${name}:1:1: expected a list, got a mapping`])
  expect(messages('[]')).toEqual([`${name}:1:1: expected at least 1 entry, got an empty list`])
  expect(messages('[{')).not.toEqual(false)
})

test('the whole rule set has as many risks, functions and transaction codes as it says of itself', (context) => {
  const whole = realData('erp-sod-ruleset.json', 'the counts of the ERP rule set were not compared', context)
  const { counts, notes } = rules(whole.text)
  // By jq: `length`; `[.[].functions[].name] | unique | length`; `[.[].functions[].actions[]] | unique | length`;
  // `[.[].functions[] | {name, a: (.actions | sort)}] | unique | length`.
  expect(counts).toEqual({ rules: 36, functionNames: 56, duties: 176, functions: 62 })
  // 70 functions in all, by `[.[].functions[]] | length`; one code that does both sides, one risk about values.
  expect(notes.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^70 functions/),
    expect.stringMatching(/`PFCG` does all sides of risk `BASIS-02`/),
    expect.stringMatching(/risk `CP-05`/),
  ])
})
