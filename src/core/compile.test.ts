import { describe as about, expect, test } from 'vitest'
import { daysAgo, directoryOf, noon, policyWith, poolWith } from '../../test/support/directories.ts'
import {
  accountsOf,
  compileDirectory,
  describe,
  membersOf,
  membersOfTeam,
  nodeOf,
  onDuty,
  personsControlling,
  refreshed,
  resolveAccount,
  sourceOf,
} from './compile.ts'
import { emptyDirectory } from './directory.ts'
import { independence, noHistory } from './independence.ts'
import { plusSeconds } from './time.ts'

const compiled = (text: string) => compileDirectory(directoryOf(text))
const policy = policyWith()

about('a source that was read again', () => {
  const at = (hours: number) => plusSeconds(noon, hours * 3_600)
  const isTooOld = (observedAt: string, readAt: string, now: string) => {
    const text = 'per_ann member-of team_payments'
    const directory = refreshed(compileDirectory(directoryOf(text, { observedAt, staleAfterSeconds: 7_200 })), {
      hr: readAt,
    })
    const matter = { requester: 'per_ann', chain: [], beneficiary: 'per_ann', took: [], pools: [], rules: [] }
    const { conflicts } = independence(matter, 'per_sam', directory, noHistory, policy, now)
    return conflicts.some(({ code }) => code === 'directory-too-old')
  }

  test('[independence/unknown-is-not-independent] [B08] is as old as its last reading', () => {
    expect(isTooOld(at(-5), at(-1), noon)).toBe(false)
    expect(isTooOld(at(-5), at(-3), noon)).toBe(true)
  })

  test('[fail/closed] [B20] also when the clock ran ahead the time before: neither of the future nor fresh for longer', () => {
    expect(isTooOld(at(24), at(-1), noon)).toBe(false)
    expect(isTooOld(at(-1), at(-3), noon)).toBe(true)
  })
})

about('compileDirectory', () => {
  test('an empty directory knows this installation and nothing else', () => {
    const directory = compileDirectory(emptyDirectory)
    expect(describe(directory, 'sys_countersign', noon)?.kind).toBe('system')
    expect(nodeOf(directory, 'per_ann')).toBeUndefined()
  })

  test('[independence/unknown-is-not-independent] an id that is only mentioned is there, and unknown', () => {
    const directory = compiled('per_ann member-of team_dark\nunknown team_dark')
    expect(nodeOf(directory, 'team_dark')).toBeTypeOf('number')
    expect(describe(directory, 'team_dark', noon)).toBeUndefined()
  })

  test('[B13] ids are compared byte by byte', () => {
    const directory = compiled('per_ann')
    for (const id of ['per_Ann', 'per_ann ', 'per_аnn', '__proto__', 'constructor']) {
      expect(nodeOf(directory, id)).toBeUndefined()
    }
  })

  test('describes a node by every source’s word', () => {
    const facts = directoryOf('per_eve external\nwl_bot agent\nper_old until 2026-01-01')
    const robot = { id: 'per_robo', kind: 'workload' as const, name: 'Robo', source: 'hr' }
    const directory = compileDirectory({ ...facts, nodes: [...facts.nodes, robot] })
    expect(describe(directory, 'per_eve', noon)).toMatchObject({ kind: 'person', external: true, ended: false })
    expect(describe(directory, 'wl_bot', noon)).toMatchObject({ kind: 'workload', agent: true })
    expect(describe(directory, 'per_old', noon)).toMatchObject({ ended: true })
    expect(describe(directory, 'per_robo', noon)).toMatchObject({ kind: 'workload' })
  })

  test('says which sources state a relation, ended or not', () => {
    const directory = compiled('per_ann owns wl_x\nper_ann owns wl_x until 2020-01-01 by cmdb')
    expect(sourceOf(directory, 'per_ann', 'owns', 'wl_x')).toEqual(['cmdb', 'hr'])
    expect(sourceOf(directory, 'per_ann', 'created', 'wl_x')).toEqual([])
  })
})

about('membersOfTeam and membersOf', () => {
  const directory = compiled(`
    per_ann member-of team_risk
    per_sub member-of team_audit
    team_audit part-of team_risk
    team_risk part-of team_audit
    per_left member-of team_risk until ${daysAgo(1)}
    per_soon member-of team_risk since ${daysAgo(-1)}
    per_gone member-of team_risk
    per_gone until ${daysAgo(1)}
    per_outside`)

  test('[B08] people who are in it right now, nested teams too, circles or not', () => {
    expect(membersOfTeam(directory, 'team_risk', noon)).toEqual(['per_ann', 'per_sub'])
    expect(membersOfTeam(directory, 'team_nowhere', noon)).toEqual([])
  })

  test('[B06] a pool has its people and its teams’ people, an empty one nobody', () => {
    const pool = poolWith('pool_a', ['per_outside', 'per_gone', 'per_stranger', 'team_audit', 'wl_bot'])
    expect(membersOf(directory, pool, noon)).toEqual(['per_ann', 'per_outside', 'per_sub'])
    expect(membersOf(directory, poolWith('pool_b', []), noon)).toEqual([])
  })
})

