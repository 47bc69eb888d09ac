// Conflicts of duties from files, as somebody tries them first; nothing is asked of a server.
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { DutiesView } from '../../src/client/index.ts'
import { readPolicy } from '../../src/files/policy.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { sharedData } from '../support/shared-data.ts'
import { countersign, type Ran } from './support/command.ts'

const scratch = scratchFolder('cli-duties')
const example = ['--directory', resolve('examples/duties'), '--policy', resolve('examples/duties')]

afterAll(() => scratch.dispose())

function duties(...words: string[]): Promise<Ran> {
  return countersign(['duties', ...words], { home: scratch.folder })
}

test('the example: who, through what, by which team and bot, and an exit code for a pipeline', async () => {
  const checked = await duties('check', ...example, '--fail-on-uncovered')
  expect(checked).toMatchObject({ exit: 7 })
  expect(checked.out).toContain('9 assignments of 5 holders under 2 rules: 5 conflicts of 4 holders')
  expect(checked.out).toContain('Entitlements that break a rule by themselves')
  const ben = await duties('show', 'ben', ...example, '--adding', 'sys_erp/super-user')
  expect(ben.out).toContain('—operates→ Bank bot (wl_bank-bot)')
  expect(ben.out).toContain('—member of→ Payables (team_payables)')
  expect(ben.out).toContain('would break books-and-approval')
  expect(ben.out).toContain('breaks already, by one more way vendor-and-payment')
  const fixes = await duties('fixes', ...example)
  expect(fixes.out).toContain('3 drops end 4 of 4, 0 stay')
})

test('rules and lists of other systems, with mitigations as a file', async () => {
  const page = await readFile(resolve('docs/duties.md'), 'utf8')
  const block = (kind: string) => new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ''
  const at = (name: string) => join(scratch.folder, name)
  await writeFile(at('roles.yaml'), block('yaml entitlements'))
  await writeFile(at('held.txt'), block('text assignments'))
  await writeFile(at('mitigations.yaml'), block('yaml mitigations'))
  const risk = {
    risk_id: 'P2P-01',
    risk_type: 'SOD',
    severity: 'CRITICAL',
    name: 'Vendor data and payments',
    process: 'Purchasing',
    functions: [
      { name: 'Maintain vendor master', actions: ['FK01', 'FK02', 'XK01'] },
      { name: 'Process payments', actions: ['F110', 'F-53'] },
    ],
  }
  await writeFile(at('risks.json'), JSON.stringify([risk]))
  const ran = await duties(
    'check',
    '--rules',
    at('risks.json'),
    '--assignments',
    at('held.txt'),
    '--entitlements',
    at('roles.yaml'),
    '--mitigations',
    at('mitigations.yaml'),
    '--control',
    'payment-recount',
    '--json',
  )
  expect(ran).toMatchObject({ exit: 0 })
  const { conflicts, alone } = ran.json<DutiesView>()
  expect(conflicts.map(({ holder }) => holder).sort()).toEqual(['per_ana', 'per_chen'])
  // Whether its evidence is in time depends on the day this runs; that it is about her does not.
  const ana = conflicts.find(({ holder }) => holder === 'per_ana')
  const named = [...(ana?.coveredBy ?? []), ...(ana?.notCoveredBy ?? []).map(({ id }) => id)]
  expect(named).toEqual(['ana-payments-recount'])
  expect(alone).toEqual([{ entitlement: 'Z_AP_ALL', rules: ['p2p-01'] }])
})

describe('what is missing is asked for', () => {
  test.each([
    [['check', '--policy', resolve('examples/duties')], 2, 'who holds what?'],
    [['check', '--directory', resolve('examples/duties')], 2, 'which rules?'],
    [['import', resolve('examples/duties/policy.yaml'), '--tier', 'grave'], 7, 'is no list of ERP risks'],
  ])('%j', async (words, exit, sentence) => {
    const ran = await duties(...words)
    expect(ran).toMatchObject({ exit })
    expect(ran.out + ran.err).toContain(sentence)
  })
})

const erp = sharedData('erp-sod-ruleset.json', 'the import of the ERP risks by the command')
const toxic = sharedData('aws-toxic-permissions.json', 'the import of the toxic permissions by the command')

test.skipIf(!erp.isThere)('the ERP risks become sections that a policy takes', async () => {
  const out = join(scratch.folder, 'erp', 'rules.yaml')
  const ran = await duties('import', erp.path, '--tier', 'grave', '--out', out)
  expect(ran).toMatchObject({ exit: 0 })
  // 36 risks of 56 named functions with 176 codes, by jq; six names stand for more than one list of codes.
  expect(ran.out).toContain('36 rules of 62 functions and 176 duties')
  const example = await readFile(resolve('examples/duties/policy.yaml'), 'utf8')
  const kept = await duties('import', erp.path, '--tier', 'grave', '--policy', resolve('examples/duties'), '--json')
  const { rulesCount, leftOut } = kept.json<{ rulesCount: number; leftOut: readonly object[] }>()
  // No entitlement of the example lists a transaction code, and what a policy would refuse is left out by name.
  expect([rulesCount, leftOut.length]).toEqual([0, 36])
  const codes = [...(await readFile(out, 'utf8')).matchAll(/^ {6}- (\S+)$/gm)].map(([, code = '']) => code)
  const listing = `duties: [create-vendor, ${[...new Set(codes)].map((code) => `'${code.replaceAll("'", '')}'`).join(', ')}]`
  const policy = example.replace('duties: [create-vendor]', listing)
  const read = readPolicy([
    { name: 'policy.yaml', text: policy },
    { name: 'rules.yaml', text: await readFile(out, 'utf8') },
  ])
  expect('problems' in read ? read.problems : Object.keys(read.policy.dutyRules).length).toBe(36)
})

test.skipIf(!toxic.isThere)(
  'the toxic permissions are read, and those of one permission left out by name',
  async () => {
    const ran = await duties('import', toxic.path, '--tier', 'grave', '--json')
    // By jq: 65 sets, 22 of them of one permission.
    expect(ran.json()).toMatchObject({ form: 'toxic-permissions', counts: { rules: 65 }, rulesCount: 43 })
  },
)
