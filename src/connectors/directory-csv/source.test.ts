import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { policyWith } from '../../../test/support/directories.ts'
import {
  compiledFrom,
  folderWith,
  problemsOf,
  sentencesOf,
  spoiled,
  undescribedIn,
} from '../../../test/support/sources.ts'
import { accessOf, onDuty, personsControlling, resolveAccount } from '../../core/compile.ts'
import { tableNames, tables } from './content.ts'
import { type DirectoryCsvOptions, directoryCsv } from './source.ts'

const fixture = join(import.meta.dirname, 'fixture')
const now = '2026-11-24T12:00:00.000Z'

function sourceAt(path: string, more: Partial<DirectoryCsvOptions> = {}) {
  return directoryCsv({
    source: 'hr',
    staleAfterSeconds: 3_600,
    columns: {},
    elsewhere: [],
    issuers: ['company'],
    path,
    ...more,
  })
}

const problems = async (files: Readonly<Record<string, string>>, more: Partial<DirectoryCsvOptions> = {}) => {
  const folder = await folderWith({ 'people.csv': 'id,name\nann,Ann\nbob,Bob\n', ...files })
  return problemsOf(sourceAt(folder, more), now, folder)
}

test('people, teams, memberships and everything else, with a byte order mark, quotes and semicolons', async () => {
  const snapshot = await sourceAt(fixture).read(now)
  expect(undescribedIn(snapshot)).toEqual([])
  const name = (id: string) => snapshot.nodes.find((node) => node.id === id)
  expect(name('per_maria')).toEqual({ id: 'per_maria', kind: 'person', name: 'Oliveira, Maria' })
  expect(name('per_simone')?.name).toBe('Simone "Mone" Pellegrini')
  expect(name('per_tomas')).toMatchObject({ name: 'Tomáš Horák', until: '2026-10-01T00:00:00.000Z' })
  expect(name('per_ulrike')).toMatchObject({ external: true })
  expect(name('wl_old-agent')).toMatchObject({ workloadKind: 'agent', until: '2026-01-01T00:00:00.000Z' })
  expect(
    sentencesOf(snapshot)
      .filter((sentence) => !sentence.startsWith('acc_'))
      .sort(),
  ).toEqual([
    'per_maria member-of team_payments',
    'per_maria member-of team_security',
    'per_maria on-rota rota_payments-primary',
    'per_maria reports-to per_priya',
    'per_priya administers sys_ledger-db',
    'per_priya maintains team_payments',
    'per_priya member-of team_payments',
    'per_simone member-of team_security',
    'per_simone sponsors per_ulrike',
    'per_tomas member-of team_payments',
    'per_tomas reports-to per_priya',
    'team_payments owns sys_ledger-db',
    'team_payments owns wl_settlement-bot',
    'team_payments part-of team_everyone',
    'team_security part-of team_everyone',
  ])
  const begun = snapshot.relations.filter(({ relation, since }) => relation === 'member-of' && since !== undefined)
  expect(begun.map(({ from, to, since }) => `${from} ${to} ${since?.slice(0, 10)}`).sort()).toEqual([
    'per_maria team_payments 2022-06-01',
    'per_maria team_security 2021-01-01',
    'per_priya team_payments 2020-04-01',
    'per_simone team_security 2021-01-01',
  ])
  const ended = snapshot.relations.filter(({ until }) => until !== undefined)
  expect(ended.map(({ from, to, until }) => `${from} ${to} ${until?.slice(0, 10)}`).sort()).toEqual([
    'per_maria team_security 2022-05-31',
    'per_tomas per_priya 2026-10-01',
    'per_tomas team_payments 2026-10-01',
  ])
})

test('what it means: accounts, access, duty, leave, and who is behind a workload', async () => {
  const directory = compiledFrom(now, await sourceAt(fixture).read(now))
  expect(resolveAccount(directory, 'company', 'maria', now)).toMatchObject({ person: 'per_maria', confirmed: true })
  expect(resolveAccount(directory, 'sys_ledger-db', 'maria_p', now)).toMatchObject({ confirmed: false })
  expect(accessOf(directory, ['per_maria'], now).map(({ entitlement }) => entitlement)).toEqual([
    'ledger-post',
    'ledger-read',
    'ledger-write',
  ])
  expect(onDuty(directory, 'rota_payments-primary', now)).toEqual(['per_maria'])
  expect(personsControlling(directory, 'wl_settlement-bot', now, policyWith({}))).toEqual(['per_maria', 'per_priya'])
})

