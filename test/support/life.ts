/**
 * A small organisation and a waiver in it, for tests that read as sentences: at this time, this person does that.
 * `per_asker` of the payments team asks for writing rights on the ledger; `per_sam` and `per_sue` are outside.
 */
import { compileDirectory, refreshed } from '../../src/core/compile.ts'
import { statementOf } from '../../src/core/decide/signed.ts'
import { type Decision, decide, proposedTerms } from '../../src/core/decide.ts'
import { evolve } from '../../src/core/evolve.ts'
import type { Facts } from '../../src/core/facts.ts'
import { noHistory } from '../../src/core/independence.ts'
import type { Policy, Tier } from '../../src/core/policy.ts'
import { isSampled } from '../../src/core/sampling.ts'
import type { PasskeyEvidence, Statement } from '../../src/core/signed.ts'
import type { Terms } from '../../src/core/terms.ts'
import { plusSeconds } from '../../src/core/time.ts'
import { type Command, systemActor, type Waiver, type WaiverEvent } from '../../src/core/waiver.ts'
import { digestOf } from '../../src/lib/digest.ts'
import { isSignable, withShown } from '../../src/proof/shown.ts'
import { directoryOf, noon, policyWith, poolWith } from './directories.ts'

export { noon }

export const organisation = `
  per_asker member-of team_payments
  per_mate member-of team_payments
  per_asker on-rota rota_payments
  per_oncall on-rota rota_payments
  per_oncall member-of team_fraud
  per_asker reports-to per_chief
  per_dba member-of team_platform
  team_platform administers sys_ledger
  per_owner member-of team_ledger
  team_ledger owns sys_ledger
  per_ops member-of team_countersign
  team_countersign operates sys_countersign
  per_sam member-of team_security
  per_sue member-of team_security
  per_sid member-of team_security
  per_rae member-of team_risk
  per_kim member-of team_risk
  per_lee member-of team_legal
  per_watch member-of team_audit
  per_nobody member-of team_canteen
  wl_bot owns sys_nothing
  per_asker owns wl_bot
  wl_agent agent
  per_asker owns wl_agent
  per_gone until 2026-10-01
  acc_asker on sys_ledger login asker_db
  acc_asker belongs-to per_asker confirmed
  acc_oncall on sys_ledger login oncall_db
  acc_oncall belongs-to per_oncall confirmed
  acc_bot on sys_ledger login bot_db
  acc_bot belongs-to wl_bot confirmed
  acc_agent on sys_ledger login agent_db
  acc_agent belongs-to wl_agent confirmed
  acc_guess on sys_ledger login guess_db
  acc_guess belongs-to per_asker
`

export const tier: Tier = {
  rank: 1,
  windowSecondsMax: 4 * 3600,
  steps: ['countersign'],
  countersignersMin: 1,
  pools: ['pool_security'],
  endorsePools: ['target-owners'],
  controlsRequired: [],
  missedControl: 'suspend',
  decideWithinSeconds: 3600,
  activateWithinSeconds: 3600,
  activation: 'manual',
  extension: { countMax: 2, cumulativeSecondsMax: 10 * 3600, overSeconds: 7 * 86_400, distinctCountersigner: true },
  reviewWithinSeconds: 3 * 86_400,
  passkey: true,
}

export function policyFor(tierParts: Partial<Tier> = {}, more: Partial<Policy> = {}): Policy {
  const entitlement = {
    id: 'ledger-write',
    name: 'write to the ledger',
    tier: 'high',
    resources: ['ledger.entries', 'ledger.accounts'],
    actions: ['select', 'insert', 'update'],
    duties: ['post-entry'],
    target: { shape: 'grant-role' },
    kinds: ['access-override', 'sod-exception', 'break-glass'],
  } as const
  return {
    ...policyWith({
      pools: [
        poolWith('pool_security', ['per_sam', 'per_sue', 'per_sid', 'per_mate', 'per_oncall', 'per_dba', 'per_asker']),
        { ...poolWith('pool_review', ['per_rae', 'per_kim', 'per_sam', 'per_sue']), decides: ['review'] },
        { ...poolWith('pool_watch', ['per_watch']), decides: ['security'] },
        { ...poolWith('pool_rules', ['per_rae', 'per_kim']), decides: ['rules'] },
      ],
    }),
    tiers: { high: { ...tier, ...tierParts } },
    systems: {
      sys_ledger: {
        id: 'sys_ledger',
        name: 'ledger database',
        connector: 'ledger',
        entitlements: {
          'ledger-write': entitlement,
          'ledger-approve': {
            ...entitlement,
            id: 'ledger-approve',
            name: 'approve entries',
            duties: ['approve-entry'],
            actions: ['approve'],
          },
        },
      },
    },
    connectors: { ledger: { id: 'ledger', kind: 'memory', settings: {} } },
    functions: {
      posting: { id: 'posting', name: 'post entries', duties: ['post-entry'] },
      approving: { id: 'approving', name: 'approve entries', duties: ['approve-entry'] },
    },
    dutyRules: {
      'post-and-approve': {
        id: 'post-and-approve',
        name: 'post and approve the same entries',
        severity: 'high',
        functions: ['posting', 'approving'],
        conflictsFrom: 2,
        controls: ['peer-watch'],
        tier: 'high',
      },
    },
    controls: { 'peer-watch': { name: 'a colleague watches', everySecondsMax: 3600 } },
    ...more,
  }
}

