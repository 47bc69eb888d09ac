// Rules and cases from files, without a server: what is checked, what is run, and what is said when something is wrong.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { HandIns } from '../../src/cli/hand-ins.ts'
import { SourceError } from '../../src/connectors/directory.ts'
import { directoryYaml } from '../../src/connectors/directory-yaml/source.ts'
import { emptyDirectory } from '../../src/core/directory.ts'
import { applySource } from '../../src/core/merge.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { heard } from './support/context.ts'

const acme = resolve('examples/acme')
const scratch = scratchFolder('cli-policy')
afterAll(() => scratch.dispose())

const handIns = async () =>
  ({
    async directoryFromFiles(path, at) {
      try {
        return { facts: applySource(emptyDirectory, await directoryYaml({ source: 'files', path }).read(at), at, 400) }
      } catch (error) {
        if (error instanceof SourceError) return { problems: error.problems }
        throw error
      }
    },
  }) as HandIns

/** A copy of the sample organisation in which one text of one file is another. */
async function acmeWith(
  name: string,
  change?: { readonly file: string; readonly from: string | RegExp; readonly to: string },
): Promise<string> {
  const folder = join(scratch.folder, name)
  await cp(acme, folder, { recursive: true })
  if (change !== undefined) {
    const file = join(folder, change.file)
    const text = await readFile(file, 'utf8')
    const changed = text.replace(change.from, change.to)
    if (changed === text) throw new Error(`\`${change.file}\` does not hold ${change.from}`)
    await writeFile(file, changed)
  }
  return folder
}

async function cases(name: string, text: string): Promise<string> {
  const folder = join(scratch.folder, name)
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'cases.yaml')
  await writeFile(file, `cases:\n${text}`)
  return file
}

describe('policy check', () => {
  test('the sample organisation has the people its tiers need', async () => {
    const ran = await heard(['policy', 'check', acme], { handIns })
    expect(ran.exit).toBe(0)
    expect(ran.out).toMatch(/^critical +1 of the owners +1 of 7/m)
    const { tiers } = JSON.parse((await heard(['policy', 'check', acme, '--json'], { handIns })).out)
    expect(tiers).toHaveLength(4)
  })

  test('a wrong line is named, with its place and what was meant', async () => {
    const folder = await acmeWith('typo', { file: 'policy.yaml', from: 'windowMax: PT8H', to: 'windowMx: PT8H' })
    const ran = await heard(['policy', 'check', folder], { handIns })
    expect(ran.exit).toBe(7)
    expect(ran.out).toMatch(/policy\.yaml:\d+:\d+: unknown field `windowMx`; did you mean `windowMax`\?/)
    expect(JSON.parse((await heard(['policy', 'check', folder, '--json'], { handIns })).out)).toMatchObject({
      readable: false,
    })
  })

  test('[on-call/never-both-sides] a tier without enough people is found before anybody needs it', async () => {
    const folder = await acmeWith('deadlock', {
      file: 'policy.yaml',
      from: /pools: \[risk-approvers, outside-approvers\]/,
      to: 'pools: [risk-approvers]\n    countersignersMin: 9',
    })
    const ran = await heard(['policy', 'check', folder], { handIns })
    expect(ran.exit).toBe(7)
    expect(ran.out).toContain('tier-short-of-people')
    expect(ran.out).toContain('next: ')
  })

  test('a folder without a policy says where it looked', async () => {
    const ran = await heard(['policy', 'check', scratch.folder], { handIns })
    expect(ran).toMatchObject({ exit: 2, out: '' })
    expect(ran.err).toContain('holds no `policy.yaml`')
  })
})

