import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyWith } from '../../../test/support/directories.ts'
import { scratchFolder } from '../../../test/support/scratch-folder.ts'
import { admin, type Slapd, slapdIsThere, startSlapd, suffix } from '../../../test/support/slapd.ts'
import { compiledFrom, problemsOf, sentencesOf, undescribedIn } from '../../../test/support/sources.ts'
import { membersOfTeam, personsControlling, resolveAccount } from '../../core/compile.ts'
import { emptyDirectory } from '../../core/directory.ts'
import { applySource } from '../../core/merge.ts'
import { ldapSettings } from './settings.ts'
import { type DirectoryLdapOptions, directoryLdap } from './source.ts'

const now = '2027-01-22T12:00:00.000Z'

interface Person {
  readonly uid: string
  readonly cn?: string
  readonly more?: readonly string[]
}

const dnOf = (uid: string) => `uid=${uid},ou=people,${suffix}`
const person = ({ uid, cn = uid, more = [] }: Person) =>
  [`dn: ${dnOf(uid)}`, 'objectClass: inetOrgPerson', `uid: ${uid}`, `cn: ${cn}`, 'sn: x', ...more].join('\n')
const group = (cn: string, members: readonly string[], ...more: readonly string[]) =>
  [
    `dn: cn=${cn},ou=groups,${suffix}`,
    'objectClass: groupOfNames',
    `cn: ${cn}`,
    ...members.map((dn) => `member: ${dn}`),
    ...more,
  ].join('\n')
const unit = (name: string) => `dn: ou=${name},${suffix}\nobjectClass: organizationalUnit\nou: ${name}`
const groupDn = (cn: string) => `cn=${cn},ou=groups,${suffix}`

const ldif = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
  ...['people', 'groups', 'elsewhere', 'services'].map(unit),
  `dn: cn=reader,ou=services,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: read`,
  person({
    uid: 'priya',
    cn: 'Priya Raman',
    more: [`manager: ${dnOf('priya')}`, 'departmentNumber: Payments 7', 'mail: priya@example.org'],
  }),
  person({
    uid: 'maria',
    cn: 'Maria Oliveira',
    more: [`manager: UID=Priya,  ou=People,${suffix}`, 'departmentNumber: Payments 7', 'mail: maria@example.org'],
  }),
  person({ uid: 'tomas', cn: 'Tomáš Horák', more: [`manager: ${dnOf('maria')}`, 'employeeType: left'] }),
  person({ uid: 'simone', more: ['title: external'] }),
  person({ uid: 'locked', more: ['initials: 514'] }),
  // Nested three deep, written with other spaces and letter case, one group in itself by a circle.
  group(
    'payments',
    [dnOf('maria'), `UID=Tomas, OU=people, ${suffix}`, groupDn('payments-oncall')],
    `owner: ${dnOf('priya')}`,
  ),
  group('payments-oncall', [dnOf('simone'), groupDn('night')]),
  group('night', [dnOf('locked'), groupDn('payments')]),
  [
    `dn: ${groupDn('posix')}`,
    'objectClass: posixGroup',
    'cn: posix',
    'gidNumber: 7',
    'memberUid: maria',
    'memberUid: SIMONE',
  ].join('\n'),
  [
    `dn: ${groupDn('unique')}`,
    'objectClass: groupOfUniqueNames',
    'cn: Unique Names',
    `cn: unique`,
    `uniqueMember: ${dnOf('priya')}#'0101'B`,
  ].join('\n'),
].join('\n\n')

