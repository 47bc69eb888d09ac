// biome-ignore-all lint/suspicious/noExplicitAny: demonstrations reach past the types on purpose
/** More ways past the rules; each test says what should hold and fails while it does not. */
import { afterEach, describe, expect, test } from 'vitest'
import { done } from '../../../src/connectors/access.ts'
import { type Change, decideChange } from '../../../src/core/change.ts'
import { compileDirectory } from '../../../src/core/compile.ts'
import { noHistory } from '../../../src/core/independence.ts'
import { wantedGrant } from '../../../src/core/plan.ts'
import { admittedBy, compareRules } from '../../../src/core/rules-diff.ts'
import { isSampled } from '../../../src/core/sampling.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { systemActor } from '../../../src/core/waiver.ts'
import { requestingPersons } from '../../../src/engine/circumstances.ts'
import { handleChange, proposeRules, sweepChanges } from '../../../src/engine/rules.ts'
import { digestOfText } from '../../../src/lib/digest.ts'
import { newId } from '../../../src/lib/id.ts'
import { directoryOf } from '../../support/directories.ts'
import { envelope, type Life, lifeAt, newLife, noon, organisation, policyFor, termsFor } from '../../support/life.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: (World & { close(): Promise<void> }) | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})
const code = (d: ReturnType<Life['do']>) => (d.outcome === 'refused' ? d.refusal.code : 'accepted')
const hour = 3600

test('M01 [terms/bound] what is excluded is not given', () => {
  const life = lifeAt('requested')
  const t = life.waiver!.terms
  expect(code(life.countersign('per_sam', { ...t, conditions: { exclusions: ['ledger.accounts'] } }))).toBe('accepted')
  life.must('per_asker', { type: 'activate' })
  expect(wantedGrant(life.waiver!)?.resources).not.toContain('ledger.accounts')
})

test('M02 [fail/closed] a tier that asks for a passkey takes no decision without one', () => {
  const life = newLife({ policy: policyFor({ passkey: true }) })
  life.ask()
  life.signs = false
  expect(code(life.countersign('per_sam'))).toBe('passkey-needed')
})

test('M03 [B02] caps and earlier waivers count for all names of one person', () => {
  const directory = compileDirectory(directoryOf('per_a same-as per_b'))
  expect(requestingPersons(directory, ['per_b'], noon, policyFor())).toContain('per_a')
})

describe('M04 changes', () => {
  const facts = (who: string, more: object = {}) => ({
    now: noon,
    actor: { id: who, chain: [], signedInAt: noon },
    directory: compileDirectory(directoryOf(organisation)),
    policy: policyFor(),
    current: 'sha256:a',
    history: noHistory,
    clock: 'steady' as const,
    foundersNeeded: 2,
    ...more,
  })
  const after = policyFor({ windowSecondsMax: 99 * hour })
  const change: Change = {
    id: 'chg_1',
    version: 1,
    status: 'proposed',
    author: 'per_lee',
    at: noon,
    reason: 'x',
    base: 'sha256:a',
    proposed: 'sha256:b',
    differences: compareRules(policyFor(), after),
    admits: admittedBy(policyFor(), after),
    countersignatures: [],
  }
  test('[challenge/real] somebody who decides can still object during the delay', () => {
    const waiting: Change = {
      ...change,
      status: 'countersigned',
      effectiveAt: plusSeconds(noon, 86_400),
      countersignatures: [{ by: 'per_kim', at: noon }],
    }
    const d = decideChange(waiting, { type: 'deny', reason: 'no' }, facts('per_rae'))
    expect(d.outcome === 'refused' ? d.refusal.code : 'accepted').toBe('accepted')
  })
  test('[B21] who keeps approving with the author is not enough alone', () => {
    const act = (countersigner: string, askedBy: string, n: number) => ({
      countersigner,
      askedBy: [askedBy],
      at: plusSeconds(noon, -86_400 * n),
      event: `e${n}`,
    })
    const decisions = [act('per_lee', 'per_kim', 1), act('per_lee', 'per_kim', 2)]
    const d = decideChange(
      change,
      { type: 'countersign', proposed: 'sha256:b' },
      facts('per_kim', { history: { ...noHistory, decisions } }),
    )
    const event = d.events[0]
    expect(event?.type === 'ChangeCountersigned' && event.verdict.additionalCountersigners).toBe(1)
    expect(event?.type === 'ChangeCountersigned' && event.complete).toBe(false)
  })
  test('[rules/maker-checker] the countersigner is still independent when it takes effect', () => {
    const waiting: Change = {
      ...change,
      status: 'countersigned',
      effectiveAt: noon,
      countersignatures: [{ by: 'per_kim', at: plusSeconds(noon, -86_400) }],
    }
    const directory = compileDirectory(directoryOf(`${organisation}\nper_kim until 2026-11-22T11:00:00Z`))
    const d = decideChange(waiting, { type: 'tick' }, facts(systemActor, { directory }))
    expect(d.events.map((e) => e.type)).not.toContain('ChangeTookEffect')
  })
})

test('M05 [review/after] nobody chooses their own sample: the same terms are sampled by an id that nobody chooses', () => {
  const sampled = Array.from({ length: 200 }, () => isSampled(digestOfText(newId('wvr')))).filter(Boolean).length
  expect(sampled).toBeGreaterThan(3)
  expect(sampled).toBeLessThan(60)
})

