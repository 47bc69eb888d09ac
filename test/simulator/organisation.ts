/**
 * The organisation that is simulated: two systems, three ways to be on the wrong side of each, an outsider, a service
 * account and an agent. Its directory is a list of facts of which any may come and go, its rules a value with variants.
 */
import type { Policy, Tier } from '../../src/core/policy.ts'
import { policyWith, poolWith } from '../support/directories.ts'

/** What stays true however long a simulation runs, or nobody could ever decide anything again. */
const lasting = `
  per_ann member-of team_payments
  per_ben member-of team_payments
  per_ann on-rota rota_payments
  per_olga on-rota rota_payments
  per_olga member-of team_fraud
  per_ann reports-to per_carl
  per_dora member-of team_platform
  team_platform administers sys_ledger
  per_otto member-of team_ledger
  team_ledger owns sys_ledger
  per_vic member-of team_vault
  team_vault administers sys_vault
  per_pia member-of team_countersign
  team_countersign operates sys_countersign
  per_sam member-of team_security
  per_sue member-of team_security
  per_sid member-of team_security
  per_rae member-of team_risk
  per_kim member-of team_finance
  per_lee member-of team_legal
  per_wes member-of team_audit
  per_eve external
  per_ann sponsors per_eve
  team_payments owns wl_bot
  wl_agent agent
  per_ann owns wl_agent
  acc_ann on sys_ledger login ann_db
  acc_ann_vault on sys_vault login ann_v
  acc_ann_vault belongs-to per_ann confirmed
  acc_olga on sys_ledger login olga_db
  acc_olga belongs-to per_olga confirmed
  acc_olga_vault on sys_vault login olga_v
  acc_olga_vault belongs-to per_olga confirmed
  acc_bot on sys_ledger login bot_db
  acc_bot belongs-to wl_bot confirmed
  acc_agent on sys_ledger login agent_db
  acc_agent belongs-to wl_agent confirmed
  acc_eve on sys_ledger login eve_db
  acc_eve belongs-to per_eve confirmed
`

/** Facts that come and go. The first ones hold at the beginning. */
export const changing: readonly string[] = [
  'acc_ann belongs-to per_ann confirmed',
  'per_sue on-rota rota_security',
  'per_sam member-of team_payments',
  'per_sue member-of team_payments',
  'per_sid member-of team_vault',
  'per_sid delegate-of per_ann',
  'per_sam reports-to per_carl',
  'team_security administers sys_vault',
  'per_sue maintains team_payments',
  'per_sam can-change wl_agent',
  'per_kim member-of team_payments',
  'per_rae member-of team_platform',
  'per_olga member-of team_payments',
  'per_new member-of team_security',
  'per_ben on-rota rota_payments',
]

export const holdsAtFirst: ReadonlySet<string> = new Set(changing.slice(0, 2))

/** @returns the directory as text, with those of the changing facts that hold. */
export function directoryText(holding: ReadonlySet<string>): string {
  return `${lasting}\n${[...holding].join('\n')}`
}

export const people = [
  'per_ann',
  'per_ben',
  'per_olga',
  'per_carl',
  'per_dora',
  'per_otto',
  'per_vic',
  'per_pia',
  'per_sam',
  'per_sue',
  'per_sid',
  'per_rae',
  'per_kim',
  'per_lee',
  'per_wes',
  'per_eve',
  'per_nobody',
  'wl_bot',
  'wl_agent',
] as const

export const deciders = ['per_sam', 'per_sue', 'per_sid', 'per_ben', 'per_olga', 'per_dora', 'per_rae'] as const
export const founders = ['per_rae', 'per_kim', 'per_pia'] as const

/** Account on each system, by beneficiary. */
export const accounts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  per_ann: { sys_ledger: 'ann_db', sys_vault: 'ann_v' },
  per_olga: { sys_ledger: 'olga_db', sys_vault: 'olga_v' },
  per_eve: { sys_ledger: 'eve_db' },
  wl_bot: { sys_ledger: 'bot_db' },
  wl_agent: { sys_ledger: 'agent_db' },
}

/** Who may ask for whom, most likely first. */
export const askers: Readonly<Record<string, readonly string[]>> = {
  per_ann: ['per_ann', 'per_carl'],
  per_olga: ['per_olga'],
  per_eve: ['per_ann', 'per_eve'],
  wl_bot: ['per_ben', 'wl_bot', 'per_ann'],
  wl_agent: ['wl_agent', 'per_ann'],
}