export const contains = 'sha256:contents'

export function termsFor(parts: Partial<Terms> = {}): Terms {
  return {
    kind: 'access-override',
    beneficiary: 'per_asker',
    access: {
      system: 'sys_ledger',
      entitlement: 'ledger-write',
      account: 'asker_db',
      resources: ['ledger.entries', 'ledger.accounts'],
      actions: ['select', 'update'],
    },
    window: { start: noon, end: plusSeconds(noon, 2 * 3600) },
    reason: 'batch 7 was posted twice',
    controls: [],
    conditions: {},
    contains,
    ...parts,
  }
}

export function envelope(parts: Partial<Terms> = {}): Terms {
  const { account: _, ...access } = termsFor().access
  return termsFor({
    kind: 'break-glass',
    beneficiary: 'rota_payments',
    access,
    openFor: 'PT30M',
    window: { start: noon, end: plusSeconds(noon, 20 * 86_400) },
    ...parts,
  })
}

export interface LifeOptions {
  readonly directory?: string
  readonly tier?: Partial<Tier>
  readonly policy?: Policy
  readonly terms?: Partial<Terms>
}

export interface Life {
  readonly events: WaiverEvent[]
  waiver: Waiver | undefined
  now: string
  /** Facts that the next commands are decided on; merged over the usual ones. */
  facts: Partial<Facts>
  /** People sign what they decide, with a passkey in force; false: they only say it. */
  signs: boolean
  policy: Policy
  directory: string
  /** Moves the clock. */
  after(seconds: number): Life
  /** Decides and, whatever the outcome, applies the events. */
  do(actor: string, command: Command, facts?: Partial<Facts>): Decision
  /** The same, and fails the test unless it is accepted. */
  must(actor: string, command: Command, facts?: Partial<Facts>): Life
  ask(terms?: Partial<Terms>, actor?: string): Life
  countersign(actor: string, narrowed?: Terms): Decision
  tick(): Life
}

export const id = 'wvr_01'

/** A life that has not begun; `lifeUntil` takes it to a stage. */
export function newLife(options: LifeOptions = {}): Life {
  const life: Life = {
    events: [],
    waiver: undefined,
    now: noon,
    facts: {},
    signs: true,
    policy: options.policy ?? policyFor(options.tier),
    directory: options.directory ?? organisation,
    after(seconds) {
      life.now = plusSeconds(life.now, seconds)
      return life
    },
    do(actor, command, facts = {}) {
      const decision = decide(life.waiver, command, factsOf(life, actor, command, facts))
      for (const event of decision.events) {
        if (life.waiver === undefined && event.type === 'AttemptRefused') continue
        life.waiver = evolve(life.waiver, event, id)
        life.events.push(event)
      }
      return decision
    },
    must(actor, command, facts) {
      const decision = life.do(actor, command, facts)
      if (decision.outcome === 'refused') {
        throw new Error(`${actor} ${command.type}: ${decision.refusal.code} ${decision.refusal.message}`)
      }
      return life
    },
    ask(terms, actor = 'per_asker') {
      return life.must(actor, { type: 'request', terms: termsFor({ ...options.terms, ...terms }) })
    },
    countersign(actor, narrowed) {
      const digest = life.waiver?.proposal?.digest ?? ''
      return life.do(actor, {
        type: 'countersign',
        digest,
        acknowledges: [],
        ...(narrowed === undefined ? {} : { narrowed }),
      })
    },
    tick() {
      return life.must(systemActor, { type: 'tick' })
    },
  }
  return life
}

const compiled = new Map<string, ReturnType<typeof compileDirectory>>()

export function factsOf(life: Life, actor: string, command: Command, facts: Partial<Facts> = {}): Facts {
  const known = compiled.get(life.directory) ?? compileDirectory(directoryOf(life.directory))
  compiled.set(life.directory, known)
  // Read a minute ago, whatever the time: staleness is a test of its own.
  const directory = refreshed(known, { hr: plusSeconds(life.now, -60) })
  const terms = proposedTerms(life.waiver, command)
  const digest = terms === undefined ? undefined : digestOf(terms)
  const isPerson = actor.startsWith('per_')
  const gathered: Facts = {
    now: life.now,
    actor: { id: actor, chain: [], ...(isPerson ? { signedInAt: plusSeconds(life.now, -30) } : {}) },
    directory,
    policies: { asked: life.policy, today: life.policy, todayDigest: 'sha256:policy' },
    history: noHistory,
    earlier: [],
    held: [],
    contains,
    clock: 'steady',
    sampled: isSampled(life.waiver?.digest ?? digest ?? ''),
    reference: { directory: 'sha256:directory', policy: 'sha256:policy', circumstances: 'sha256:circumstances' },
    ...(digest === undefined ? {} : { digest }),
    ...life.facts,
    ...facts,
  }
  return life.signs && isPerson ? signedFor(life.waiver, command, gathered) : gathered
}

