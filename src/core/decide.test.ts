import { describe, expect, test } from 'vitest'
import { directoryOf } from '../../test/support/directories.ts'
import {
  envelope,
  type Life,
  lifeAt,
  newLife,
  noon,
  organisation,
  policyFor,
  termsFor,
  tier,
} from '../../test/support/life.ts'
import { compileDirectory } from './compile.ts'
import type { EarlierWaiver } from './facts.ts'
import type { Tier } from './policy.ts'
import { plusSeconds } from './time.ts'
import { type Command, systemActor } from './waiver.ts'

const hour = 3_600

function codeOf(decision: ReturnType<Life['do']>): string {
  return decision.outcome === 'refused' ? decision.refusal.code : 'accepted'
}

function conflictsOf(decision: ReturnType<Life['do']>): string[] {
  return decision.outcome === 'refused' ? (decision.refusal.conflicts ?? []).map(({ code }) => code) : []
}

function types(life: Life): string[] {
  return life.events.map(({ type }) => type)
}

describe('asking', () => {
  test('[terms/bound] a request binds scope, window, reason, beneficiary and controls', () => {
    const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT1H' }]
    const life = newLife().ask({ controls })
    expect(life.waiver).toMatchObject({
      status: 'requested',
      terms: {
        beneficiary: 'per_asker',
        reason: 'batch 7 was posted twice',
        controls,
        access: { resources: ['ledger.accounts', 'ledger.entries'] },
      },
    })
  })

  test.each([
    ['no start', { window: { start: '', end: plusSeconds(noon, hour) } }, 'terms-malformed'],
    ['no end', { window: { start: noon, end: '' } }, 'terms-malformed'],
    ['an end that is no date', { window: { start: noon, end: 'never' } }, 'terms-malformed'],
    ['an end before the start', { window: { start: plusSeconds(noon, hour), end: noon } }, 'window-reversed'],
    ['a window of no length', { window: { start: noon, end: noon } }, 'window-reversed'],
    [
      'a window in the past',
      { window: { start: plusSeconds(noon, -2 * hour), end: plusSeconds(noon, -hour) } },
      'window-in-past',
    ],
    ['a window over the limit', { window: { start: noon, end: plusSeconds(noon, 5 * hour) } }, 'window-too-long'],
    [
      'a window next year',
      { window: { start: plusSeconds(noon, 9e6), end: plusSeconds(noon, 9e6 + hour) } },
      'window-too-far-ahead',
    ],
  ] as const)('[window/always-expires] %s is refused', (_, terms, code) => {
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor(terms) }))).toBe(code)
  })

  test.each([
    ['no resource', { resources: [] }, 'terms-malformed'],
    ['no action', { actions: [] }, 'terms-malformed'],
    ['a resource outside', { resources: ['ledger.*'] }, 'outside-entitlement'],
    ['an action outside', { actions: ['delete'] }, 'outside-entitlement'],
    ['an unknown system', { system: 'sys_nowhere' }, 'unknown-system'],
    ['a name every object has', { system: 'constructor' }, 'unknown-system'],
    ['an entitlement every object has', { entitlement: '__proto__' }, 'unknown-entitlement'],
    ["somebody else's account", { account: 'oncall_db' }, 'unknown-account'],
    ['an account linked by a guess', { account: 'guess_db' }, 'unknown-account'],
    ['another spelling of the account', { account: 'Asker_db' }, 'unknown-account'],
    ['an invisible character in a name', { resources: ['ledger.entries\u200b'] }, 'terms-malformed'],
  ] as const)('[B06] [B13] %s is refused', (_, access, code) => {
    const terms = termsFor({ access: { ...termsFor().access, ...access } })
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms }))).toBe(code)
  })

  test('[terms/bound] a control that the tier demands is in the terms, often enough, with an owner who does not benefit', () => {
    const ask = (controls: ReturnType<typeof termsFor>['controls']) =>
      codeOf(
        newLife({ tier: { controlsRequired: ['peer-watch'] } }).do('per_asker', {
          type: 'request',
          terms: termsFor({ controls }),
        }),
      )
    const watch = { control: 'peer-watch', owner: 'per_lee', every: 'PT1H' }
    expect(ask([])).toBe('control-missing')
    expect(ask([{ ...watch, control: 'prayer' }])).toBe('control-missing')
    expect(ask([watch, { ...watch, control: 'prayer' }])).toBe('unknown-control')
    expect(ask([{ ...watch, every: 'PT2H' }])).toBe('terms-malformed')
    expect(ask([{ ...watch, owner: 'per_asker' }])).toBe('control-owner-unfit')
    expect(ask([{ ...watch, owner: 'per_gone' }])).toBe('control-owner-unfit')
    expect(ask([watch])).toBe('accepted')
  })

  test('an empty reason is refused', () => {
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor({ reason: ' ' }) }))).toBe(
      'terms-malformed',
    )
  })

  test('[on-call/never-both-sides] [B04] with only the own rota in the pool there is nobody, and it says why each is out', () => {
    const policy = policyFor()
    const pool = { ...policy.pools.pool_security!, members: ['per_oncall', 'per_mate'] }
    const life = newLife({ policy: { ...policy, pools: { ...policy.pools, pool_security: pool } } })
    const decision = life.do('per_asker', { type: 'request', terms: termsFor() })
    expect(codeOf(decision)).toBe('no-independent-approver')
    const excluded = decision.outcome === 'refused' ? decision.refusal.excluded : []
    expect(excluded?.map(({ person, conflicts }) => [person, conflicts[0]?.code])).toEqual([
      ['per_mate', 'on-requesting-team'],
      ['per_oncall', 'on-requesting-rota'],
    ])
  })

  test('[fail/closed] [B06] an empty pool means nobody', () => {
    const policy = policyFor()
    const pool = { ...policy.pools.pool_security!, members: [] }
    const life = newLife({ policy: { ...policy, pools: { ...policy.pools, pool_security: pool } } })
    expect(codeOf(life.do('per_asker', { type: 'request', terms: termsFor() }))).toBe('no-independent-approver')
  })

  test('[fail/closed] [B07] a target that does not say what the entitlement contains is a no', () => {
    expect(
      codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor() }, { contains: undefined as never })),
    ).toBe('contents-unknown')
  })

  test('the same again while one is open is refused', () => {
    const open: EarlierWaiver = earlier({ open: true, granted: false })
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor() }, { earlier: [open] }))).toBe(
      'already-asked',
    )
  })

  test('[rules/maker-checker] who loosened a rule does not profit from it', () => {
    const history = {
      decisions: [],
      tenures: [],
      ruleChanges: [{ author: 'per_asker', loosened: ['high'], at: noon, event: 'chg_1' }],
    }
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor() }, { history }))).toBe(
      'requester-loosened-the-rules',
    )
  })

  test('[nhi/least-and-short] [agent/owner-counts] [B02] a service account asks through its owner, who then cannot decide', () => {
    const terms = termsFor({ beneficiary: 'wl_bot', access: { ...termsFor().access, account: 'bot_db' } })
    const policy = policyFor()
    const pool = { ...policy.pools.pool_security!, members: ['per_sam', 'per_asker'] }
    const life = newLife({ policy: { ...policy, pools: { ...policy.pools, pool_security: pool } } })
    life.must('wl_bot', { type: 'request', terms })
    const decision = life.countersign('per_asker')
    expect(conflictsOf(decision)).toContain('controls-beneficiary')
    expect(codeOf(life.countersign('wl_bot'))).toBe('only-people-decide')
    expect(codeOf(life.countersign('per_sam'))).toBe('accepted')
  })

  test('[nhi/least-and-short] an agent falls into the tier of its risk, with its own limit', () => {
    const tiers = { ...policyFor().tiers, agents: { ...policyFor().tiers.high!, rank: 5, windowSecondsMax: 900 } }
    const policy = policyFor({}, { tiers, beneficiaryRisk: { agent: 'agents' } })
    const terms = termsFor({ beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } })
    expect(codeOf(newLife({ policy }).do('wl_agent', { type: 'request', terms }))).toBe('window-too-long')
  })
})

