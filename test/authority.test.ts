/**
 * The golden authority table: how somebody stands to a waiver × where the waiver is × what they try → ✔ or the code of
 * the refusal. A change of anybody's rights shows up as a difference in `golden/authority.golden.txt`, to be read.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permits } from '../src/core/permit.ts'
import { plusSeconds } from '../src/core/time.ts'
import { type Command, type CommandType, systemActor } from '../src/core/waiver.ts'
import { type Life, type LifeOptions, lifeAt, noon, organisation, type Stage, termsFor } from './support/life.ts'

const actors: readonly (readonly [string, string])[] = [
  ['per_asker', 'requester and beneficiary'],
  ['per_mate', 'team mate, in the pool'],
  ['per_oncall', 'on call with requester, in the pool'],
  ['per_chief', 'chief of requester'],
  ['per_dba', 'administers target, in the pool'],
  ['per_owner', 'owns target'],
  ['per_sam', 'outside, countersigned'],
  ['per_sue', 'outside, in the pool'],
  ['per_rae', 'outside, reviews'],
  ['per_watch', 'outside, security pool'],
  ['per_ops', 'operates Countersign'],
  ['per_lee', 'owns the control'],
  ['per_nobody', 'outside, in no pool'],
  ['per_gone', 'left the organisation'],
  ['per_unknown', 'not in the directory'],
  ['wl_bot', "requester's service account"],
  ['wl_agent', "requester's agent"],
  [systemActor, 'the system itself'],
]

const stages: readonly Stage[] = [
  'none',
  'requested',
  'endorsed',
  'countersigned',
  'activating',
  'active',
  'extension asked',
  'suspended',
  'resumption asked',
  'ended',
  'removed',
  'reviewed',
  'denied',
  'sealed envelope',
  'opened envelope',
]

const commands: readonly CommandType[] = Object.keys(permits) as CommandType[]

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

function table(stage: Stage, options: LifeOptions): string {
  const rows = actors.map(([actor, description]) => {
    const cells = commands.map((type) => {
      const life = lifeAt(stage, options)
      const decision = life.do(actor, commandFor(type, life, actor))
      return decision.outcome === 'accepted' ? '✔' : decision.refusal.code
    })
    return [description, ...cells]
  })
  const lines = commands.map((type, column) => {
    const byAnswer = new Map<string, string[]>()
    for (const row of rows) {
      const answer = row[column + 1] as string
      byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), row[0] as string])
    }
    // The commonest refusal is what everybody else hears.
    const common = [...byAnswer]
      .filter(([answer]) => answer !== '✔')
      .sort(([, a], [, b]) => b.length - a.length)[0]?.[0]
    const answers = [...byAnswer].sort(([a], [b]) => order(a, common) - order(b, common) || (a < b ? -1 : 1))
    const told = answers.map(
      ([answer, who]) => `    ${answer.padEnd(30)} ${answer === common ? 'everybody else' : who.join('; ')}`,
    )
    return `  ${type}\n${told.join('\n')}`
  })
  return `${stage}\n${lines.join('\n')}\n`
}

function order(answer: string, common: string | undefined): number {
  return answer === '✔' ? 0 : answer === common ? 2 : 1
}

test('[rules/maker-checker] [two-step/distinct-people] the authority table is the reviewed one', () => {
  const controls = [{ control: 'peer-watch', owner: 'per_lee', every: 'PT1H' }]
  const directory = organisation
  const tables = stages.map((stage) =>
    table(stage, {
      directory,
      terms: { controls },
      tier: stage === 'endorsed' ? { steps: ['endorse', 'countersign'] } : {},
    }),
  )
  const text = `${tables.join('\n')}`
  const file = new URL('./golden/authority.golden.txt', import.meta.url)
  if (process.env.GOLDEN === 'write') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
})