/** As the engine hands it in when a passkey has signed exactly this and its bytes were checked. */
export function signedFor(waiver: Waiver | undefined, command: Command, facts: Facts): Facts {
  const seen = withShown(facts, waiver, command)
  if (waiver === undefined || seen.shown === undefined || !isSignable(command) || seen.signed !== undefined) return seen
  const { context, contextDigest, commandDigest } = seen.shown
  const statement = statementOf(waiver, command, { ...facts, context: contextDigest, command: commandDigest })
  return { ...seen, signed: { outcome: 'holds', evidence: evidenceFor(statement), shown: context } }
}

/** Nothing here was signed by anybody: whether bytes hold is a question of `signature`, and a fact to the core. */
export function evidenceFor(statement: Statement): PasskeyEvidence {
  return {
    passkey: `psk_of_${statement.by}`,
    credential: 'AAAA',
    publicKey: 'AAAA',
    relyingParty: 'countersign.test',
    origin: 'https://countersign.test',
    nonce: 'AAAA',
    statement,
    authenticatorData: 'AAAA',
    clientData: 'AAAA',
    signature: 'AAAA',
  }
}

export type Stage =
  | 'none'
  | 'requested'
  | 'endorsed'
  | 'countersigned'
  | 'activating'
  | 'active'
  | 'extension asked'
  | 'suspended'
  | 'resumption asked'
  | 'ended'
  | 'removed'
  | 'reviewed'
  | 'denied'
  | 'sealed envelope'
  | 'opened envelope'

/** Takes a waiver to a stage by the shortest honest way. */
export function lifeAt(stage: Stage, options: LifeOptions = {}): Life {
  const life = newLife(options)
  const steps: readonly (() => unknown)[] = stepsTo(stage, life)
  for (const step of steps) step()
  return life
}

function stepsTo(stage: Stage, life: Life): readonly (() => unknown)[] {
  const endorse = () => life.must('per_owner', { type: 'endorse', digest: life.waiver?.proposal?.digest ?? '' })
  const twoStep = life.policy.tiers.high?.steps.includes('endorse')
  const sign = () => {
    const decision = life.countersign('per_sam')
    if (decision.outcome === 'refused') throw new Error(`per_sam countersign: ${decision.refusal.message}`)
  }
  const confirm = () => life.must(systemActor, { type: 'confirm-activation' })
  const asked = [() => life.ask()]
  const countersigned = [...asked, ...(twoStep ? [endorse] : []), sign]
  const activating = [...countersigned, () => life.must('per_asker', { type: 'activate' })]
  const active = [...activating, confirm]
  const suspended = [...active, () => life.must('per_watch', { type: 'suspend', reason: 'odd queries' })]
  const ended = [...active, () => life.must('per_asker', { type: 'revoke', reason: 'done' })]
  const gone = () => life.must(systemActor, { type: 'report-removal', verified: true, residue: [], reason: '' })
  const sealed = [() => life.ask(envelope(), 'per_chief'), ...(twoStep ? [endorse] : []), sign]
  switch (stage) {
    case 'none':
      return []
    case 'requested':
      return asked
    case 'endorsed':
      return [...asked, endorse]
    case 'countersigned':
      return countersigned
    case 'activating':
      return activating
    case 'active':
      return active
    case 'extension asked':
      return [
        ...active,
        () =>
          life.must('per_asker', {
            type: 'request-extension',
            end: plusSeconds(noon, 3 * 3600),
            reason: 'not done yet',
          }),
      ]
    case 'suspended':
      return suspended
    case 'resumption asked':
      return [...suspended, () => life.must('per_asker', { type: 'request-resumption', reason: 'explained' })]
    case 'ended':
      return ended
    case 'removed':
      return [...ended, gone]
    case 'reviewed':
      return [
        ...ended,
        gone,
        () => life.must('per_rae', { type: 'review', finding: 'justified', note: 'fine', residueAccepted: [] }),
      ]
    case 'denied':
      return [
        ...asked,
        () => life.must('per_sam', { type: 'deny', digest: life.waiver?.digest ?? '', reason: 'use the batch tool' }),
      ]
    case 'sealed envelope':
      return sealed
    case 'opened envelope':
      return [...sealed, () => life.must('per_oncall', { type: 'activate' })]
    default:
      return stage satisfies never
  }
}