describe.skipIf(!slapdIsThere)('a real OpenLDAP', () => {
  let server: Slapd & { readonly tlsUrl?: string }
  let certificate = ''
  const pem = certificateFor('localhost')
  beforeAll(async () => {
    certificate = pem?.certificate ?? ''
    server = await startSlapd({
      ldif: `${ldif.replace('cn: Unique Names\n', '')}\n`,
      // The account that reads is given at most ten entries at once; paged, all of them.
      settings: [
        `limits dn.exact="cn=reader,ou=services,${suffix}" size.soft=10 size.hard=10 size.pr=3 size.prtotal=unlimited`,
        `limits dn.exact="cn=stingy,ou=services,${suffix}" size.soft=2 size.hard=2 size.prtotal=2`,
        `access to dn.subtree="ou=hidden,${suffix}" by * none`,
        'access to * by * read',
      ],
      ...(pem === undefined ? {} : { tls: pem }),
    })
  }, 120_000)
  afterAll(() => server?.stop())

  function sourceAt(more: Partial<DirectoryLdapOptions> = {}, settings: object = {}) {
    const { people, groups } = {
      people: { base: `ou=people,${suffix}` },
      groups: { base: `ou=groups,${suffix}` },
      ...settings,
    }
    return directoryLdap({
      source: 'ldap',
      staleAfterSeconds: 3_600,
      url: server.url,
      ...admin,
      startTls: false,
      namespace: 'corp',
      idPrefix: '',
      missing: 'unknown',
      pageSize: 500,
      people: ldapSettings.people.parse({
        deactivated: [
          { attribute: 'employeeType', equals: 'LEFT' },
          { attribute: 'initials', bit: 2 },
        ],
        external: { attribute: 'title', equals: 'external' },
        accounts: [
          { on: 'company', attribute: 'uid', confirmed: true },
          { on: 'mail', attribute: 'mail' },
        ],
        ...people,
      }),
      groups: ldapSettings.groups.parse(groups) as NonNullable<DirectoryLdapOptions['groups']>,
      ...more,
    })
  }
  const problems = async (more: Partial<DirectoryLdapOptions> = {}, settings: object = {}) =>
    (await problemsOf(sourceAt(more, settings), now)).map((problem) => problem.replace(`${server.url} `, ''))

  /** Changes for the length of one look, undone whatever it sees. */
  async function during<Value>(change: string, undo: string, look: () => Promise<Value>): Promise<Value> {
    await server.modify(change)
    try {
      return await look()
    } finally {
      await server.modify(undo)
    }
  }

  test('people, managers, groups in groups, and the three ways of naming members', async () => {
    const snapshot = await sourceAt().read(now)
    expect(undescribedIn(snapshot)).toEqual([])
    const said = sentencesOf(snapshot).filter((sentence) => !sentence.startsWith('acc_'))
    expect([...said].sort()).toEqual([
      'per_locked member-of team_corp.night',
      'per_maria member-of team_corp.payments',
      'per_maria member-of team_corp.posix',
      'per_maria reports-to per_priya',
      'per_priya maintains team_corp.payments',
      'per_priya member-of team_corp.unique',
      'per_simone member-of team_corp.payments-oncall',
      'per_simone member-of team_corp.posix',
      'per_tomas member-of team_corp.payments',
      'per_tomas reports-to per_maria',
      'team_corp.night part-of team_corp.payments-oncall',
      'team_corp.payments part-of team_corp.night',
      'team_corp.payments-oncall part-of team_corp.payments',
    ])
    expect(snapshot.nodes.find(({ id }) => id === 'per_tomas')?.name).toBe('Tomáš Horák')
    expect(snapshot.nodes.find(({ id }) => id === 'per_simone')).toMatchObject({ external: true })
    expect(snapshot.source).toMatchObject({ id: 'ldap', observedAt: now, staleAfterSeconds: 3_600 })
  })

  test('members of nested groups are members, a circle ends, and accounts belong to somebody', async () => {
    const directory = compiledFrom(now, await sourceAt().read(now))
    expect(membersOfTeam(directory, 'team_corp.payments', now).toSorted()).toEqual(['per_maria', 'per_simone'])
    expect(resolveAccount(directory, 'company', 'maria', now)).toMatchObject({ person: 'per_maria', confirmed: true })
    expect(resolveAccount(directory, 'mail', 'maria@example.org', now)).toMatchObject({ confirmed: false })
    expect(personsControlling(directory, 'per_maria', now, policyWith({}))).toEqual(['per_maria'])
  })

  test('departments are teams of their own where they are asked for', async () => {
    const source = sourceAt({}, { people: { base: `ou=people,${suffix}`, department: 'departmentNumber' } })
    expect(sentencesOf(await source.read(now))).toContain('per_maria member-of team_corp_department.payments-7')
  })

  test('[B08] whoever is deactivated has left with all they had, when the entry was changed, and stays so', async () => {
    const snapshot = await sourceAt().read(now)
    const { until } = snapshot.nodes.find(({ id }) => id === 'per_tomas') ?? {}
    expect(until).toMatch(/^20\d\d-/)
    expect(
      snapshot.nodes
        .filter((node) => node.until !== undefined)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['per_locked', 'per_tomas'])
    const ended = snapshot.relations.filter((relation) => relation.until !== undefined)
    expect(ended.map(({ from, relation }) => `${from} ${relation}`).sort()).toEqual(
      [
        'acc_company:locked belongs-to',
        'acc_company:tomas belongs-to',
        'per_locked member-of',
        'per_tomas member-of',
        'per_tomas reports-to',
      ].filter((sentence) => !sentence.startsWith('acc_')),
    )
    // Reading again changes nothing, and the memberships linger from then on.
    const first = applySource(emptyDirectory, snapshot, now, 400)
    const again = applySource(first, await sourceAt().read(now), now, 400)
    expect(again).toEqual(first)
    expect(again.relations.find(({ from, relation }) => from === 'per_tomas' && relation === 'member-of')?.until).toBe(
      until,
    )
  })

  test('what one may read in pages is read whole, and the revision changes only with what is read', async () => {
    const reader = { bindDn: `cn=reader,ou=services,${suffix}`, password: 'read', pageSize: 3 }
    expect(await problems({ ...reader, pageSize: 4 })).toEqual([expect.stringContaining('lower `pageSize`')])
    const many = Array.from({ length: 23 }, (_, number) => `p${number}`)
    const add = many.map((uid) => person({ uid }).replace('\n', '\nchangetype: add\n')).join('\n\n')
    const remove = many.map((uid) => `dn: ${dnOf(uid)}\nchangetype: delete`).join('\n\n')
    const before = await sourceAt(reader).read(now)
    expect(before.source.revision).toBe((await sourceAt().read(now)).source.revision)
    const during_ = await during(`${add}\n`, `${remove}\n`, () => sourceAt(reader).read(now))
    expect(during_.nodes.filter(({ kind }) => kind === 'person')).toHaveLength(5 + 23)
    expect(during_.source.revision).not.toBe(before.source.revision)
  })

  test('[fail/closed] half an answer is none: limits, wrong passwords, empty bases, a server that is not there', async () => {
    const stingy = `dn: cn=stingy,ou=services,${suffix}`
    const add = `${stingy}\nchangetype: add\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: stingy\nuserPassword: read\n`
    const cut = await during(add, `${stingy}\nchangetype: delete\n`, () =>
      problems({ bindDn: `cn=stingy,ou=services,${suffix}`, password: 'read' }),
    )
    expect(cut).toEqual([
      `${server.url}: cannot be read: the server gives only part of the entries; raise its limit for the account that reads`,
    ])
    expect(await problems({ password: 'wrong' })).toEqual([
      `${server.url}: cannot be read: the server does not accept the account or its password`,
    ])
    expect(await problems({}, { people: { base: `ou=nobody,${suffix}` } })).toEqual([
      `${server.url}: cannot be read: a base is not there, or the account that reads may not see it`,
    ])
    expect(
      await problems({}, { people: { base: `ou=elsewhere,${suffix}` }, groups: { base: `ou=elsewhere,${suffix}` } }),
    ).toEqual([`${server.url}: nobody is found below \`ou=elsewhere,${suffix}\``])
    expect(
      await problems({}, { people: { base: `ou=people,${suffix}`, filter: '(objectClass=' } }).catch(() => ['refused']),
    ).toHaveLength(1)
    expect(await problemsOf(sourceAt({ url: 'ldap://127.0.0.1:1' }), now)).toEqual([
      'ldap://127.0.0.1:1: cannot be read: ECONNREFUSED',
    ])
    expect(await problemsOf(sourceAt({ url: 'ldap://ldap.example.org' }), now)).toEqual([
      'ldap://ldap.example.org: is not read over a connection that anybody can listen to; use `ldaps:` or `startTls`',
    ])
    expect(await problems({ password: '' })).toEqual([`${server.url}: \`bindDn\` needs a \`password\``])
  })

  test('[independence/unknown-is-not-independent] a member that is elsewhere is a mistake, one that is nowhere is unknown', async () => {
    const night = `dn: ${groupDn('night')}\nchangetype: modify`
    const change = (what: 'add' | 'delete', dn: string) => `${night}\n${what}: member\nmember: ${dn}\n-\n`
    const outside = `cn=contractors,ou=elsewhere,${suffix}`
    const [add, remove] = [
      `dn: ${outside}\nchangetype: add\nobjectClass: groupOfNames\ncn: contractors\nmember: ${dnOf('maria')}\n\n${change('add', outside)}`,
      `${change('delete', outside)}\ndn: ${outside}\nchangetype: delete\n`,
    ]
    expect(await during(add, remove, () => problems())).toEqual([
      `${groupDn('night')}: \`${outside}\` is there and is not read; widen the bases or filters of \`people\` or \`groups\``.replace(
        outside,
        outside.length > 60 ? `${outside.slice(0, 59)}…` : outside,
      ),
    ])
    const gone = dnOf('gone')
    const read = (missing: 'unknown' | 'gone') =>
      during(change('add', gone), change('delete', gone), () => sourceAt({ missing }).read(now))
    const unknown = await read('unknown')
    expect(undescribedIn(unknown)).toEqual([expect.stringMatching(/^per_corp-missing\.[0-9a-f]{16}$/)])
    expect(undescribedIn(await read('gone'))).toEqual([])
  })

  test('[B02] [B13] two entries of one name, several names of one entry, and names without a letter are refused', async () => {
    const twin = `uid=MARIA,ou=elsewhere,${suffix}`
    const add = `dn: ${twin}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: MARIA\ncn: Maria\nsn: x\n`
    expect(
      await during(add, `dn: ${twin}\nchangetype: delete\n`, () => problems({}, { people: { base: suffix } })),
    ).toEqual([expect.stringMatching(/: another entry is called `.*` as well$/i)])
    const second = (what: string) => `dn: ${dnOf('maria')}\nchangetype: modify\n${what}: uid\nuid: mo\n-\n`
    expect(await during(second('add'), second('delete'), () => problems())).toEqual([
      expect.stringContaining('has several `uid`, and nobody knows which is its name'),
    ])
    const odd = (uid: string) =>
      [`${person({ uid }).replace('\n', '\nchangetype: add\n')}\n`, `dn: ${dnOf(uid)}\nchangetype: delete\n`] as const
    expect(await during(...odd('★'), () => problems())).toEqual([expect.stringContaining('has no letter or digit')])
    // A slash or a glob in a name, and a letter that looks like another one, make another name and never the same.
    for (const uid of ['maria/x', 'mari*', 'mаria']) {
      const snapshot = await during(...odd(uid), () => sourceAt().read(now))
      expect(
        snapshot.nodes.filter(({ kind }) => kind === 'person'),
        uid,
      ).toHaveLength(6)
    }
    expect(
      await during(...odd('ma_ria'), async () =>
        (await sourceAt().read(now)).nodes.some(({ id }) => id === 'per_ma_ria'),
      ),
    ).toBe(true)
  })

  test('groups whose members are a question, or are decided by a group, are not understood', async () => {
    const dynamic = `dn: ${groupDn('dynamic')}`
    const add = `${dynamic}\nchangetype: add\nobjectClass: groupOfURLs\ncn: dynamic\nmemberURL: ldap:///ou=people,${suffix}??sub?(uid=*)\n`
    const filter = '(|(objectClass=groupOfNames)(objectClass=groupOfURLs))'
    expect(
      await during(add, `${dynamic}\nchangetype: delete\n`, () =>
        problems({}, { groups: { base: `ou=groups,${suffix}`, filter } }),
      ),
    ).toEqual([expect.stringContaining('its members are a question to the server')])
    const owner = (what: string) =>
      `dn: ${groupDn('night')}\nchangetype: modify\n${what}: owner\nowner: ${groupDn('payments')}\n-\n`
    expect(await during(owner('add'), owner('delete'), () => problems())).toEqual([
      expect.stringContaining('`owner` names a group'),
    ])
  })

  test('a referral to another server is not followed, and not taken for the whole', async () => {
    const referral = `dn: ou=berlin,ou=people,${suffix}`
    const add = `${referral}\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: berlin\nref: ldap://berlin.example.org/ou=berlin\n`
    // Removed with the control that takes a referral for an entry.
    await server.modify(add)
    expect(await problems()).toEqual([expect.stringContaining('the server refers to another one, which is not asked')])
    execFileSync('ldapdelete', [
      '-x',
      '-M',
      '-H',
      server.url,
      '-D',
      admin.bindDn,
      '-w',
      admin.password,
      `ou=berlin,ou=people,${suffix}`,
    ])
    expect((await sourceAt().read(now)).nodes.length).toBeGreaterThan(5)
  })

  describe.skipIf(pem === undefined)('encrypted', () => {
    test('with the certificate that is believed, from the start or after StartTLS; with another one not at all', async () => {
      const url = (server.tlsUrl ?? '').replace('127.0.0.1', 'localhost')
      const plain = server.url.replace('127.0.0.1', 'localhost')
      expect((await sourceAt({ url, ca: certificate }).read(now)).nodes.length).toBeGreaterThan(5)
      expect((await sourceAt({ url: plain, startTls: true, ca: certificate }).read(now)).nodes.length).toBeGreaterThan(
        5,
      )
      const other = certificateFor('localhost')?.certificate ?? ''
      for (const settings of [{ url }, { url, ca: other }, { url: plain, startTls: true, ca: other }]) {
        expect(await problemsOf(sourceAt(settings), now)).toEqual([
          expect.stringMatching(
            /cannot be read: (?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_VERIFY|CERT_|.*certificate)/i,
          ),
        ])
      }
    })
  })
})

/** Made for this run; `undefined`, and told, where no openssl is installed. */
function certificateFor(name: string): { readonly certificate: string; readonly key: string } | undefined {
  const { folder } = scratchFolder('certificate')
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-addext',
        `subjectAltName=DNS:${name}`,
        '-keyout',
        key,
        '-out',
        certificate,
      ],
      { stdio: 'ignore' },
    )
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') }
  } catch {
    console.warn('SKIPPED: openssl is not installed, so encrypted connections to LDAP are not tested')
    return undefined
  }
}
