/**
 * The golden authority table: how somebody stands to a waiver × where the waiver is × what they try → ✔ or the code of
 * the refusal. A change of anybody's rights shows up as a difference in `golden/authority.golden.txt`, to be read.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permits } from '../src/core/permit.ts'
import type { Refusal } from '../src/core/refusal.ts'
import { plusSeconds } from '../src/core/time.ts'
import { type Command, type CommandType, systemActor } from '../src/core/waiver.ts'
import { authorityTable, type Group, may, type Scene } from './support/authority-table.ts'
import { type Life, type LifeOptions, lifeAt, noon, organisation, type Stage, termsFor } from './support/life.ts'

const head = `
WHO MAY DO WHAT TO A WAIVER

Written by test/authority.test.ts from the rules themselves (src/core), and compared with them on every run of the tests:
every line below was decided by the same code that decides in production, with a fresh sign-in, the right digest and a
directory read a minute ago, so that a refusal is about who somebody is and where the waiver stands. Read a difference in
this file as what it is: somebody's rights have changed. \`GOLDEN=write npx vitest run test/authority.test.ts\` writes it anew.

✔ may: it was accepted. ✘: refused, with the code of the refusal and, after the colon, of every conflict that stands between
them and independence; src/core/refusal.ts has a sentence for each. A refused attempt is recorded.
`

const groups: readonly Group[] = [
  {
    title: 'asking',
    commands: [
      ['request', 'ask for a waiver'],
      ['answer', 'answer the question of a decider'],
      ['withdraw', 'take the request back before access was started'],
      ['request-extension', 'ask for more time'],
      ['request-resumption', 'ask that suspended access goes on'],
    ],
  },
  {
    title: 'deciding',
    commands: [
      ['endorse', 'the operational sign-off of a tier with two steps'],
      ['countersign', 'the independent approval'],
      ['deny', 'say no'],
      ['ask-back', 'ask before deciding; decides nothing'],
    ],
  },
  {
    title: 'having access',
    commands: [
      ['activate', 'start the access, or open the envelope'],
      ['use', 'record one use'],
      ['evidence', 'show that a compensating control was kept; decides nothing'],
    ],
  },
  {
    title: 'ending it',
    commands: [
      ['suspend', 'remove the access for now'],
      ['revoke', 'end the waiver for good'],
    ],
  },
  {
    title: 'looking back',
    commands: [
      ['review', 'close the review of the waiver'],
      ['review-event', 'review its first record on its own'],
    ],
  },
  {
    title: 'what happens by itself',
    commands: [
      ['confirm-activation', 'the target was seen to give the access'],
      ['record-uses', 'uses that were counted at the runtime check'],
      ['report-removal', 'the target was read back after the end'],
      ['recheck', 'the directory has changed: would a sealed envelope still open?'],
      ['tick', 'time has passed'],
    ],
  },
]

const common = {
  per_mate: 'team mate of the requester, in the pool',
  per_dba: 'administers the target, in the pool',
  per_owner: 'owns the target',
  per_sue: 'outside, in the pool that decides and the one that reviews',
  per_rae: 'outside, in the pool that reviews',
  per_watch: 'outside, in the security pool',
  per_ops: 'operates Countersign',
  per_lee: 'outside, owner of the compensating control',
  per_nobody: 'outside, in no pool',
  per_gone: 'whoever has left the organisation',
  per_unknown: 'whoever is not in the directory',
  wl_bot: "the requester's service account",
  wl_agent: "the requester's agent",
  [systemActor]: 'the system itself',
}

const forOneself = {
  per_asker: 'REQUESTER and beneficiary',
  per_chief: 'chief of the requester',
  per_oncall: 'on call with the requester, in the pool',
  per_sam: 'outside, in the pool',
  ...common,
}
const signed = { ...forOneself, per_sam: 'outside, in the pool; COUNTERSIGNED it' }
const endorsedToo = { ...forOneself, per_owner: 'owns the target; ENDORSED it' }
const forAnAgent = {
  ...forOneself,
  per_asker: 'REQUESTER, owns the agent',
  wl_agent: "BENEFICIARY, the requester's agent",
}
const sealed = {
  per_asker: 'on the rota of the envelope',
  per_chief: 'REQUESTER of the envelope, chief of somebody on the rota',
  per_oncall: 'on the rota of the envelope, in the pool',
  per_sam: 'outside, in the pool; COUNTERSIGNED it',
  ...common,
  per_mate: 'team mate of somebody on the rota, in the pool',
  per_lee: 'outside, in no pool',
  wl_bot: 'service account of somebody on the rota',
  wl_agent: 'agent of somebody on the rota',
}
const opened = { ...sealed, per_oncall: 'on the rota, in the pool; OPENED it' }

const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT1H' }]
const usual: LifeOptions = { directory: organisation, terms: { controls } }
const twoSteps: LifeOptions = { ...usual, tier: { steps: ['endorse', 'countersign'] } }
const anAgent: LifeOptions = {
  ...usual,
  terms: { controls, beneficiary: 'wl_agent', access: { ...termsFor().access, account: 'agent_db' } },
}

const scenes: readonly (readonly [
  title: string,
  says: string,
  stage: Stage,
  standings: Readonly<Record<string, string>>,
  options?: LifeOptions,
])[] = [
  ['before there is one', 'nothing was asked yet', 'none', forOneself],
  ['requested', 'asked for by per_asker for themselves; waits for a countersignature', 'requested', forOneself],
  ['requested, two steps', 'waits for its endorsement first', 'requested', forOneself, twoSteps],
  ['endorsed', 'per_owner has endorsed it; waits for a countersignature', 'endorsed', endorsedToo, twoSteps],
  ['requested for an agent', 'asked for by per_asker for an agent they own', 'requested', forAnAgent, anAgent],
  ['countersigned', 'approved and not started', 'countersigned', signed],
  ['starting', 'started; the target has not yet been seen to give the access', 'activating', signed],
  ['active', 'the access is there', 'active', signed],
  [
    'active, of an agent',
    'the access of the agent is there',
    'active',
    { ...forAnAgent, per_sam: signed.per_sam },
    anAgent,
  ],
  ['extension asked', 'active, and more time waits for a decision', 'extension asked', signed],
  [
    'suspended',
    'the access is removed for now',
    'suspended',
    { ...signed, per_watch: 'outside, in the security pool; SUSPENDED it' },
  ],
  [
    'resumption asked',
    'suspended, and going on waits for a decision',
    'resumption asked',
    { ...signed, per_watch: 'outside, in the security pool; SUSPENDED it' },
  ],
  ['ended', 'revoked; the removal is not yet verified', 'ended', signed],
  ['removed', 'ended, the removal was read back; waits for its review', 'removed', signed],
  ['reviewed', 'closed', 'reviewed', { ...signed, per_rae: 'outside, in the pool that reviews; REVIEWED it' }],
  ['denied', 'ended without access', 'denied', { ...forOneself, per_sam: 'outside, in the pool; DENIED it' }],
  ['sealed envelope', 'break-glass for a rota, approved in advance and not opened', 'sealed envelope', sealed],
  ['opened envelope', 'somebody on the rota has opened it', 'opened envelope', opened],
]

function commandFor(type: CommandType, life: Life, actor: string): Command {
  const digest = life.waiver?.proposal?.digest ?? life.waiver?.digest ?? ''
  switch (type) {
    case 'request':
      return { type, terms: termsFor(actor.startsWith('wl_') ? ownTerms(actor) : {}) }
    case 'endorse':
      return { type, digest }
    case 'countersign':
      return { type, digest, acknowledges: [] }
    case 'deny':
      return { type, digest, reason: 'no' }
    case 'ask-back':
    case 'answer':
      return { type, text: 'which rows?' }
    case 'withdraw':
    case 'suspend':
    case 'request-resumption':
    case 'revoke':
      return { type, reason: 'because' }
    case 'activate':
    case 'confirm-activation':
    case 'recheck':
    case 'tick':
      return { type }
    case 'use':
      return { type, detail: 'update ledger.entries' }
    case 'request-extension':
      return { type, end: plusSeconds(noon, 3 * 3600), reason: 'more time' }
    case 'record-uses':
      return { type, process: 'one', uses: 1, bytes: 0, lines: [] }
    case 'evidence':
      return { type, control: 'peer-watch', text: 'watched' }
    case 'report-removal':
      return { type, verified: true, residue: [], reason: '' }
    case 'review':
      return { type, finding: 'justified', note: 'fine', residueAccepted: [] }
    case 'review-event':
      return { type, event: life.waiver?.records[0]?.event ?? 'evt_none', finding: 'justified', note: 'fine' }
    default:
      return type satisfies never
  }
}

function ownTerms(workload: string) {
  const account = workload === 'wl_bot' ? 'bot_db' : 'agent_db'
  return { beneficiary: workload, access: { ...termsFor().access, account } }
}

/** With what stands between the two, where that is the reason. */
function said({ code, conflicts = [] }: Refusal): string {
  const codes = [...new Set(conflicts.map((conflict) => conflict.code))].sort()
  return codes.length === 0 ? code : `${code}: ${codes.join(', ')}`
}

/** Somebody has asked back where a decision is waited for, so that answering shows. */
function lifeOf(stage: Stage, options: LifeOptions): Life {
  const life = lifeAt(stage, options)
  return stage === 'requested' ? life.must('per_sue', { type: 'ask-back', text: 'which rows?' }) : life
}

test('[rules/maker-checker] [two-step/distinct-people] the authority table is the reviewed one', () => {
  const tables = scenes.map(
    ([title, says, stage, standings, options = usual]): Scene => ({
      title,
      says,
      actors: Object.entries(standings),
      answerOf(actor, type) {
        const life = lifeOf(stage, options)
        const decision = life.do(actor, commandFor(type, life, actor))
        return decision.outcome === 'accepted' ? may : said(decision.refusal)
      },
    }),
  )
  const listed = groups.flatMap((group) => group.commands.map(([command]) => command))
  expect([...listed].sort()).toEqual(Object.keys(permits).sort())
  const text = authorityTable(head, tables, groups)
  const file = new URL('./golden/authority.golden.txt', import.meta.url)
  if (process.env.GOLDEN === 'write') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
})