describe('columns of other names', () => {
  const export_ = 'Employee ID,Full name,Boss,Cost centre\nE17,Ann,,1\nE18,Bob,E17,2\n'
  const columns = { people: { id: 'Employee ID', name: 'Full name', manager: 'Boss' } }

  test('are read once they are named; the rest of such a file is passed over', async () => {
    const snapshot = await sourceAt(await folderWith({ 'people.csv': export_ }), { columns }).read(now)
    expect(snapshot.nodes.map(({ id, name }) => `${id} ${name}`)).toEqual(['per_e17 Ann', 'per_e18 Bob'])
    expect(sentencesOf(snapshot)).toEqual(['per_e18 reports-to per_e17'])
    expect(await problems({ 'people.csv': export_ })).toEqual([
      'people.csv:1: the column `id` is missing',
      'people.csv:1: the column `name` is missing',
      'people.csv:1: the column `Employee ID` is not known',
      'people.csv:1: the column `Full name` is not known',
      'people.csv:1: the column `Boss` is not known',
      'people.csv:1: the column `Cost centre` is not known',
    ])
  })
})

describe('[fail/closed] what is wrong is told by file, line and column', () => {
  test('the table itself', async () => {
    expect(await problems({ 'people.csv': 'id,name\nann,Ann,x\n' })).toEqual([
      'people.csv:2: has more or fewer cells than the first line has columns',
    ])
    expect(await problems({ 'people.csv': 'id,name\nann,"Ann\n\n' })).toEqual([
      'people.csv:3: the file ends inside a quoted cell; a quote above is never closed',
    ])
    expect(await problems({ 'people.csv': 'id,name\nann,A"nn\n' })).toEqual([
      'people.csv:2: a quote stands inside a cell; put the whole cell in quotes and double it',
    ])
    expect(await problems({ 'people.csv': '' })).toEqual(['people.csv:1: is empty; its first line names the columns'])
    expect(await problems({ 'people.csv': 'id,name,id\n' })).toEqual(['people.csv:1: the column `id` is there twice'])
    expect(await problems({ 'people.csv': 'id,name,managr\n' })).toEqual([
      'people.csv:1: the column `managr` is not known; did you mean `manager`?',
    ])
    expect(await problems({ 'membership.csv': 'person,team\n' })).toEqual([
      'membership.csv:1: is none of the files that are read; did you mean `memberships`?',
    ])
    expect(await problemsOf(sourceAt('/nowhere'), now)).toEqual(['/nowhere:1: cannot be read: ENOENT'])
    const empty = await folderWith({ 'teams.csv': 'id,name\n' })
    expect(await problemsOf(sourceAt(empty), now, empty)).toEqual(['people.csv:1:1: cannot be read: ENOENT'])
    const latin = await folderWith({})
    const { writeFile } = await import('node:fs/promises')
    await writeFile(join(latin, 'people.csv'), Buffer.from('id,name\nann,Ren\xe9\n', 'latin1'))
    expect(await problemsOf(sourceAt(latin), now, latin)).toEqual(['people.csv:1:1: is not UTF-8 text'])
  })

  test('lines are those of the file, also behind cells of several lines and empty ones', async () => {
    expect(
      await problems({ 'people.csv': 'id,name,since\r\n\r\nann,"A\r\nnn",2026-11-01\r\nbob,Bob,yesterday\r\n' }),
    ).toEqual([
      'people.csv:3: `name`: expected a name without control or direction characters, got `A\\u{a}nn`',
      'people.csv:5: `since`: expected a moment such as `2026-11-22T10:00:00Z` or a date such as `2026-11-22`, got `yesterday`',
    ])
  })

  test('names that lead nowhere, loops, ends before beginnings, words nobody knows', async () => {
    expect(
      await problems({
        'teams.csv': 'id,name,parent\npay,Pay,\n',
        'memberships.csv':
          'person,team,role,since,until\nann,payy,,,\nanne,pay,,,\nann,pay,boss,2026-02-01,2026-01-01\n,pay,,,\n',
        'relations.csv': 'from,relation,to\nann,likes,bob\nann,owns,bob\nann,same-as,ann\n',
      }),
    ).toEqual([
      'memberships.csv:2: `team`: unknown team `payy`; did you mean `pay`?',
      'memberships.csv:3: `person`: unknown person `anne`; did you mean `ann`?',
      'memberships.csv:4: `role`: expected one of `member`, `maintainer`, got `boss`',
      'memberships.csv:4: `until`: ends before it starts',
      'memberships.csv:5: `person`: is empty',
      expect.stringMatching(/^relations\.csv:2: `relation`: expected one of `owns`, .*, got `likes`$/),
      'relations.csv:3: `to`: unknown workload or system `bob`',
      'relations.csv:4: `to`: `per_ann` is this entry itself',
    ])
    expect(await problems({ 'people.csv': 'id,name,manager\nann,Ann,bob\nbob,Bob,ann\n' })).toEqual([
      'people.csv:2: reports to themselves in the end: `per_ann` → `per_bob` → `per_ann`',
    ])
    expect(await problems({ 'teams.csv': 'id,name,parent\na,A,a\n' })).toEqual([
      'teams.csv:2: `parent`: `a` is this entry itself',
    ])
  })

  test('nobody confirms an account of their own, and one account has one owner', async () => {
    expect(
      await problems({
        'accounts.csv':
          'owner,on,login,confirmed_by\nann,company,ann,ann\nann,company,a,bob\nbob,company,a,ann\nbob,forge,b,\n',
      }),
    ).toEqual([
      'accounts.csv:2: `confirmed_by`: nobody confirms an account of their own',
      expect.stringMatching(
        /^accounts\.csv:4: `login`: `a` on `company` already belongs to somebody at .*accounts\.csv:3$/,
      ),
      'accounts.csv:5: `on`: unknown system `forge`',
    ])
  })
})