test('M06 [revocation/verified] [B19] the connector leads elsewhere while access runs', async () => {
  const hosts = new Map<string, Set<string>>()
  const kind: any = {
    kind: 'memory',
    create: (settings: any) => {
      const members = hosts.get(settings.host) ?? new Set<string>()
      hosts.set(settings.host, members)
      return {
        nature: {
          sessionOutlivesRevokeSeconds: null,
          endSessionsSecondsMax: 1,
          timeoutMillis: 1000,
          residueSeen: [],
          residueNotSeen: [],
          probe: 'x',
        },
        describe: async () => done({ contains: 'c', summary: [] }),
        apply: async (s: any) => {
          members.add(s.grant)
          return done(undefined)
        },
        revoke: async (s: any) => {
          members.delete(s.grant)
          return done(undefined)
        },
        observe: async (s: any) => done({ present: members.has(s.grant), differs: [], sessions: [], residue: [] }),
        endSessions: async () => done({ ended: 0 }),
        holdings: async () => done([]),
        activity: async () => done([]),
        close: async () => {},
      }
    },
  }
  const policy = (host: string) => ({
    ...policyFor(),
    connectors: { ledger: { id: 'ledger', kind: 'memory', settings: { host } } },
  })
  world = await openWorld({ policy: policy('old'), kinds: () => [kind] })
  const w = world
  const asked = await w.must('per_asker', { type: 'request', terms: termsFor() })
  await w.countersign('per_sam', asked.id)
  await w.must('per_asker', { type: 'activate' }, asked.id)
  await w.settle()
  const proposed = await proposeRules(w.app.machinery, w.person('per_lee'), policy('new'), undefined, 'moved')
  if (proposed.outcome === 'refused') throw new Error(proposed.refusal.code)
  await handleChange(
    w.app.machinery,
    proposed.change.id,
    { type: 'countersign', proposed: proposed.change.proposed },
    w.person('per_kim'),
  )
  await sweepChanges(w.app.machinery)
  await w.after(3 * hour)
  await w.settle()
  const left = hosts.get('old')?.size ?? 0
  expect({
    status: (await w.waiver(asked.id)).status,
    removal: (await w.waiver(asked.id)).removal.state,
    left,
  }).not.toEqual({ status: 'ended', removal: 'verified', left: 1 })
})

test('M07 what a countersigner adds as a control is checked like what was asked', () => {
  const life = lifeAt('requested')
  const t = life.waiver!.terms
  const narrowed = { ...t, controls: [{ control: 'made-up', owner: 'per_asker', every: 'P999999W' }] }
  expect(code(life.countersign('per_sam', narrowed))).not.toBe('accepted')
})

describe('held', () => {
  test('somebody on the rota by a shift alone does not countersign its envelope', () => {
    const life = newLife({ directory: `${organisation}\nshift rota_night per_sue 2026-11-23 2026-11-24` })
    life.ask(envelope({ beneficiary: 'rota_night' }), 'per_chief')
    expect(code(life.countersign('per_sue'))).not.toBe('accepted')
  })
  test('resumption of an opened envelope: a team mate of the opener', () => {
    const life = newLife({ directory: `${organisation}\nper_sue member-of team_fraud` })
    life.ask(envelope(), 'per_chief')
    life.countersign('per_sam')
    life.must('per_oncall', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
    life.must('per_watch', { type: 'suspend', reason: 'x' })
    const r = life.do('per_chief', { type: 'request-resumption', reason: 'y' })
    expect([code(r), code(life.countersign('per_sue'))]).not.toContain('accepted,accepted')
    expect(code(life.countersign('per_sue'))).not.toBe('accepted')
  })
})

describe('M08 envelope opened by somebody who joined the rota later', () => {
  test('team mate of the sealer may not be opened for by countersigner independence then and now', () => {
    const life = lifeAt('sealed envelope')
    life.directory = `${organisation}\nper_new on-rota rota_payments\nper_new member-of team_security\nacc_new on sys_ledger login new_db\nacc_new belongs-to per_new confirmed`
    expect(code(life.do('per_new', { type: 'activate' }))).not.toBe('accepted')
  })
  test('[B22] an agent on the rota', () => {
    const life = lifeAt('sealed envelope')
    life.directory = `${organisation}\nwl_agent on-rota rota_payments`
    expect(code(life.do('wl_agent', { type: 'activate' }, { actor: { id: 'wl_agent', chain: ['per_sam'] } }))).not.toBe(
      'accepted',
    )
  })
  test('the worst of several accounts', () => {
    const life = lifeAt('sealed envelope')
    life.directory = `${organisation}\nacc_admin on sys_ledger login a_dba\nacc_admin belongs-to per_oncall confirmed`
    const silent = life.do('per_oncall', { type: 'activate' })
    expect(silent).toMatchObject({ refusal: { code: 'account-needed', nearest: ['a_dba', 'oncall_db'] } })
    // Not somebody else's, and not a login that only looks like one's own.
    for (const account of ['asker_db', 'ONCALL_DB', ''])
      expect(code(life.do('per_oncall', { type: 'activate', account }))).toBe('unknown-account')
    life.must('per_oncall', { type: 'activate', account: 'oncall_db' })
    expect(life.waiver?.activation?.account).toBe('oncall_db')
  })
  test('another account than the terms name, when they name one', () => {
    const life = lifeAt('countersigned')
    life.directory = `${organisation}\nacc_admin on sys_ledger login a_dba\nacc_admin belongs-to per_asker confirmed`
    expect(code(life.do('per_asker', { type: 'activate', account: 'a_dba' }))).toBe('unknown-account')
    life.must('per_asker', { type: 'activate', account: 'asker_db' })
  })
})