describe('deciding', () => {
  test.each([
    ['the requester', 'per_asker', 'is-requester'],
    ['a team mate', 'per_mate', 'on-requesting-team'],
    ['whoever administers the target', 'per_dba', 'on-granting-team'],
    ['the on-call colleague', 'per_oncall', 'on-requesting-rota'],
    ['the chief', 'per_chief', 'in-reporting-line'],
    ['who operates this installation', 'per_ops', 'operates-countersign'],
  ])(
    '[independence/outside-requesting-path] [independence/outside-granting-path] [B01] [B04] [B05] %s is refused, with the path',
    (_, person, code) => {
      const decision = lifeAt('requested').countersign(person)
      expect(conflictsOf(decision)).toContain(code)
      const conflict =
        decision.outcome === 'refused' ? decision.refusal.conflicts?.find((one) => one.code === code) : undefined
      expect(conflict?.path.length).toBeGreaterThan(code === 'is-requester' ? -1 : 0)
      expect(conflict?.because).not.toBe('')
    },
  )

  test('[independence/relation-not-title] being in the pool does not make a team mate independent', () => {
    expect(policyFor().pools.pool_security?.members).toContain('per_mate')
    expect(codeOf(lifeAt('requested').countersign('per_mate'))).toBe('approver-not-independent')
  })

  test('[independence/unknown-is-not-independent] [B08] who has left, and who is unknown, decides nothing', () => {
    expect(codeOf(lifeAt('requested').countersign('per_gone'))).toBe('not-active-in-directory')
    expect(codeOf(lifeAt('requested').countersign('per_unknown'))).toBe('unknown-person')
  })

  test('[fail/closed] [B07] a directory that is too old makes nobody independent', () => {
    const life = lifeAt('requested')
    const directory = compileDirectory(directoryOf(organisation, { observedAt: plusSeconds(noon, -2 * 86_400) }))
    const command: Command = { type: 'countersign', digest: life.waiver!.digest, acknowledges: [] }
    const decision = life.do('per_sam', command, { directory })
    expect(conflictsOf(decision)).toEqual(['directory-too-old'])
  })

  test('[terms/digest] [B09] a decision names the terms that were shown', () => {
    const command: Command = { type: 'countersign', digest: 'sha256:other', acknowledges: [] }
    expect(codeOf(lifeAt('requested').do('per_sam', command))).toBe('terms-changed')
  })

  test('[terms/digest] [B09] a role that was widened meanwhile voids what was asked', () => {
    const life = lifeAt('requested')
    const command: Command = { type: 'countersign', digest: life.waiver!.digest, acknowledges: [] }
    expect(codeOf(life.do('per_sam', command, { contains: 'sha256:wider' }))).toBe('contents-changed')
    expect(life.waiver).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })

  test('[terms/deny-or-narrow] a countersigner narrows scope and time, and the terms in force are the narrower ones', () => {
    const life = lifeAt('requested')
    const narrowed = termsFor({
      window: { start: noon, end: plusSeconds(noon, 600) },
      access: { ...termsFor().access, resources: ['ledger.entries'] },
    })
    expect(codeOf(life.countersign('per_sam', narrowed))).toBe('accepted')
    expect(types(life)).toEqual(['WaiverRequested', 'TermsNarrowed', 'WaiverCountersigned'])
    expect(life.waiver).toMatchObject({
      status: 'countersigned',
      terms: { access: { resources: ['ledger.entries'] }, window: { end: plusSeconds(noon, 600) } },
    })
    const [signature] = life.waiver!.approvals
    expect(signature?.saw).not.toBe(signature?.signed)
    expect(signature?.signed).toBe(life.waiver!.digest)
  })

  test.each([
    ['a later end', { window: { start: noon, end: plusSeconds(noon, 3 * hour) } }],
    ['an earlier start', { window: { start: plusSeconds(noon, -60), end: plusSeconds(noon, hour) } }],
    ['one more action', { access: { ...termsFor().access, actions: ['select', 'update', 'insert'] } }],
    ['another beneficiary', { beneficiary: 'per_sam' }],
    ['another account', { access: { ...termsFor().access, account: 'oncall_db' } }],
    ['another reason', { reason: 'because' }],
  ] as const)('[terms/deny-or-narrow] %s is a widening and is refused', (_, parts) => {
    expect(codeOf(lifeAt('requested').countersign('per_sam', termsFor(parts)))).toBe('terms-widened')
  })

  test('[window/always-expires] a narrowing leaves a window, and one that is not over', () => {
    const life = lifeAt('requested').after(1_000)
    const reversed = termsFor({ window: { start: plusSeconds(noon, 5_000), end: plusSeconds(noon, 4_000) } })
    expect(codeOf(life.countersign('per_sam', reversed))).toBe('window-reversed')
    expect(
      codeOf(life.countersign('per_sam', termsFor({ window: { start: noon, end: plusSeconds(noon, 500) } }))),
    ).toBe('window-over')
  })

  test('[extension/new-approval] [B18] caps are asked again when it is decided', () => {
    const before = earlier({
      open: false,
      granted: true,
      window: { start: plusSeconds(noon, -3 * 86_400), end: plusSeconds(noon, -3 * 86_400 + 9 * hour) },
    })
    const life = lifeAt('requested')
    expect(
      codeOf(
        life.do(
          'per_sam',
          { type: 'countersign', digest: life.waiver!.digest, acknowledges: [] },
          { earlier: [before] },
        ),
      ),
    ).toBe('cumulative-time-reached')
  })

  test('[B01] a decision needs a fresh, interactive sign-in of a person', () => {
    const life = lifeAt('requested')
    const command: Command = { type: 'countersign', digest: life.waiver!.digest, acknowledges: [] }
    const actor = { id: 'per_sam', chain: [] }
    expect(codeOf(life.do('per_sam', command, { actor }))).toBe('sign-in-not-fresh')
    expect(codeOf(life.do('per_sam', command, { actor: { ...actor, signedInAt: plusSeconds(noon, -301) } }))).toBe(
      'sign-in-not-fresh',
    )
    expect(codeOf(life.do('per_sam', command, { actor: { ...actor, signedInAt: plusSeconds(noon, 60) } }))).toBe(
      'sign-in-not-fresh',
    )
    expect(codeOf(life.do('per_sam', command, { actor: { ...actor, chain: ['wl_agent'], signedInAt: noon } }))).toBe(
      'only-people-decide',
    )
    expect(codeOf(life.do('per_sam', command, { actor: { ...actor, signedInAt: plusSeconds(noon, -300) } }))).toBe(
      'accepted',
    )
  })

  test('[B11] a decision after its time is refused, swept or not', () => {
    const life = lifeAt('requested').after(hour)
    expect(codeOf(life.countersign('per_sam'))).toBe('too-late')
  })

  test('[fail/closed] [B20] with a clock that went backwards nothing is countersigned or started, and access still ends', () => {
    const asked = lifeAt('requested')
    const command: Command = { type: 'countersign', digest: asked.waiver!.digest, acknowledges: [] }
    expect(codeOf(asked.do('per_sam', command, { clock: 'went-backwards' }))).toBe('clock-went-backwards')
    expect(codeOf(lifeAt('countersigned').do('per_asker', { type: 'activate' }, { clock: 'went-backwards' }))).toBe(
      'clock-went-backwards',
    )
    const active = lifeAt('active').after(3 * hour)
    expect(codeOf(active.do(systemActor, { type: 'tick' }, { clock: 'went-backwards' }))).toBe('accepted')
    expect(active.waiver?.status).toBe('ended')
  })

  test('[two-step/distinct-people] [B03] two steps take two people, in order', () => {
    const tier = { steps: ['endorse', 'countersign'], endorsePools: ['target-owners', 'pool_security'] } as const
    const life = lifeAt('requested', { tier })
    expect(codeOf(life.countersign('per_sam'))).toBe('endorse-first')
    const digest = life.waiver!.digest
    expect(codeOf(life.do('per_asker', { type: 'endorse', digest }))).toBe('endorser-unfit')
    life.must('per_sam', { type: 'endorse', digest })
    expect(codeOf(life.countersign('per_sam'))).toBe('one-person-counts-once')
    expect(codeOf(life.countersign('per_sue'))).toBe('accepted')
  })

  test('[two-step/distinct-people] [B21] approving each other asks for a second countersigner', () => {
    const decision = (countersigner: string, asker: string, event: string) => ({
      countersigner,
      askedBy: [asker],
      at: plusSeconds(noon, -86_400),
      event,
    })
    const decisions = [decision('per_asker', 'per_sam', 'evt_1.2'), decision('per_asker', 'per_sam', 'evt_2.2')]
    const life = lifeAt('requested')
    life.facts = { history: { decisions, ruleChanges: [], tenures: [] } }
    expect(codeOf(life.countersign('per_sam'))).toBe('accepted')
    expect(life.waiver?.status).toBe('requested')
    expect(life.waiver?.proposal?.countersignersNeeded).toBe(2)
    expect(codeOf(life.countersign('per_sam'))).toBe('one-person-counts-once')
    expect(codeOf(life.countersign('per_sue'))).toBe('accepted')
    expect(life.waiver?.status).toBe('countersigned')
  })

  test('[challenge/real] a decider asks back, and question and answer are records', () => {
    const life = lifeAt('requested').must('per_sam', { type: 'ask-back', text: 'which rows?' })
    life.must('per_asker', { type: 'answer', text: 'those of batch 7' })
    expect(life.waiver?.proposal?.questions).toMatchObject([
      { by: 'per_sam', text: 'which rows?', answer: { by: 'per_asker' } },
    ])
  })

  test('[challenge/real] denied terms come back only with the denial shown', () => {
    const denial = { waiver: 'wvr_00', by: 'per_sue', at: plusSeconds(noon, -hour), reason: 'use the tool' }
    const life = newLife()
    life.facts = { earlier: [earlier({ open: false, granted: false, denial })] }
    life.ask()
    const digest = life.waiver!.digest
    expect(codeOf(life.do('per_sam', { type: 'countersign', digest, acknowledges: [] }))).toBe(
      'denial-not-acknowledged',
    )
    expect(codeOf(life.do('per_sam', { type: 'countersign', digest, acknowledges: ['wvr_00'] }))).toBe('accepted')
  })

  test('[rules/maker-checker] what today no longer allows cannot be countersigned', () => {
    const life = lifeAt('requested')
    const today = { ...policyFor(), systems: {} }
    const policies = { asked: life.policy, today, todayDigest: 'sha256:today' }
    expect(
      codeOf(life.do('per_sam', { type: 'countersign', digest: life.waiver!.digest, acknowledges: [] }, { policies })),
    ).toBe('policy-changed')
  })

  test('[rules/maker-checker] a pool that only one of the two policies knows decides nothing', () => {
    const life = lifeAt('requested')
    const pools = {
      ...policyFor().pools,
      pool_friends: { ...policyFor().pools.pool_security!, id: 'pool_friends', members: ['per_nobody'] },
    }
    const today = { ...policyFor({ pools: ['pool_friends'] }), pools }
    const policies = { asked: life.policy, today, todayDigest: 'sha256:today' }
    const command: Command = { type: 'countersign', digest: life.waiver!.digest, acknowledges: [] }
    expect(codeOf(life.do('per_nobody', command, { policies }))).toBe('approver-not-in-pool')
    expect(codeOf(life.do('per_sam', command, { policies }))).toBe('approver-not-in-pool')
  })
})