describe('policy test', () => {
  test('the cases of the sample organisation pass', async () => {
    const ran = await heard(['policy', 'test', acme, '--json'], { handIns })
    expect(ran.exit).toBe(0)
    const { passed, failed } = JSON.parse(ran.out)
    expect(failed).toBe(0)
    expect(passed).toBeGreaterThan(10)
  })

  test.each([
    ['somebody on the team', 'mayDecide: [tomas]', '`per_tomas` is not independent: '],
    ['somebody of no pool', 'mayDecide: [anika]', '`per_anika` is in no pool that decides this'],
    ['somebody independent', 'mayNotDecide: { jamal: [] }', '`per_jamal` may decide'],
    [
      'another reason',
      'mayNotDecide: { amadou: [is-beneficiary] }',
      'lacks the conflict is-beneficiary; there is on-requesting-team',
    ],
    ['too few', 'onlyDeciders: [jamal]', 'may decide as well'],
    ['another tier', 'tier: low', 'expected `low`, got `high`'],
    ['another window', 'windowMax: PT8H', 'expected `28800`, got `14400`'],
    ['another refusal', 'refused: window-too-long', 'expected `window-too-long`, got none'],
    ['another number', 'countersigners: 2', 'expected `2`, got `1`'],
  ])('a case that expects %s wrongly fails, and says what came out', async (name, expectation, message) => {
    const file = await cases(
      name,
      `  - name: as it is\n    at: 2026-11-22T14:00:00Z\n    asks: maria\n    system: ledger-db\n    entitlement: entries-write\n    expect: { ${expectation} }\n`,
    )
    const ran = await heard(['policy', 'test', acme, '--cases', file], { handIns })
    expect(ran.exit).toBe(7)
    expect(ran.out).toContain(message)
    expect(ran.out).toContain('1 of 1 fail')
  })

  test('the path that proves it is read aloud', async () => {
    const file = await cases(
      'path',
      '  - name: mates\n    at: 2026-11-22T14:00:00Z\n    asks: maria\n    system: ledger-db\n    entitlement: entries-write\n    expect: { mayDecide: [tomas] }\n',
    )
    const ran = await heard(['policy', 'test', acme, '--cases', file], { handIns })
    expect(ran.out.replaceAll(/ *\n */g, ' ')).toContain(
      'Tomáš Horák (per_tomas) —member of→ Payments core (team_payments-core) ←member of— Maria Oliveira (per_maria)',
    )
  })

  test.each([
    ['asks: marya', 'did you mean `per_mar'],
    ['asks: maria\n    given: { remove: [per_maria member-of team_platform] }', 'does not hold anyway'],
    ['asks: maria\n    given: { add: [per_nobody member-of team_payments] }', 'the directory knows no `per_nobody`'],
  ])('[independence/unknown-is-not-independent] a case about nobody is a mistake: %s', async (who, message) => {
    const file = await cases(
      'mistake',
      `  - name: x\n    at: 2026-11-22T14:00:00Z\n    ${who}\n    system: ledger-db\n    entitlement: entries-write\n    expect: { tier: high }\n`,
    )
    const ran = await heard(['policy', 'test', acme, '--cases', file], { handIns })
    expect(ran.exit).toBe(7)
    expect(ran.out).toContain(message)
  })

  test('what a case adds, removes and puts on duty counts', async () => {
    const file = await cases(
      'as-if',
      [
        '  - name: as if jamal had joined',
        '    at: 2026-11-22T14:00:00Z',
        '    asks: maria',
        '    system: ledger-db',
        '    entitlement: entries-write',
        '    given: { add: [per_jamal member-of team_payments-core], onDuty: { risk-duty: [keiko], security-duty: [] } }',
        '    expect: { mayNotDecide: { jamal: [on-requesting-team] }, firstAsked: keiko }',
        '',
      ].join('\n'),
    )
    expect((await heard(['policy', 'test', acme, '--cases', file], { handIns })).out).toContain('1 of 1 pass')
  })
})

test('directory check names the wrong line', async () => {
  const folder = await acmeWith('directory', { file: 'directory.yaml', from: 'manager: adaeze', to: 'manager: adaze' })
  expect(await heard(['directory', 'check', acme], { handIns })).toMatchObject({ exit: 0 })
  const ran = await heard(['directory', 'check', folder], { handIns })
  expect(ran.exit).toBe(7)
  expect(ran.out).toMatch(/directory\.yaml:\d+:\d+: .*did you mean `adaeze`/)
})

describe('guardrails in Cedar', () => {
  const example = resolve('examples/guardrails')

  async function exampleWith(name: string, from: string, to: string): Promise<string> {
    const folder = join(scratch.folder, name)
    await cp(example, folder, { recursive: true })
    const file = join(folder, 'guardrails.cedar')
    const text = await readFile(file, 'utf8')
    if (!text.includes(from)) throw new Error(`no ${from}`)
    await writeFile(file, text.replace(from, to))
    return folder
  }

  test('the example holds, and says what it expects of uses', async () => {
    expect((await heard(['policy', 'check', example], { handIns })).exit).toBe(0)
    const ran = await heard(['policy', 'test', example], { handIns })
    expect([ran.exit, ran.out]).toEqual([0, expect.stringContaining('7 of 7 pass')])
  })

  test('a guardrail that says something else fails its cases, with the name of the one that does', async () => {
    const folder = await exampleWith('other-sum', '> 200', '> 20')
    const ran = await heard(['policy', 'test', folder], { handIns })
    expect(ran.exit).toBe(7)
    expect(ran.out).toContain('expected `allowed`, got `guardrail-forbids`, by `agents-refund-little`')
  })

  test('a mistake is named by line and column; a name nobody knows is found with the directory', async () => {
    const wrong = await exampleWith('wrong-type', 'hour < 6', 'hour < "6"')
    const ran = await heard(['policy', 'check', wrong], { handIns })
    expect([ran.exit, ran.out]).toEqual([7, expect.stringMatching(/guardrails\.cedar:14:43: unexpected type/)])
    const unknown = await exampleWith('unknown-team', 'team_packing', 'team_packers')
    const found = await heard(['policy', 'check', unknown], { handIns })
    expect([found.exit, found.out]).toEqual([7, expect.stringContaining('unknown-in-guardrail')])
  })

  test('the schema is there before the first guardrail is right', async () => {
    const folder = await exampleWith('broken', 'permit', 'premit')
    const ran = await heard(['policy', 'schema', folder], { handIns })
    expect([ran.exit, ran.out]).toEqual([0, expect.stringContaining('amount: Long')])
  })
})
