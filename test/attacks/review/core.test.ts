// biome-ignore-all lint/suspicious/noExplicitAny: demonstrations reach past the types on purpose
/** Ways past the rules that were found by review of the core; each test says what must hold. */
import { describe, expect, test } from 'vitest'
import { decideChange } from '../../../src/core/change.ts'
import { compileDirectory } from '../../../src/core/compile.ts'
import { decideFounding, type Founding } from '../../../src/core/founding.ts'
import { noHistory } from '../../../src/core/independence.ts'
import { admittedBy, compareRules, loosenedBy } from '../../../src/core/rules-diff.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { systemActor } from '../../../src/core/waiver.ts'
import { asEarlier } from '../../../src/engine/circumstances.ts'
import { directoryOf, poolWith } from '../../support/directories.ts'
import { envelope, type Life, lifeAt, newLife, noon, organisation, policyFor, termsFor } from '../../support/life.ts'

const code = (d: ReturnType<Life['do']>) => (d.outcome === 'refused' ? d.refusal.code : 'accepted')
const hour = 3600

describe('agents', () => {
  test('F01 [agent/owner-counts] [B22] who invoked the agent that asks for more time does not decide it', () => {
    const policy = policyFor({
      extension: { countMax: 2, cumulativeSecondsMax: 40 * hour, overSeconds: 7 * 86_400, distinctCountersigner: true },
    })
    const life = newLife({ policy })
    life.ask({ beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } })
    expect(code(life.countersign('per_sam'))).toBe('accepted')
    life.must('wl_agent', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
    // per_sue drives the agent: its token carries her in the act chain
    life.must(
      'wl_agent',
      { type: 'request-extension', end: plusSeconds(noon, 3 * hour), reason: 'more' },
      { actor: { id: 'wl_agent', chain: ['per_sue'] } },
    )
    expect(code(life.countersign('per_sue'))).not.toBe('accepted')
  })
  test('F01b resumption asked through the agent', () => {
    const life = newLife()
    life.ask({ beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } })
    life.countersign('per_sam')
    life.must('wl_agent', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
    life.must('per_watch', { type: 'suspend', reason: 'x' })
    life.must(
      'wl_agent',
      { type: 'request-resumption', reason: 'more' },
      { actor: { id: 'wl_agent', chain: ['per_sue'] } },
    )
    expect(code(life.countersign('per_sue'))).not.toBe('accepted')
  })
  test('F01c [break-glass] approver never activates, also not through an agent he invokes', () => {
    const life = newLife()
    life.ask({ beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } })
    life.countersign('per_sam')
    expect(code(life.do('wl_agent', { type: 'activate' }, { actor: { id: 'wl_agent', chain: ['per_sam'] } }))).not.toBe(
      'accepted',
    )
  })
})

describe('denials', () => {
  test('F02 [challenge/real] a denied extension is not shopped around', () => {
    const life = lifeAt('extension asked')
    life.must('per_sue', { type: 'deny', digest: life.waiver?.proposal?.digest ?? '', reason: 'no' })
    life.must('per_asker', { type: 'request-extension', end: plusSeconds(noon, 3 * hour), reason: 'please' })
    expect(code(life.countersign('per_sid'))).toBe('denial-not-acknowledged')
  })
  test('F02b a denied resumption is not shopped around', () => {
    const life = lifeAt('resumption asked')
    life.must('per_sue', { type: 'deny', digest: life.waiver?.proposal?.digest ?? '', reason: 'no' })
    life.must('per_asker', { type: 'request-resumption', reason: 'please' })
    expect(code(life.countersign('per_sid'))).toBe('denial-not-acknowledged')
  })
  test('F03 a denial that came after the second request was filed is shown', () => {
    const first = lifeAt('denied')
    const second = newLife()
    const late = { window: { start: plusSeconds(noon, 5 * hour), end: plusSeconds(noon, 6 * hour) } }
    // filed while the first was still undecided
    const open = lifeAt('requested')
    second.must('per_asker', { type: 'request', terms: termsFor(late) }, { earlier: [asEarlier(open.waiver!)] })
    second.facts = { earlier: [{ ...asEarlier(first.waiver!), id: 'wvr_00' }] }
    expect(code(second.countersign('per_sue'))).toBe('denial-not-acknowledged')
  })
})