describe('endorsing', () => {
  const tier = { steps: ['endorse', 'countersign'] } as const
  const endorse = (life: Life, digest = life.waiver?.digest ?? ''): Command => ({ type: 'endorse', digest })

  test('[two-step/distinct-people] it is asked of the same moment, terms and sign-in as a countersignature', () => {
    const life = lifeAt('requested', { tier })
    expect(codeOf(life.do('per_owner', endorse(life, 'sha256:other')))).toBe('terms-changed')
    expect(codeOf(life.do('per_owner', endorse(life), { actor: { id: 'per_owner', chain: [] } }))).toBe(
      'sign-in-not-fresh',
    )
    const late = lifeAt('requested', { tier }).after(hour)
    expect(codeOf(late.do('per_owner', endorse(late)))).toBe('too-late')
  })

  test('[two-step/distinct-people] [B02] whoever may be the requester under another name does not endorse', () => {
    const life = lifeAt('requested', { tier })
    life.directory = `${organisation}\n per_owner same-as per_asker`
    expect(codeOf(life.do('per_owner', endorse(life)))).toBe('endorser-unfit')
  })

  test('[terms/digest] an endorsement survives a narrowing, and the countersignature names both digests', () => {
    const life = lifeAt('endorsed', { tier })
    const narrowed = termsFor({ access: { ...termsFor().access, actions: ['select'] } })
    expect(codeOf(life.countersign('per_sam', narrowed))).toBe('accepted')
    expect(life.waiver).toMatchObject({ status: 'countersigned', endorsers: ['per_owner'] })
  })
})