about('personsControlling', () => {
  test('[agent/owner-counts] everybody who owns, operates, created, holds the key of or delegates to it', () => {
    const directory = compiled(`
      per_a owns wl_x
      per_b operates wl_x
      per_c created wl_x
      per_d holds-credential-of wl_x
      per_e delegates-to wl_boss
      wl_boss delegates-to wl_x
      team_t owns wl_boss
      team_s part-of team_t
      per_f member-of team_s
      per_g same-as per_a
      per_h can-change wl_x
      per_i maintains team_t
      per_j owns wl_x until ${daysAgo(31)}`)
    expect(personsControlling(directory, 'wl_x', noon, policy)).toEqual([
      'per_a',
      'per_b',
      'per_c',
      'per_d',
      'per_e',
      'per_f',
      'per_g',
    ])
  })

  test('a person controls themselves, and nobody what nobody knows', () => {
    const directory = compiled('per_a\nper_b sponsors per_a')
    expect(personsControlling(directory, 'per_a', noon, policy)).toEqual(['per_a'])
    expect(personsControlling(directory, 'wl_nowhere', noon, policy)).toEqual([])
  })
})

about('resolveAccount', () => {
  const directory = compiled(`
    acc_1 on sys_sso login ann
    acc_1 belongs-to per_ann confirmed
    acc_2 on sys_sso login Ann
    acc_2 belongs-to per_eve
    acc_3 on sys_db login ann
    acc_3 belongs-to per_ann confirmed
    acc_3 belongs-to per_eve by git
    acc_4 on sys_db login bot
    acc_4 belongs-to wl_bot confirmed
    acc_5 on sys_db login moved
    acc_5 belongs-to per_eve until ${daysAgo(1)}
    acc_5 belongs-to per_ann confirmed
    acc_6 on sys_db login shut
    acc_6 belongs-to per_ann confirmed
    acc_6 until ${daysAgo(1)}`)
  const resolve = (on: string, login: string) => resolveAccount(directory, on, login, noon)

  test('a confirmed link to one person or one workload', () => {
    expect(resolve('sys_sso', 'ann')).toEqual({ person: 'per_ann', confirmed: true, conflicting: [] })
    expect(resolve('sys_db', 'bot')).toEqual({ workload: 'wl_bot', confirmed: true, conflicting: [] })
  })

  test('[B02] [B13] names are compared byte by byte, and never across systems', () => {
    expect(resolve('sys_sso', 'Ann')).toEqual({ person: 'per_eve', confirmed: false, conflicting: [] })
    for (const login of ['ANN', 'ann ', ' ann', 'аnn', 'ann\u200b']) {
      expect(resolve('sys_sso', login)).toEqual({ confirmed: false, conflicting: [] })
    }
    expect(resolve('sys_ss', 'oann')).toEqual({ confirmed: false, conflicting: [] })
  })

  test('[B02] who claims an account that somebody else has takes it from both', () => {
    expect(resolve('sys_db', 'ann')).toEqual({ confirmed: false, conflicting: ['per_ann', 'per_eve'] })
  })

  test('[B08] only what holds right now lets anybody act', () => {
    expect(resolve('sys_db', 'moved')).toEqual({ person: 'per_ann', confirmed: true, conflicting: [] })
    expect(resolve('sys_db', 'shut')).toEqual({ confirmed: false, conflicting: [] })
  })

  test('accounts by any link that counts', () => {
    expect(accountsOf(directory, 'per_eve', noon, policy)).toEqual(['acc_2', 'acc_3', 'acc_5'])
    expect(accountsOf(directory, 'per_stranger', noon, policy)).toEqual([])
  })
})

about('onDuty', () => {
  const directory = compiled(`
    per_ann on-rota rota_a
    shift rota_a per_bob 2026-11-22T08:00Z 2026-11-22T20:00Z
    shift rota_a per_ann 2026-11-22T20:00Z 2026-11-23T08:00Z
    shift rota_a per_eve 2026-11-23T08:00Z 2026-11-22T08:00Z`)

  test('from the beginning of a turn until just before its end', () => {
    expect(onDuty(directory, 'rota_a', '2026-11-22T07:59:59.999Z')).toEqual([])
    expect(onDuty(directory, 'rota_a', '2026-11-22T08:00:00.000Z')).toEqual(['per_bob'])
    expect(onDuty(directory, 'rota_a', '2026-11-22T20:00:00.000Z')).toEqual(['per_ann'])
    expect(onDuty(directory, 'rota_b', noon)).toEqual([])
  })
})