test('F04 [extension/new-approval] [B18] two parts filed at once take two countersigners', () => {
  const first = lifeAt('requested')
  const second = newLife()
  const next = { window: { start: plusSeconds(noon, 2 * hour), end: plusSeconds(noon, 4 * hour) } }
  second.must(
    'per_asker',
    { type: 'request', terms: termsFor(next) },
    { earlier: [{ ...asEarlier(first.waiver!), id: 'wvr_00' }] },
  )
  first.countersign('per_sam')
  second.facts = { earlier: [{ ...asEarlier(first.waiver!), id: 'wvr_00' }] }
  expect(code(second.countersign('per_sam'))).toBe('approver-decided-before')
})

test('F05 [SoD] two sides asked for side by side never come together unnamed', () => {
  const post = lifeAt('requested')
  const approve = newLife()
  const terms = termsFor({ access: { ...termsFor().access, entitlement: 'ledger-approve', actions: ['approve'] } })
  // the posting side is asked for but not active yet
  const asked = approve.do(
    'per_asker',
    { type: 'request', terms },
    { earlier: [{ ...asEarlier(post.waiver!), id: 'wvr_00' }] },
  )
  post.countersign('per_sam')
  post.must('per_asker', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
  const earlier = [{ ...asEarlier(post.waiver!), id: 'wvr_00' }]
  const results = [code(asked)]
  if (asked.outcome === 'accepted') {
    approve.facts = { earlier }
    results.push(code(approve.countersign('per_sue')), code(approve.do('per_asker', { type: 'activate' })))
  }
  expect(results).toContain('creates-duty-conflict')
})

test('F06 [context/at-request-time] [B08] a beneficiary who has left gets nothing, whoever starts it', () => {
  const life = newLife()
  life.ask({}, 'per_chief')
  life.countersign('per_sam')
  life.directory = `${organisation}\nper_asker until 2026-11-22T11:00:00Z`
  expect(code(life.do('per_chief', { type: 'activate' }))).not.toBe('accepted')
})
test('F06b automatic', () => {
  const life = newLife({ policy: policyFor({ activation: 'automatic' }) })
  life.ask({ window: { start: plusSeconds(noon, 600), end: plusSeconds(noon, hour) } })
  life.countersign('per_sam')
  life.directory = `${organisation}\nper_asker until 2026-11-22T11:00:00Z`
  life.after(700).do(systemActor, { type: 'tick' })
  expect(life.waiver?.activation).toBeUndefined()
})

test("F07 [B21] two members of a ring are not each other's second countersigner", () => {
  const act = (countersigner: string, askedBy: string, n: number) => ({
    countersigner,
    askedBy: [askedBy],
    at: plusSeconds(noon, -86_400 * n),
    event: `evt_${countersigner}${n}`,
  })
  const decisions = [
    act('per_asker', 'per_sam', 1),
    act('per_asker', 'per_sam', 2),
    act('per_asker', 'per_lee', 3),
    act('per_asker', 'per_lee', 4),
  ]
  const policy = policyFor()
  policy.pools.pool_security?.members
  const withLee = {
    ...policy,
    pools: { ...policy.pools, pool_security: poolWith('pool_security', ['per_sam', 'per_lee', 'per_sue']) },
  }
  const life = newLife({ policy: withLee })
  life.facts = { history: { ...noHistory, decisions } }
  life.ask()
  expect(code(life.countersign('per_sam'))).toBe('accepted')
  expect(life.waiver?.status).toBe('requested')
  life.countersign('per_lee')
  expect(life.waiver?.status).toBe('requested')
})

describe('F08 two policies', () => {
  test.each([
    ['window', { windowSecondsMax: hour }],
    ['a control', { controlsRequired: ['peer-watch'] }],
    ['an endorsement', { steps: ['endorse', 'countersign'] as const }],
  ])('[rules/maker-checker] today asks for more: %s; not started', (_, parts) => {
    const life = lifeAt('countersigned')
    const today = policyFor(parts)
    const decision = life.do(
      'per_asker',
      { type: 'activate' },
      { policies: { asked: life.policy, today, todayDigest: 'sha256:today' } },
    )
    expect(code(decision)).not.toBe('accepted')
  })
  test('a control asked for today is asked of the countersignature', () => {
    const life = lifeAt('requested')
    life.facts = {
      policies: {
        asked: life.policy,
        today: policyFor({ controlsRequired: ['peer-watch'] }),
        todayDigest: 'sha256:today',
      },
    }
    expect(code(life.countersign('per_sam'))).not.toBe('accepted')
  })
  test('an endorsing pool that today does not know any more does not endorse', () => {
    const asked = policyFor({ steps: ['endorse', 'countersign'] })
    const life = newLife({ policy: asked })
    life.ask()
    const today = policyFor({ steps: ['endorse', 'countersign'], endorsePools: ['pool_watch'] })
    const d = life.do(
      'per_owner',
      { type: 'endorse', digest: life.waiver?.proposal?.digest ?? '' },
      { policies: { asked, today, todayDigest: 'x' } },
    )
    expect(code(d)).not.toBe('accepted')
  })
})

describe('F09 direction of a change', () => {
  const before = policyFor()
  const loosened = (after: typeof before) => loosenedBy(compareRules(before, after))
  test('raising the rank of a lax tier over a strict one is looser', () => {
    const low = { ...before.tiers.high!, rank: 0, windowSecondsMax: 99 * hour }
    const old = { ...before, tiers: { ...before.tiers, low } }
    const after = { ...before, tiers: { ...before.tiers, low: { ...low, rank: 9 } } }
    expect(loosenedBy(compareRules(old, after))).not.toEqual([])
  })
  test('a resource whose name holds `.steps.` is looser', () => {
    const after = structuredClone(before) as any
    after.systems.sys_ledger.entitlements['ledger-write'].resources.push('ledger.steps.all')
    expect(loosened(after)).not.toEqual([])
  })
  test('an entitlement called `steps` that gets more resources is looser', () => {
    const old = structuredClone(before) as any
    old.systems.sys_ledger.entitlements.steps = structuredClone(old.systems.sys_ledger.entitlements['ledger-write'])
    const after = structuredClone(old)
    after.systems.sys_ledger.entitlements.steps.resources.push('everything')
    expect(loosenedBy(compareRules(old, after))).not.toEqual([])
  })
  test('a tier with a dot in its id is found under its id', () => {
    const old = { ...before, tiers: { 'eu.high': before.tiers.high! } }
    const after = { ...before, tiers: { 'eu.high': { ...before.tiers.high!, windowSecondsMax: 99 * hour } } }
    expect(loosenedBy(compareRules(old, after))).toContain('eu.high')
  })
})

describe('F10 [rules/maker-checker] nobody profits from what they loosened', () => {
  const profits = (
    change: (policy: any) => void,
    terms = {},
    actor = 'per_asker',
    old: (policy: any) => void = () => {},
  ) => {
    const before = structuredClone(policyFor()) as any
    old(before)
    const after = structuredClone(before)
    change(after)
    const loosened = loosenedBy(compareRules(before, after))
    const life = newLife({ policy: after })
    return code(
      life.do(
        actor,
        { type: 'request', terms: termsFor(terms) },
        {
          history: {
            ...noHistory,
            ruleChanges: [{ author: 'per_asker', loosened, at: plusSeconds(noon, -hour), event: 'chg_1' }],
          },
        },
      ),
    )
  }
  test('control: the tier itself', () => {
    expect(
      profits((p) => {
        p.tiers.high.windowSecondsMax = 5 * hour
      }),
    ).toBe('requester-loosened-the-rules')
  })
  test('the risk of agents no longer raises the tier', () => {
    const agent = { beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } }
    expect(
      profits(
        (p) => {
          delete p.beneficiaryRisk.agent
        },
        agent,
        'per_asker',
        (p) => {
          p.beneficiaryRisk.agent = 'high'
        },
      ),
    ).toBe('requester-loosened-the-rules')
  })
  test('the reporting line no longer counts', () => {
    expect(
      profits((p) => {
        p.independence.reportingLine = 'ignore'
      }),
    ).toBe('requester-loosened-the-rules')
  })
  test('the own team is marked as all-staff', () => {
    expect(
      profits((p) => {
        p.independence.teams.team_payments = 'all-staff'
      }),
    ).toBe('requester-loosened-the-rules')
  })
  test('the duty rule that stood in the way is gone', () => {
    expect(
      profits((p) => {
        delete p.dutyRules['post-and-approve']
      }),
    ).toBe('requester-loosened-the-rules')
  })
  test('the connector points elsewhere', () => {
    expect(
      profits((p) => {
        p.connectors.ledger.settings = { host: 'elsewhere' }
      }),
    ).toBe('requester-loosened-the-rules')
  })
})