describe('access', () => {
  test('[terms/digest] [B09] a role that was widened after the approval voids it at activation', () => {
    const life = lifeAt('countersigned')
    expect(codeOf(life.do('per_asker', { type: 'activate' }, { contains: 'sha256:wider' }))).toBe('contents-changed')
    expect(life.waiver).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })

  test('[fail/closed] [B07] a target that does not say what it would give gives nothing, and the approval stays', () => {
    const life = lifeAt('countersigned')
    expect(codeOf(life.do('per_asker', { type: 'activate' }, { contains: undefined as never }))).toBe(
      'contents-unknown',
    )
    expect(life.waiver?.status).toBe('countersigned')
  })

  test('[rules/maker-checker] what today no longer allows is not started', () => {
    const policies = { asked: policyFor(), today: { ...policyFor(), systems: {} }, todayDigest: 'sha256:today' }
    expect(codeOf(lifeAt('countersigned').do('per_asker', { type: 'activate' }, { policies }))).toBe('policy-changed')
  })

  test('[terms/bound] an account that is no longer the beneficiary’s gets nothing', () => {
    const life = lifeAt('countersigned')
    life.directory = organisation.replace(
      'acc_asker belongs-to per_asker confirmed',
      'acc_asker belongs-to per_mate confirmed',
    )
    expect(codeOf(life.do('per_asker', { type: 'activate' }))).toBe('unknown-account')
  })

  test('[context/at-request-time] [B08] an approver who joined the team meanwhile no longer counts at activation', () => {
    const life = lifeAt('countersigned')
    life.directory = `${organisation}\n per_sam member-of team_payments`
    expect(codeOf(life.do('per_asker', { type: 'activate' }))).toBe('approver-no-longer-independent')
  })

  test('[context/at-request-time] an approver who left the pool meanwhile no longer counts', () => {
    const life = lifeAt('countersigned')
    const pool = { ...life.policy.pools.pool_security!, members: ['per_sue'] }
    const today = { ...life.policy, pools: { ...life.policy.pools, pool_security: pool } }
    const policies = { asked: life.policy, today, todayDigest: 'sha256:today' }
    expect(codeOf(life.do('per_asker', { type: 'activate' }, { policies }))).toBe('approver-no-longer-independent')
  })

  test('[B11] too early, too late, window over', () => {
    const later = { window: { start: plusSeconds(noon, 600), end: plusSeconds(noon, 2 * hour) } }
    expect(codeOf(lifeAt('countersigned', { terms: later }).do('per_asker', { type: 'activate' }))).toBe('too-early')
    expect(codeOf(lifeAt('countersigned').after(hour).do('per_asker', { type: 'activate' }))).toBe('too-late')
    expect(
      codeOf(
        lifeAt('countersigned', { tier: { activateWithinSeconds: 1e6 } })
          .after(2 * hour)
          .do('per_asker', { type: 'activate' }),
      ),
    ).toBe('window-over')
  })

  test('[B10] one approval starts access once', () => {
    const life = lifeAt('active')
    expect(codeOf(life.do('per_asker', { type: 'activate' }))).toBe('not-in-this-state')
  })

  test('[revocation/automatic] access ends at its time without anybody acting, and its review is due', () => {
    const life = lifeAt('active')
      .after(2 * hour)
      .tick()
    expect(life.waiver).toMatchObject({
      status: 'ended',
      end: { cause: 'expired', by: systemActor },
      removal: { state: 'open' },
      review: { overdue: false },
    })
    life.after(4 * 86_400).tick()
    expect(life.waiver?.review?.overdue).toBe(true)
  })

  test('a use is counted, and the last one ends it', () => {
    const life = lifeAt('active', { terms: { conditions: { usesMax: 2 } } })
    life.must('per_asker', { type: 'use', detail: 'first' }).must('per_asker', { type: 'use', detail: 'second' })
    expect(life.waiver).toMatchObject({ status: 'ended', usesCount: 2, end: { cause: 'spent' } })
    expect(codeOf(life.do('per_asker', { type: 'use', detail: 'third' }))).toBe('not-in-this-state')
  })

  test('[B11] a use after the end is refused although no sweep has come by', () => {
    expect(
      codeOf(
        lifeAt('active')
          .after(2 * hour)
          .do('per_asker', { type: 'use', detail: 'late' }),
      ),
    ).toBe('window-over')
  })

  test('[terms/bound] a missed control suspends, resuming is a new countersignature and never moves the end', () => {
    const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT10M' }]
    const life = lifeAt('active', { terms: { controls } })
    const end = life.waiver?.activation?.end
    life.after(300).must('per_lee', { type: 'evidence', control: 'peer-watch', text: 'watched' })
    life.after(599).tick()
    expect(life.waiver?.status).toBe('active')
    life.after(1).tick()
    expect(life.waiver).toMatchObject({ status: 'suspended', removal: { state: 'open' } })
    life.must('per_asker', { type: 'request-resumption', reason: 'lee is back' })
    expect(codeOf(life.countersign('per_mate'))).toBe('approver-not-independent')
    expect(codeOf(life.countersign('per_sue'))).toBe('accepted')
    expect(life.waiver).toMatchObject({ status: 'active', activation: { end } })
    expect(life.waiver?.activation?.confirmedAt).toBeUndefined()
  })

  test.each(['per_asker', 'per_sam', 'per_owner', 'per_dba', 'per_watch', systemActor])(
    '[challenge/real] %s may end it at any time',
    (person) => {
      const life = lifeAt('active')
      expect(codeOf(life.do(person, { type: 'revoke', reason: 'enough' }))).toBe('accepted')
      expect(life.waiver?.status).toBe('ended')
    },
  )
})

