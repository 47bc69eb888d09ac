import { describe, expect, test } from 'vitest'
import { directoryOf, noon } from '../../../test/support/directories.ts'
import { lifeAt, organisation } from '../../../test/support/life.ts'
import { compileDirectory } from '../compile.ts'
import { grantId } from '../plan.ts'
import { plusSeconds } from '../time.ts'
import type { Waiver } from '../waiver.ts'
import { driftOn, type SeenHolding } from './on-target.ts'

const live = lifeAt('active').waiver as Waiver
const grant = grantId(live.id)
const end = live.activation?.end ?? ''
const now = plusSeconds(noon, 600)
const entitlement = 'ledger-write'

function drift(
  holding: SeenHolding,
  {
    waiver = live,
    more = '',
    startedAt = now,
  }: { waiver?: Waiver | undefined; more?: string; startedAt?: string } = {},
): string {
  const look = { system: 'sys_ledger', startedAt, holdings: [holding] }
  const directory = compileDirectory(directoryOf(`${organisation}\n${more}`))
  const found = driftOn(look, (id) => (id === grantId(waiver.id) ? waiver : undefined), directory, now)
  return found.map(({ kind, holder, seenUntil }) => [kind, holder, seenUntil].filter(Boolean).join(' ')).join()
}

const through = (parts: Partial<SeenHolding> = {}): SeenHolding => ({
  account: 'asker_db',
  entitlement,
  holds: 'member of writers',
  grant,
  until: end,
  ...parts,
})
const besides = (account: string, parts: Partial<SeenHolding> = {}): SeenHolding => ({
  account,
  entitlement,
  holds: 'member of writers',
  ...parts,
})

describe('[drift/found] through a grant', () => {
  test('what the waiver says is no drift; also where the target keeps no ends, or an earlier one', () => {
    const { until: _, ...endless } = through()
    expect(drift(through())).toBe('')
    expect(drift(endless)).toBe('')
    expect(drift(through({ until: plusSeconds(end, -60) }))).toBe('')
  })

  test('[B18] an end that was moved later or taken away is found', () => {
    const later = plusSeconds(end, 1)
    expect(drift(through({ until: later }))).toBe(`expiry-moved per_asker ${later}`)
    expect(drift(through({ until: 'never' }))).toBe('expiry-moved per_asker never')
  })

  test('[B02] another account in it is found, also one of the same person', () => {
    expect(drift(through({ account: 'oncall_db' }))).toBe('other-account per_oncall')
    expect(drift(through({ account: 'guess_db' }))).toBe('other-account')
  })

  test('what is being removed is none; what came back after it was seen to be gone is found', () => {
    const over = (removal: Waiver['removal']): Waiver => ({ ...live, status: 'ended', removal })
    const found = 'access-without-waiver per_asker'
    expect(drift(through(), { waiver: over({ state: 'open', since: noon, failures: 3 }) })).toBe('')
    const verified = over({ state: 'verified', at: now, residue: [] })
    expect(drift(through(), { waiver: verified, startedAt: now })).toBe('')
    expect(drift(through(), { waiver: verified, startedAt: plusSeconds(now, 1) })).toBe(found)
    expect(drift(through({ grant: 'grt_nobody-knows' }))).toBe(found)
  })

  test('what was suspended is found once it had the time to go', () => {
    const waiver: Waiver = { ...live, status: 'suspended', suspension: { by: 'per_watch', at: noon, reason: 'x' } }
    expect(drift(through(), { waiver, startedAt: plusSeconds(noon, 100) })).toBe('')
    expect(drift(through(), { waiver, startedAt: now })).toBe('access-without-waiver per_asker')
  })
})

describe('[drift/found] beside grants', () => {
  test('a live waiver explains nothing but its own grant', () => {
    expect(drift(besides('asker_db'))).toBe('access-without-waiver per_asker')
  })

  test('standing access explains it, of the holder themselves or of a team they are in now', () => {
    const found = 'access-without-waiver per_oncall'
    expect(drift(besides('oncall_db'))).toBe(found)
    expect(drift(besides('oncall_db'), { more: 'per_oncall holds sys_ledger/ledger-write' })).toBe('')
    expect(drift(besides('oncall_db'), { more: 'team_fraud holds sys_ledger/ledger-write' })).toBe('')
    expect(drift(besides('oncall_db'), { more: 'team_audit holds sys_ledger/ledger-write' })).toBe(found)
    expect(drift(besides('oncall_db'), { more: 'per_oncall holds sys_ledger/ledger-approve' })).toBe(found)
    // A role of ours that came back is nobody's standing access.
    const back = besides('oncall_db', { grant: 'grt_gone' })
    expect(drift(back, { more: 'per_oncall holds sys_ledger/ledger-write' })).toBe(found)
  })

  test('[B02] a link that nobody confirmed, to an account or to another person, explains nothing', () => {
    const more = 'per_asker holds sys_ledger/ledger-write'
    expect(drift(besides('guess_db'), { more })).toBe('access-without-waiver')
    const linked = `${more}\nper_oncall same-as per_asker`
    expect(drift(besides('oncall_db'), { more: linked })).toBe('access-without-waiver per_oncall')
    expect(drift(besides('nobodys_db'), { more })).toBe('access-without-waiver')
  })

  test('a key that can do everything is explained where those alone keep it who look after the target', () => {
    const { entitlement: _, ...everything } = besides('bot_db', { holds: 'superuser' })
    const found = 'access-without-waiver wl_bot'
    expect(drift(everything)).toBe(found)
    expect(drift(everything, { more: 'team_platform owns wl_bot' })).toBe(found)
    const asker = 'per_asker administers sys_ledger'
    expect(drift(everything, { more: asker })).toBe('')
    for (const relation of ['owns', 'operates', 'holds-credential-of', 'can-change', 'delegates-to'])
      expect(drift(everything, { more: `${asker}\nper_nobody ${relation} wl_bot` }), relation).toBe(found)
    // One whom nobody owns is explained by nobody, and neither is one that is only named beside the target.
    const { entitlement: __, ...orphans } = besides('orphan_db', { holds: 'superuser' })
    const orphan = 'acc_orphan on sys_ledger login orphan_db\nacc_orphan belongs-to wl_orphan confirmed'
    expect(drift(orphans, { more: `${orphan}\nteam_platform operates wl_orphan` })).toBe(
      'access-without-waiver wl_orphan',
    )
  })

  test('whoever can do everything is found, unless the directory says that they look after the target', () => {
    const { entitlement: _, ...everything } = besides('oncall_db', { holds: 'superuser' })
    expect(drift(everything)).toBe('access-without-waiver per_oncall')
    expect(drift(everything, { more: 'per_oncall administers sys_ledger' })).toBe('')
    expect(drift(everything, { more: 'per_oncall holds sys_ledger/ledger-write' })).toBe(
      'access-without-waiver per_oncall',
    )
    const directory = compileDirectory(directoryOf(organisation))
    const look = { system: 'sys_ledger', startedAt: now, holdings: [everything, besides('oncall_db')] }
    expect(driftOn(look, () => undefined, directory, now)).toMatchObject([{ ways: ['superuser'] }])
  })
})