const hour = 3_600

const plain: Tier = {
  rank: 1,
  windowSecondsMax: 4 * hour,
  steps: ['countersign'],
  countersignersMin: 1,
  pools: ['pool_security'],
  endorsePools: ['target-owners'],
  controlsRequired: [],
  missedControl: 'suspend',
  decideWithinSeconds: hour,
  activateWithinSeconds: hour,
  activation: 'manual',
  extension: { countMax: 2, cumulativeSecondsMax: 5 * hour, overSeconds: 7 * 86_400, distinctCountersigner: true },
  reviewWithinSeconds: 3 * 86_400,
  passkey: true,
}

const high: Tier = {
  ...plain,
  rank: 2,
  steps: ['endorse', 'countersign'],
  controlsRequired: ['peer-watch'],
  activityEverySeconds: 60,
}

const unattended: Tier = { ...plain, activation: 'automatic', missedControl: 'report' }

/** One variant of the rules; the first value of each is how it begins. */
export interface RuleChoices {
  readonly countersigners: number
  readonly windowHours: number
  readonly pool: readonly string[]
  readonly vault: boolean
  readonly reportingLine: 'conflict' | 'ignore'
  /** Decisions are signed by passkey. */
  readonly passkey: boolean
}

const pool = ['per_sam', 'per_sue', 'per_sid', 'per_new', 'per_ben', 'per_olga', 'per_dora', 'per_ann']

export const ruleChoices: { readonly [Choice in keyof RuleChoices]: readonly RuleChoices[Choice][] } = {
  countersigners: [1, 2],
  windowHours: [4, 2, 6],
  pool: [pool, pool.slice(1), [...pool, 'per_lee'], ['team_security', 'per_rae']],
  vault: [true, false],
  reportingLine: ['conflict', 'ignore'],
  passkey: [true],
}

export const firstRules: RuleChoices = {
  countersigners: 1,
  windowHours: 4,
  pool,
  vault: true,
  reportingLine: 'conflict',
  passkey: true,
}

export function rulesOf(choices: RuleChoices): Policy {
  const common = { resources: ['entries', 'accounts'], duties: [] as string[], target: { shape: 'role' } }
  const { passkey } = choices
  const limits = { countersignersMin: choices.countersigners, windowSecondsMax: choices.windowHours * hour }
  return {
    ...policyWith({
      reportingLine: choices.reportingLine,
      pools: [
        poolWith('pool_security', choices.pool),
        { ...poolWith('pool_review', ['per_rae', 'per_kim', 'per_sam', 'per_sue']), decides: ['review'] },
        { ...poolWith('pool_watch', ['per_wes']), decides: ['security'] },
        { ...poolWith('pool_rules', ['per_rae', 'per_kim', 'per_sam']), decides: ['rules'] },
      ],
    }),
    tiers: {
      plain: { ...plain, ...limits, passkey },
      high: { ...high, passkey },
      unattended: { ...unattended, passkey },
    },
    beneficiaryRisk: { agent: 'high' },
    systems: {
      sys_ledger: {
        id: 'sys_ledger',
        name: 'ledger database',
        connector: 'ledger',
        entitlements: {
          write: {
            ...common,
            id: 'write',
            name: 'write entries',
            tier: 'plain',
            actions: ['select', 'insert', 'update'],
            duties: ['post-entry'],
            kinds: ['access-override', 'sod-exception', 'break-glass'],
          },
          admin: {
            ...common,
            id: 'admin',
            name: 'change the ledger',
            tier: 'high',
            actions: ['select', 'update', 'alter'],
            duties: ['approve-entry'],
            kinds: ['access-override', 'sod-exception'],
          },
        },
      },
      ...(choices.vault
        ? {
            sys_vault: {
              id: 'sys_vault',
              name: 'vault',
              connector: 'vault',
              entitlements: {
                open: {
                  ...common,
                  id: 'open',
                  name: 'open the vault',
                  tier: 'unattended',
                  actions: ['select'],
                  kinds: ['access-override', 'break-glass'],
                },
              },
            },
          }
        : {}),
    },
    connectors: {
      ledger: { id: 'ledger', kind: 'simulated', settings: { name: 'sys_ledger' } },
      vault: { id: 'vault', kind: 'simulated', settings: { name: 'sys_vault' } },
    },
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
    controls: { 'peer-watch': { name: 'a colleague watches', everySecondsMax: hour } },
    changeDelaySeconds: 600,
  }
}