test('[fail/closed] [B20] a clock that went back to before access began frees none of its time', () => {
  const { access, window } = termsFor()
  const half = plusSeconds(window.start, 600)
  const began = { id: 'wvr_00', open: true, granted: true, breakGlass: false, ordinal: 0, countersigners: ['per_sam'] }
  const earlier = [{ ...began, access, window: { ...window, start: half }, promised: window }]
  const life = newLife()
  life.facts = { earlier }
  const asked = termsFor({ window: { start: window.start, end: half } })
  expect(codeOf(life.do('per_asker', { type: 'request', terms: asked }))).toBe('already-asked')
})

describe('more time', () => {
  const more = (seconds: number): Command => ({
    type: 'request-extension',
    end: plusSeconds(noon, seconds),
    reason: 'not done yet',
  })

  test('[extension/new-approval] [B18] takes another independent person, and moves the end only then', () => {
    const life = lifeAt('active').must('per_asker', more(3 * hour))
    expect(life.waiver?.activation?.end).toBe(plusSeconds(noon, 2 * hour))
    expect(codeOf(life.countersign('per_sam'))).toBe('approver-decided-before')
    expect(codeOf(life.countersign('per_oncall'))).toBe('approver-not-independent')
    expect(codeOf(life.countersign('per_sue'))).toBe('accepted')
    expect(life.waiver).toMatchObject({
      extensionsCount: 1,
      activation: { end: plusSeconds(noon, 3 * hour) },
      terms: { window: { end: plusSeconds(noon, 3 * hour) } },
    })
  })

  test('[fail/closed] with a clock that went backwards no more time is asked for', () => {
    expect(codeOf(lifeAt('active').do('per_asker', more(3 * hour), { clock: 'went-backwards' }))).toBe(
      'clock-went-backwards',
    )
  })

  test('[terms/digest] [B09] more time for a role that was widened meanwhile is neither asked for nor given', () => {
    expect(codeOf(lifeAt('active').do('per_asker', more(3 * hour), { contains: 'sha256:wider' }))).toBe(
      'contents-changed',
    )
    const life = lifeAt('extension asked')
    const digest = life.waiver!.proposal!.digest
    expect(
      codeOf(life.do('per_sue', { type: 'countersign', digest, acknowledges: [] }, { contains: 'sha256:wider' })),
    ).toBe('contents-changed')
    expect(life.waiver?.status).toBe('active')
  })

  test('[terms/deny-or-narrow] an extension that is narrowed to nothing is no extension, and may be narrowed to less', () => {
    const asked = () => lifeAt('extension asked')
    const until = (life: Life, seconds: number) => ({
      ...life.waiver!.proposal!.terms,
      window: { start: noon, end: plusSeconds(noon, seconds) },
    })
    const none = asked()
    expect(codeOf(none.countersign('per_sue', until(none, 2 * hour)))).toBe('extension-not-later')
    const less = asked()
    expect(codeOf(less.countersign('per_sue', until(less, 2.5 * hour)))).toBe('accepted')
    expect(less.waiver?.activation?.end).toBe(plusSeconds(noon, 2.5 * hour))
  })

  test('[extension/new-approval] with nobody but the last countersigner there is nobody to ask', () => {
    const policy = policyFor()
    const pool = { ...policy.pools.pool_security!, members: ['per_sam', 'per_mate'] }
    const life = lifeAt('active', { policy: { ...policy, pools: { ...policy.pools, pool_security: pool } } })
    expect(codeOf(life.do('per_asker', more(3 * hour)))).toBe('no-independent-approver')
  })

  test('[extension/new-approval] a denied extension leaves the end where it was', () => {
    const life = lifeAt('extension asked')
    life.must('per_sue', { type: 'deny', digest: life.waiver!.proposal!.digest, reason: 'no' })
    expect(life.waiver).toMatchObject({ status: 'active', activation: { end: plusSeconds(noon, 2 * hour) } })
  })

  test('[B11] [B18] a decision after the end, and asking after the end, are refused', () => {
    expect(
      codeOf(
        lifeAt('extension asked')
          .after(2 * hour)
          .countersign('per_sue'),
      ),
    ).toBe('too-late')
    expect(
      codeOf(
        lifeAt('active')
          .after(2 * hour)
          .do('per_asker', more(3 * hour)),
      ),
    ).toBe('window-over')
  })

  test('[extension/new-approval] an earlier end is no extension, and the count is capped', () => {
    expect(codeOf(lifeAt('active').do('per_asker', more(hour)))).toBe('extension-not-later')
    expect(
      codeOf(
        lifeAt('active', { tier: { extension: { ...policyFor().tiers.high!.extension, countMax: 0 } } }).do(
          'per_asker',
          more(3 * hour),
        ),
      ),
    ).toBe('extension-not-offered')
  })

  test('[extension/new-approval] [B18] cumulative time counts what was granted before under other names', () => {
    const before = earlier({
      open: false,
      granted: true,
      window: { start: plusSeconds(noon, -3 * 86_400), end: plusSeconds(noon, -3 * 86_400 + 8 * hour) },
    })
    const life = lifeAt('active')
    expect(codeOf(life.do('per_asker', more(3 * hour), { earlier: [before] }))).toBe('cumulative-time-reached')
    expect(
      codeOf(
        newLife().do(
          'per_asker',
          { type: 'request', terms: termsFor({ window: { start: noon, end: plusSeconds(noon, 3 * hour) } }) },
          { earlier: [before] },
        ),
      ),
    ).toBe('cumulative-time-reached')
  })

  test('[extension/new-approval] [B18] filing again back to back is an extension: counted, and decided by somebody else', () => {
    const before = earlier({
      open: false,
      granted: true,
      ordinal: 1,
      window: { start: plusSeconds(noon, -2 * hour), end: plusSeconds(noon, -60) },
    })
    const life = newLife()
    life.facts = { earlier: [before] }
    life.ask()
    expect(life.waiver).toMatchObject({ continues: [before.id], ordinal: 2, countersignersBefore: ['per_sam'] })
    expect(codeOf(life.countersign('per_sam'))).toBe('approver-decided-before')
    expect(
      codeOf(
        newLife().do('per_asker', { type: 'request', terms: termsFor() }, { earlier: [{ ...before, ordinal: 2 }] }),
      ),
    ).toBe('extension-count-reached')
  })

  test('[B18] overlapping actions count, other ones do not', () => {
    const before = earlier({
      open: false,
      granted: true,
      ordinal: 2,
      access: { ...termsFor().access, actions: ['insert'] },
      window: { start: plusSeconds(noon, -2 * hour), end: noon },
    })
    const life = newLife()
    life.facts = { earlier: [before] }
    life.ask()
    expect(life.waiver?.ordinal).toBe(0)
  })
})