describe('[B13] names that could be taken for each other', () => {
  test('ids that differ in letter case, a slash, a glob, a look-alike letter', async () => {
    expect(await problems({ 'people.csv': 'id,name\nann,Ann\nANN,Ann\n' })).toEqual([
      expect.stringMatching(/^people\.csv:3: `id`: `ANN` is already defined at .*people\.csv:2$/),
    ])
    for (const id of ['a/b', 'a*', 'аnn', 'a b', 'ann@example.org', '-ann', 'team_x', '__proto__']) {
      expect(await problems({ 'people.csv': `id,name\n"${id}",Ann\n` }), id).toHaveLength(1)
    }
    expect(
      await problems({ 'access.csv': 'holder,system,entitlement\nann,sys_x,"a\u200bb"\n' }, { elsewhere: ['sys'] }),
    ).toEqual(['access.csv:2: `entitlement`: expected visible characters only, got `a\\u{200b}b`'])
  })

  test('a name that a person and a team have is asked about; the prefix of another kind is refused', async () => {
    const both = { 'teams.csv': 'id,name\nann,Ann\n', 'systems.csv': 'id,name\ns,S\n' }
    expect(await problems({ ...both, 'relations.csv': 'from,relation,to\nann,owns,s\nrota_x,owns,s\n' })).toEqual([
      'relations.csv:2: `from`: `ann` could be `per_ann` or `team_ann`; write which',
      'relations.csv:3: `from`: `rota_x` is a rota, expected a person or a team',
    ])
  })

  test('what another source defines is taken as it is once its kind is named, and only with its prefix', async () => {
    const files = { 'access.csv': 'holder,system,entitlement\nann,sys_cloud.x.y,developer\n' }
    expect(await problems(files)).toEqual(['access.csv:2: `system`: unknown system `sys_cloud.x.y`'])
    const folder = await folderWith({ 'people.csv': 'id,name\nann,Ann\n', ...files })
    const snapshot = await sourceAt(folder, { elsewhere: ['sys'] }).read(now)
    expect(snapshot.access).toEqual([{ holder: 'per_ann', system: 'sys_cloud.x.y', entitlement: 'developer' }])
    expect(
      await problems({ 'access.csv': 'holder,system,entitlement\nann,cloud.x.y,developer\n' }, { elsewhere: ['sys'] }),
    ).toHaveLength(1)
  })
})

test('the revision follows the text of every file', async () => {
  const first = await sourceAt(fixture).read(now)
  expect((await sourceAt(fixture).read(now)).source).toEqual(first.source)
  const other = await spoiled(fixture, {
    'teams.csv': 'id,name\neveryone,Everyone\npayments,Payments\nsecurity,Security\n',
  })
  expect((await sourceAt(other).read(now)).source.revision).not.toBe(first.source.revision)
})

test('docs/directory.md names every file and column', () => {
  const text = readFileSync('docs/directory.md', 'utf8')
  for (const name of tableNames) {
    const { needed, optional } = tables[name]
    const columns = [...needed.map((column) => `**\`${column}\`**`), ...optional.map((column) => `\`${column}\``)].join(
      ', ',
    )
    expect(text, name).toContain(`| \`${name}.csv\` | ${columns} |`)
  }
})