describe('F11 [rules/maker-checker] whoever is admitted does not countersign the change', () => {
  const decideOn = (after: ReturnType<typeof policyFor>, who: string) => {
    const before = policyFor()
    const directory = compileDirectory(directoryOf(organisation))
    const facts = {
      now: noon,
      actor: { id: who, chain: [], signedInAt: noon },
      directory,
      policy: before,
      current: 'sha256:a',
      history: noHistory,
      clock: 'steady' as const,
      foundersNeeded: 2,
    }
    const change = {
      id: 'chg_1',
      version: 1,
      status: 'proposed' as const,
      author: 'per_asker',
      at: noon,
      reason: 'x',
      base: 'sha256:a',
      proposed: 'sha256:b',
      differences: compareRules(before, after),
      admits: admittedBy(before, after),
      countersignatures: [],
    }
    const d = decideChange(change, { type: 'countersign', proposed: 'sha256:b' }, facts)
    return d.outcome === 'refused' ? d.refusal.code : 'accepted'
  }
  const base = policyFor()
  const pools = (more: object) => ({ ...base, pools: { ...base.pools, ...more } }) as typeof base
  test('control: named', () => {
    expect(
      decideOn(pools({ pool_watch: { ...base.pools.pool_watch!, members: ['per_watch', 'per_rae'] } }), 'per_rae'),
    ).not.toBe('accepted')
  })
  test('through a team', () => {
    expect(
      decideOn(pools({ pool_watch: { ...base.pools.pool_watch!, members: ['per_watch', 'team_risk'] } }), 'per_rae'),
    ).not.toBe('accepted')
  })
  test('their pool comes to decide more', () => {
    expect(
      decideOn(pools({ pool_review: { ...base.pools.pool_review!, decides: ['review', 'security'] } }), 'per_rae'),
    ).not.toBe('accepted')
  })
  test('their pool comes to decide for a tier', () => {
    expect(
      decideOn(
        { ...base, tiers: { high: { ...base.tiers.high!, pools: ['pool_security', 'pool_review'] } } },
        'per_rae',
      ),
    ).not.toBe('accepted')
  })
})