describe('break-glass', () => {
  test('[break-glass/activator-is-not-approver] the envelope is countersigned by somebody independent of the whole rota', () => {
    const life = newLife().ask(envelope(), 'per_chief')
    expect(codeOf(life.countersign('per_oncall'))).toBe('approver-is-requester')
    expect(codeOf(life.countersign('per_sam'))).toBe('accepted')
    expect(codeOf(life.do('per_sam', { type: 'activate' }))).toBe('approver-never-activates')
    expect(codeOf(life.do('per_owner', { type: 'activate' }))).toBe('not-permitted')
    life.must('per_oncall', { type: 'activate' })
    expect(life.waiver?.activation).toMatchObject({
      by: 'per_oncall',
      account: 'oncall_db',
      end: plusSeconds(noon, 1800),
    })
  })

  test('[break-glass/activator-is-not-approver] it is checked again: a countersigner who joined the rota does not count', () => {
    const life = lifeAt('sealed envelope')
    life.directory = `${organisation}\n per_sam on-rota rota_payments\n per_sam member-of team_fraud`
    expect(codeOf(life.do('per_oncall', { type: 'activate' }))).toBe('approver-no-longer-independent')
  })

  test('[break-glass/activator-is-not-approver] [B08] a change of the directory voids an envelope that would no longer open', () => {
    const life = lifeAt('sealed envelope').must(systemActor, { type: 'recheck' })
    expect(life.waiver?.status).toBe('countersigned')
    life.directory = `${organisation}\n per_sam on-rota rota_payments`
    expect(codeOf(life.do(systemActor, { type: 'recheck' }))).toBe('approver-no-longer-independent')
    expect(life.waiver).toMatchObject({ status: 'ended', end: { cause: 'voided' } })
  })

  test('[break-glass/activator-is-not-approver] in an emergency a directory of a stated age suffices, an older one does not', () => {
    const aged = (days: number) =>
      compileDirectory(
        directoryOf(organisation, { observedAt: plusSeconds(noon, -days * 86_400), staleAfterSeconds: 60 }),
      )
    expect(codeOf(lifeAt('sealed envelope').do('per_oncall', { type: 'activate' }, { directory: aged(0.9) }))).toBe(
      'accepted',
    )
    expect(codeOf(lifeAt('sealed envelope').do('per_oncall', { type: 'activate' }, { directory: aged(1.1) }))).toBe(
      'approver-no-longer-independent',
    )
  })

  const openedBefore = (parts: Partial<EarlierWaiver>): EarlierWaiver => ({
    id: 'wvr_00',
    open: false,
    granted: true,
    breakGlass: true,
    access: termsFor().access,
    window: { start: plusSeconds(noon, -2 * hour), end: plusSeconds(noon, -hour) },
    ordinal: 0,
    countersigners: ['per_sue'],
    ...parts,
  })
  const opens = (earlier: EarlierWaiver, tierParts: Partial<Tier> = {}) =>
    lifeAt('sealed envelope', { tier: tierParts }).do('per_oncall', { type: 'activate' }, { earlier: [earlier] })

  test('[extension/new-approval] [B18] one that follows earlier access counts as its extension, and says so', () => {
    const life = lifeAt('sealed envelope')
    life.must('per_oncall', { type: 'activate' }, { earlier: [openedBefore({ ordinal: 1 })] })
    expect(life.waiver).toMatchObject({ ordinal: 2, continues: ['wvr_00'], countersignersBefore: ['per_sue'] })
    expect(codeOf(opens(openedBefore({ ordinal: 2 })))).toBe('extension-count-reached')
    expect(codeOf(opens(openedBefore({ breakGlass: false, ordinal: 2 })))).toBe('extension-count-reached')
    const longAgo = { start: plusSeconds(noon, -30 * hour), end: plusSeconds(noon, -29 * hour) }
    expect(codeOf(opens(openedBefore({ ordinal: 2, window: longAgo })))).toBe('accepted')
  })

  test('[extension/new-approval] [B18] one that was sealed by whoever gave the time before does not open', () => {
    const again = openedBefore({ countersigners: ['per_sam'] })
    expect(codeOf(opens(again))).toBe('approver-decided-before')
    const relaxed = { extension: { ...tier.extension, distinctCountersigner: false } }
    expect(codeOf(opens(again, relaxed))).toBe('accepted')
  })

  test('[extension/new-approval] [B18] a request that follows an opened envelope counts as its extension', () => {
    const life = newLife()
    life.facts = { earlier: [openedBefore({ countersigners: ['per_sam'] })] }
    life.ask()
    expect(life.waiver).toMatchObject({ ordinal: 1, continues: ['wvr_00'] })
    expect(codeOf(life.countersign('per_sam'))).toBe('approver-decided-before')
    expect(codeOf(life.countersign('per_sue'))).toBe('accepted')
  })

  test('[nhi/least-and-short] whoever falls into a higher tier than it was sealed in does not open it', () => {
    const policy = policyFor({}, { beneficiaryRisk: { external: 'higher' } })
    const tiers = { ...policy.tiers, higher: { ...tier, rank: 2 } }
    const life = lifeAt('sealed envelope', { policy: { ...policy, tiers } })
    life.directory = organisation.replace('per_oncall member-of team_fraud', 'per_oncall external')
    expect(codeOf(life.do('per_oncall', { type: 'activate' }))).toBe('opener-needs-higher-tier')
  })

  test('[break-glass/activator-is-not-approver] whoever opened it may ask that it goes on, and decides nothing about it', () => {
    const life = lifeAt('opened envelope').must(systemActor, { type: 'confirm-activation' })
    life.must('per_dba', { type: 'suspend', reason: 'looks odd' })
    expect(codeOf(life.do('per_mate', { type: 'request-resumption', reason: 'let them' }))).toBe('not-permitted')
    life.must('per_oncall', { type: 'request-resumption', reason: 'it was the restore' })
    expect(life.waiver?.proposal).toMatchObject({ of: 'resumption', askedBy: 'per_oncall' })
    expect(codeOf(life.countersign('per_oncall'))).toBe('approver-is-requester')
    expect(codeOf(life.countersign('per_sue'))).toBe('accepted')
    expect(life.waiver).toMatchObject({ status: 'active', activation: { by: 'per_oncall' } })
  })

  test('[break-glass/activator-is-not-approver] it opens once, is never extended and is reviewed within a day', () => {
    const life = lifeAt('opened envelope').must(systemActor, { type: 'confirm-activation' })
    expect(codeOf(life.do('per_oncall', { type: 'activate' }))).toBe('not-in-this-state')
    expect(
      codeOf(life.do('per_oncall', { type: 'request-extension', end: plusSeconds(noon, hour), reason: 'more' })),
    ).toBe('extension-not-offered')
    life.after(1800).tick()
    expect(life.waiver).toMatchObject({ status: 'ended', review: { dueAt: plusSeconds(noon, 1800 + 86_400) } })
  })
})

