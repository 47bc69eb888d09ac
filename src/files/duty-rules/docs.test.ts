/** The page about duties: its files are read, and what it says is found in them is what is found. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as door from '../../core/duties.ts'
import * as readers from './index.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/duties.md'), 'utf8')

function block(kind: string): { name: string; text: string } {
  const [, text = ''] = new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``).exec(page) ?? []
  return { name: kind, text }
}

function value<Value>(read: { readonly value: Value } | { readonly problems: readonly unknown[] }): Value {
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

const rule: door.SeparationRule = {
  id: 'p2p-01',
  name: 'Vendor data and payments',
  severity: 'critical',
  functions: ['maintain-vendor-master', 'process-execute-vendor-payment'],
  conflictsFrom: 2,
  controls: ['payment-recount'],
}

function holdings(): door.Holdings {
  const contents = value(readers.readEntitlements([block('yaml entitlements')]))
  const functions = [
    { id: 'maintain-vendor-master', name: 'Vendor master', duties: ['FK01', 'FK02', 'XK01'] },
    { id: 'process-execute-vendor-payment', name: 'Payments', duties: ['F110', 'F-53'] },
  ]
  const compiled = door.compileDuties({ ...contents, functions, rules: [rule] })
  return door.scan(compiled, value(readers.readAssignments(block('text assignments'))).assignments)
}

test('the conflicts of the example are those that are found', () => {
  const all = holdings()
  const lines = [...all.allBroken()].map((broken) => {
    const sides = door.conflictOf(all, broken)?.sides.map(({ function: id, through }) => {
      const ways = through.map(({ path, duties }) => `${path.join(' › ')} (${duties.join(', ')})`)
      return `${id}: ${ways.join(', ')}`
    })
    return `${broken.holder.padEnd(8)}  ${broken.rule}  ${sides?.join('; ')}`
  })
  expect(`${lines.join('\n')}\n`).toBe(block('text conflicts').text)
  expect(door.brokenAlone(all.duties, all)).toEqual([{ entitlement: 'Z_AP_ALL', rules: ['p2p-01'] }])
})

test('the mitigation of the example covers, and not for ever', () => {
  const mitigations = value(readers.readMitigations([block('yaml mitigations')]))
  const coveredAt = (now: string) =>
    door
      .coverageOf(
        holdings(),
        mitigations.map((each) => door.coverOfMitigation(each, now)),
        now,
      )
      .covered.map(({ holder }) => holder)
  expect(coveredAt('2026-11-22T12:00:00.000Z')).toEqual(['per_ana'])
  expect(coveredAt('2026-11-27T00:00:00.000Z')).toEqual([])
})

test('every function the page names is there', () => {
  const named = [...page.slice(page.indexOf('## In code')).matchAll(/`(?:Holdings\.)?([a-z]\w+)`/g)].map(
    ([, name = '']) => name,
  )
  const known = new Set([
    ...Object.keys(door),
    ...Object.keys(readers),
    ...Object.getOwnPropertyNames(door.Holdings.prototype),
    'doubts',
  ])
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})