test('F12 [independence/outside-granting-path] who endorsed the waiver does not countersign its extension', () => {
  const policy = policyFor({ steps: ['endorse', 'countersign'], endorsePools: ['pool_security'] })
  const life = newLife({ policy })
  const endorse = (who: string) => life.must(who, { type: 'endorse', digest: life.waiver?.proposal?.digest ?? '' })
  life.ask()
  endorse('per_sue')
  life.countersign('per_sam')
  life.must('per_asker', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
  life.must('per_asker', { type: 'request-extension', end: plusSeconds(noon, 3 * hour), reason: 'more' })
  endorse('per_sam')
  expect(code(life.countersign('per_sue'))).not.toBe('accepted')
})

test('F13 [terms/deny-or-narrow] leaving out `openFor` does not open the envelope for the whole window', () => {
  const life = newLife()
  const terms = envelope({ window: { start: noon, end: plusSeconds(noon, 4 * hour) } })
  life.ask(terms, 'per_chief')
  const { openFor: _, ...wide } = life.waiver!.terms
  expect(code(life.countersign('per_sam', wide as any))).not.toBe('accepted')
})

test('F14 narrowing the start of an extension does not forget the time that was', () => {
  const policy = policyFor({
    windowSecondsMax: 4 * hour,
    extension: { countMax: 9, cumulativeSecondsMax: 5 * hour, overSeconds: 7 * 86_400, distinctCountersigner: false },
  })
  const life = newLife({ policy })
  life.ask({ window: { start: noon, end: plusSeconds(noon, 4 * hour) } })
  life.countersign('per_sam')
  life.must('per_asker', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
  life.after(3.5 * hour)
  life.must('per_asker', { type: 'request-extension', end: plusSeconds(noon, 5 * hour), reason: 'more' })
  const t = life.waiver!.proposal!.terms
  const first = code(
    life.countersign('per_sue', { ...t, window: { ...t.window, start: plusSeconds(noon, 4.9 * hour) } }),
  )
  life.after(hour)
  const again = code(
    life.do('per_asker', { type: 'request-extension', end: plusSeconds(noon, 8.4 * hour), reason: 'more' }),
  )
  expect([first, again]).toContain('terms-widened')
})

describe('F15 break-glass', () => {
  test('a seal ends within reach', () => {
    expect(
      code(
        newLife().do('per_chief', {
          type: 'request',
          terms: envelope({ window: { start: noon, end: '9999-01-01T00:00:00.000Z' } }),
        }),
      ),
    ).not.toBe('accepted')
  })
  test('[B18] envelopes opened one after another are counted', () => {
    const life = lifeAt('sealed envelope')
    const opened = {
      id: 'wvr_0',
      open: true,
      granted: true,
      breakGlass: true,
      access: life.waiver!.terms.access,
      window: { start: plusSeconds(noon, -10 * hour), end: noon },
      ordinal: 0,
      countersigners: ['per_sam'],
    }
    expect(code(life.do('per_oncall', { type: 'activate' }, { earlier: [opened] }))).toBe('cumulative-time-reached')
  })
  test('a team mate of whoever opened it does not review it', () => {
    const life = newLife({ directory: `${organisation}\nper_rae member-of team_fraud` })
    life.ask(envelope(), 'per_chief')
    life.countersign('per_sam')
    life.must('per_oncall', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
    life.must('per_watch', { type: 'revoke', reason: 'done' })
    life.must(systemActor, { type: 'report-removal', verified: true, residue: [], reason: '' })
    expect(code(life.do('per_rae', { type: 'review', finding: 'justified', note: 'n', residueAccepted: [] }))).not.toBe(
      'accepted',
    )
  })
})

describe('F16 founders', () => {
  const founding: Founding = {
    version: 1,
    status: 'founded',
    founders: ['per_a', 'per_b', 'per_c'],
    needed: 2,
    policy: 'p',
    accepted: [],
    clockConfirmedBy: ['per_a'],
    clockJumps: 1,
  }
  const confirm = (text: string, who: string, clock: 'steady' | 'went-backwards' = 'went-backwards') => {
    const d = decideFounding(
      founding,
      { type: 'confirm-clock' },
      {
        now: noon,
        actor: { id: who, chain: [], signedInAt: noon },
        directory: compileDirectory(directoryOf(text)),
        policy: policyFor(),
        clock,
        clockJumps: 1,
      },
    )
    return d.outcome === 'refused' ? d.refusal.code : 'accepted'
  }
  test('[two-step/distinct-people] [B03] one human being under two names counts once', () => {
    expect(confirm('per_a same-as per_b', 'per_b')).not.toBe('accepted')
  })
  test('[B08] a founder who has left confirms nothing', () => {
    expect(confirm('per_a\nper_b until 2026-01-01', 'per_b')).not.toBe('accepted')
  })
})

test('F17 [B02] the owner of a control does not look back at it', () => {
  const life = newLife({})
  life.ask({ controls: [{ control: 'peer-watch', owner: 'per_rae', every: 'PT1H' }] })
  life.countersign('per_sam')
  life.must('per_asker', { type: 'activate' }).must(systemActor, { type: 'confirm-activation' })
  life.must('per_rae', { type: 'evidence', control: 'peer-watch', text: 'watched' })
  life.must('per_rae', { type: 'suspend', reason: 'hm' })
  life.must('per_watch', { type: 'revoke', reason: 'done' })
  life.must(systemActor, { type: 'report-removal', verified: true, residue: [], reason: '' })
  expect(code(life.do('per_rae', { type: 'review', finding: 'justified', note: 'n', residueAccepted: [] }))).not.toBe(
    'accepted',
  )
})