describe('afterwards', () => {
  test('[four-acts/four-records] approval, activation, extension and revocation are records, each reviewed on its own', () => {
    const life = lifeAt('extension asked')
    life.countersign('per_sue')
    life.after(3 * hour).tick()
    expect(life.waiver?.records.map(({ act, by }) => [act, by])).toEqual([
      ['approval', 'per_sam'],
      ['activation', 'per_asker'],
      ['extension', 'per_sue'],
      ['revocation', systemActor],
    ])
    for (const { event } of life.waiver!.records) {
      life.must('per_kim', { type: 'review-event', event, finding: 'justified', note: 'fine' })
      expect(codeOf(life.do('per_rae', { type: 'review-event', event, finding: 'justified', note: 'again' }))).toBe(
        'reviewed-already',
      )
    }
    expect(life.waiver?.records.every(({ review }) => review?.by === 'per_kim')).toBe(true)
  })

  test('[revocation/verified] [review/after] a review closes only after the removal was read back', () => {
    const life = lifeAt('ended')
    const review: Command = { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] }
    expect(codeOf(life.do('per_rae', review))).toBe('removal-not-verified')
    life.must(systemActor, { type: 'report-removal', verified: false, residue: [], reason: 'connection refused' })
    life.must(systemActor, { type: 'report-removal', verified: false, residue: [], reason: 'connection refused' })
    expect(types(life).filter((type) => type === 'RemovalFailed')).toHaveLength(1)
    life.must(systemActor, { type: 'report-removal', verified: true, residue: ['table ledger.copy'], reason: '' })
    expect(codeOf(life.do('per_rae', review))).toBe('removal-not-verified')
    expect(codeOf(life.do('per_rae', { ...review, residueAccepted: ['table ledger.copy'] } as Command))).toBe(
      'accepted',
    )
    expect(life.waiver?.status).toBe('reviewed')
  })

  test.each([
    ['the requester', 'per_asker', 'reviewer-not-independent'],
    ['the countersigner', 'per_sam', 'reviewer-not-independent'],
    ['who administers the target', 'per_dba', 'reviewer-not-independent'],
    ['somebody in no review pool', 'per_nobody', 'reviewer-not-in-pool'],
  ])('[review/after] %s does not review', (_, person, code) => {
    const command: Command = { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] }
    expect(codeOf(lifeAt('removed').do(person, command))).toBe(code)
  })

  test('[review/after] a review is a decision: it needs a fresh sign-in', () => {
    const command: Command = { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] }
    expect(codeOf(lifeAt('removed').do('per_rae', command, { actor: { id: 'per_rae', chain: [] } }))).toBe(
      'sign-in-not-fresh',
    )
  })

  test('[B20] a refused attempt is a record, with the facts that were looked at', () => {
    const life = lifeAt('requested')
    life.countersign('per_mate')
    expect(life.events.at(-1)).toMatchObject({
      type: 'AttemptRefused',
      by: 'per_mate',
      code: 'approver-not-independent',
      verdict: { independent: false },
      facts: { directory: 'sha256:directory' },
    })
  })
})

describe('conflicting duties', () => {
  const exception = { rule: 'post-and-approve', other: { system: 'sys_ledger', entitlement: 'ledger-approve' } }
  const approve = { system: 'sys_ledger', entitlement: 'ledger-approve' }
  const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT1H' }]

  test('access that would break a duty rule needs an exception that names it', () => {
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor() }, { held: [approve] }))).toBe(
      'creates-duty-conflict',
    )
    const terms = termsFor({ kind: 'sod-exception', exception, controls })
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms }, { held: [approve] }))).toBe('accepted')
  })

  test('an exception names a real conflict and carries a control of the rule', () => {
    const without = termsFor({ kind: 'sod-exception', exception })
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: without }))).toBe('control-missing')
    const none = termsFor({
      kind: 'sod-exception',
      controls,
      exception: { ...exception, other: { system: 'sys_ledger', entitlement: 'ledger-write' } },
    })
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: none }))).toBe('not-a-duty-conflict')
  })

  test('[B18] a chain of waivers does not add up to a conflict', () => {
    const other = earlier({
      open: true,
      granted: true,
      access: { ...termsFor().access, entitlement: 'ledger-approve', actions: ['approve'] },
    })
    expect(codeOf(newLife().do('per_asker', { type: 'request', terms: termsFor() }, { earlier: [other] }))).toBe(
      'creates-duty-conflict',
    )
  })
})

function earlier(parts: Partial<EarlierWaiver>): EarlierWaiver {
  return {
    id: 'wvr_00',
    open: false,
    granted: false,
    breakGlass: false,
    access: termsFor().access,
    window: termsFor().window,
    ordinal: 0,
    countersigners: ['per_sam'],
    ...parts,
  }
}
